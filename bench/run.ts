import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What a file `bench/<name>.ts` exports as `benchmark`. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

export interface BenchmarkOptions {
  /** Small enough to see whether it runs; the figures say nothing. */
  readonly quick: boolean;
  /** A line for whoever watches. */
  readonly note: (text: string) => void;
}

export interface BenchmarkResult {
  /** Plain JSON, for bench/results.json. */
  readonly results: unknown;
  /** Rows of cells; the first row is the head. */
  readonly table: readonly (readonly string[])[];
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const RESULTS = `${FOLDER}results.json`;

const USAGE = `Usage: npm run bench -- [NAME ...] [--quick]
  NAME     a file bench/NAME.ts; default: throughput
  --quick  a short run that only shows whether it works; nothing is written`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  for (const name of positionals.length === 0 ? ['throughput'] : positionals) {
    const { summary, run } = await load(name);
    process.stdout.write(`${name}: ${summary}\n`);
    const { results, table } = await run({
      quick: values.quick,
      note: (text) => process.stdout.write(`  ${text}\n`),
    });
    process.stdout.write(`\n${formatTable(table)}\n`);
    if (!values.quick) keep(name, results);
  }
}

async function load(name: string): Promise<Benchmark> {
  const file = `${FOLDER}${name}.ts`;
  const found = /^[a-z-]+$/.test(name) && existsSync(file) ? ((await import(file)) as object) : {};
  if (!('benchmark' in found)) {
    const names = readdirSync(FOLDER).filter((entry) => isBenchmark(`${FOLDER}${entry}`));
    throw new Error(
      `There is no benchmark "${name}". There are: ${names.map((n) => n.slice(0, -3)).join(', ')}`,
    );
  }
  return found.benchmark as Benchmark;
}

function isBenchmark(path: string): boolean {
  return path.endsWith('.ts') && readFileSync(path, 'utf8').includes('export const benchmark');
}

/** Each benchmark has its section; a section tells when and where it was measured. */
function keep(name: string, results: unknown): void {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as object) : {};
  const section = { date: new Date().toISOString(), machine: machine(), versions: versions(), results };
  writeFileSync(RESULTS, `${JSON.stringify({ ...before, [name]: section }, rounded, 2)}\n`);
}

function machine(): object {
  return {
    system: `${type()} ${release()}`,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

function versions(): object {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return { crossdock: own.version, commit: commit(), node: process.versions.node };
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: FOLDER, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (sofar, cells) => cells.map((cell, index) => Math.max(sofar[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
