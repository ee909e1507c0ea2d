import { fileURLToPath } from 'node:url';
import { run } from './services/processes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['core', 'connectors', 'api', 'cli', 'sandbox', 'test', 'bench', 'scripts'];

/** What `npm run check` checks, the slowest first: two run at a time. */
const CHECKS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  // Without a cache: what is found in a file follows from the types of others, too.
  lint: ['eslint', '.', '--max-warnings', '0'],
  types: ['tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.tsbuildinfo'],
  'dead code': ['knip', '--no-progress'],
  format: ['prettier', '--check', '--log-level', 'warn', '--cache', '.'],
  boundaries: ['depcruise', ...SOURCES],
};
const AT_ONCE = 2;

/** Runs all checks, whatever the others say, and prints what the failing ones found. */
async function main(wanted: readonly string[]): Promise<number> {
  const waiting = Object.keys(CHECKS).filter((name) => wanted.length === 0 || wanted.includes(name));
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const [program, ...args] = CHECKS[name] ?? ['false'];
      const begun = performance.now();
      const { code, output } = await run(program, args, { cwd: ROOT });
      const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
      if (code === 0) continue;
      failed += 1;
      process.stdout.write(`${output.trimEnd()}\n\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
