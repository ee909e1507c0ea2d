import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import jsonata from 'jsonata';
import { compileProgram, type Program, type Refusal } from '../../core/language/engine/index.ts';

/** A case of JSONata's own test suite: a line of `cases.jsonl`. */
export interface SuiteCase {
  readonly group: string;
  readonly file: string;
  readonly index: number;
  readonly expr: string;
  readonly data?: unknown;
  /** A name in `datasets.json`; null is no input at all. */
  readonly dataset?: string | null;
  readonly bindings?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  /** The order of lists in the result is left open. */
  readonly unordered?: boolean;
  /** Of the error that it must end with. */
  readonly code?: string;
  readonly error?: { readonly code: string; readonly message?: string };
  /** In milliseconds. */
  readonly timelimit?: number;
  /** How deep evaluation may nest; beyond it and beyond the time limit the suite's own runner says U1001. */
  readonly depth?: number;
}

type Datasets = Readonly<Record<string, unknown>>;

/** What became of a case. */
export interface CaseReport {
  readonly name: string;
  readonly expression: string;
  readonly by: 'engine' | 'fallback';
  /** Why the engine leaves it to the interpreter. */
  readonly reason?: string;
  /** What differs; undefined when nothing does. */
  readonly difference?: string;
}

export interface SuiteReport {
  readonly cases: number;
  readonly byEngine: number;
  readonly byFallback: number;
  readonly different: readonly CaseReport[];
  readonly fallbacks: readonly CaseReport[];
}

type Ending = { readonly value: unknown } | { readonly code: string; readonly message: string };

/** Runs every case of a folder that holds `cases.jsonl` and `datasets.json`. Throws with what is missing. */
export async function runSuite(folder: string): Promise<SuiteReport> {
  const lines = (await text(folder, 'cases.jsonl')).split('\n').filter((line) => line.trim() !== '');
  const datasets = JSON.parse(await text(folder, 'datasets.json')) as Datasets;
  const reports: CaseReport[] = [];
  for (const line of lines) reports.push(await runCase(JSON.parse(line) as SuiteCase, datasets));
  const different = reports.filter(({ difference }) => difference !== undefined);
  const equal = reports.filter(({ difference }) => difference === undefined);
  return {
    cases: reports.length,
    byEngine: equal.filter(({ by }) => by === 'engine').length,
    byFallback: equal.filter(({ by }) => by === 'fallback').length,
    different,
    fallbacks: reports.filter(({ by }) => by === 'fallback'),
  };
}

async function text(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (error) {
    throw new Error(
      `${folder} must be a folder with cases.jsonl (a case a line) and datasets.json: ${file} cannot be read`,
      { cause: error },
    );
  }
}

async function runCase(wanted: SuiteCase, datasets: Datasets): Promise<CaseReport> {
  const name = `${wanted.group}/${wanted.file.replace(/\.json$/, '')}#${wanted.index}`;
  const report = { name, expression: wanted.expr };
  const input = (): unknown =>
    structuredClone(typeof wanted.dataset === 'string' ? datasets[wanted.dataset] : wanted.data);
  const interpreted = await interpret(wanted, input());
  const program = compile(wanted);
  if (program !== undefined && 'reason' in program) {
    const difference = against(wanted, interpreted);
    return { ...report, by: 'fallback', reason: program.reason, ...(difference && { difference }) };
  }
  // What does not parse ends the same way in both: they share the parser.
  const ending = program === undefined ? interpreted : evaluate(program, wanted, input());
  const difference = against(wanted, ending) ?? against(asWanted(wanted, interpreted), ending);
  return { ...report, by: 'engine', ...(difference !== undefined && { difference }) };
}

function compile({ expr, timelimit, depth }: SuiteCase): Program | Refusal | undefined {
  let tree: unknown;
  try {
    tree = jsonata(expr).ast();
  } catch {
    return undefined;
  }
  return compileProgram(tree, {
    limits: { timeoutMs: timelimit ?? 0, stack: depth ?? 0, sequence: 0 },
    now: () => Date.now(),
  });
}

function evaluate(program: Program, { bindings }: SuiteCase, input: unknown): Ending {
  try {
    return { value: asJson(program.evaluate(input, bindings).value) };
  } catch (error) {
    return endingOf(error);
  }
}

async function interpret({ expr, bindings, timelimit, depth }: SuiteCase, input: unknown): Promise<Ending> {
  try {
    const limits = { timeout: timelimit ?? 0, stack: depth ?? 0 };
    return { value: asJson(await jsonata(expr, limits).evaluate(input, bindings ?? {})) };
  } catch (error) {
    return endingOf(error);
  }
}

/** Limits have codes of their own; the suite's runner has one for both. */
function endingOf(error: unknown): Ending {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? code : `no code: ${String(error)}`;
  return { code: known === 'D1011' || known === 'D1012' ? 'U1001' : known, message: String(message) };
}

/** Without the marks of lists and the missing prototypes of objects; functions are empty texts. */
function asJson(value: unknown): unknown {
  const written = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'function' ? '' : member,
  );
  return written === undefined ? undefined : (JSON.parse(written) as unknown);
}

/** The interpreter's own result, as a case. */
function asWanted(wanted: SuiteCase, ending: Ending): SuiteCase {
  const { result: _result, code: _code, error: _error, ...rest } = wanted;
  return 'value' in ending
    ? { ...rest, result: ending.value, unordered: true }
    : { ...rest, code: ending.code };
}

function against(wanted: SuiteCase, ending: Ending): string | undefined {
  const code = wanted.code ?? wanted.error?.code;
  if (code !== undefined) {
    if (!('code' in ending)) return `${code} wanted, got ${JSON.stringify(ending.value)}`;
    if (ending.code !== code) return `${code} wanted, got ${ending.code}: ${ending.message}`;
    const { message } = wanted.error ?? {};
    return message === undefined || message === ending.message
      ? undefined
      : `"${message}" wanted, got "${ending.message}"`;
  }
  const result = wanted.undefinedResult === true ? undefined : wanted.result;
  if ('code' in ending) return `${JSON.stringify(result)} wanted, got ${ending.code}: ${ending.message}`;
  const [a, b] = wanted.unordered === true ? [sorted(result), sorted(ending.value)] : [result, ending.value];
  return isDeepStrictEqual(a, b)
    ? undefined
    : `${JSON.stringify(result)} wanted, got ${JSON.stringify(ending.value)}`;
}

/** With all lists in one order, whatever it is. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(sorted(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
