import jsonata from 'jsonata';
import { compileProgram, type Program, type Refusal } from '../../../../core/language/engine/index.ts';
import { copyPlain } from '../../../../core/language/plain.ts';

const LIMITS = { timeoutMs: 0, stack: 400, sequence: 0 };
const MAX_VALUES = 10_000;
const NOW = Date.UTC(2026, 2, 14, 9, 26, 53);

/** What an evaluation ends with: plain JSON, or the code of an error; failures without one count as equal. */
export type Ending = { readonly value: unknown } | { readonly code: string };

export const BINDINGS = { message: { id: 'm1', keys: { order: '7' }, list: [1, 2] } };

function compile(source: string): Program | Refusal | undefined {
  try {
    return compileProgram(jsonata(source).ast(), { limits: LIMITS, now: () => NOW });
  } catch {
    return undefined;
  }
}

/** Whether it parses and the engine takes it. */
export function isCovered(source: string): boolean {
  const program = compile(source);
  return program !== undefined && 'evaluate' in program;
}

/**
 * The same expression on the same data in both; the interpreter's is undefined where chance decides it, and where it
 * ends with an error of JavaScript and not of its own.
 */
export async function bothEndings(
  source: string,
  input: unknown,
): Promise<{ engine: Ending; interpreter: Ending | undefined }> {
  const found = await interpret(source, input);
  const interpreter = found !== undefined && 'code' in found && found.code === 'none' ? undefined : found;
  const program = compile(source);
  const before = JSON.stringify(input);
  const engine = await endingOf(() => {
    if (program === undefined || 'reason' in program) throw new Error('it is not covered');
    const { value, clean } = program.evaluate(input, BINDINGS);
    const plain = copyPlain(value, MAX_VALUES);
    // What is called clean is plain JSON already: nothing to take away from it.
    if (clean && JSON.stringify(value) !== JSON.stringify(plain)) throw new Error('it is not clean');
    return plain;
  });
  if (JSON.stringify(input) !== before) throw new Error('the engine changed its input');
  return { engine, interpreter };
}

/**
 * The interpreter marks its lists with members of their own, which `*` finds as if they were items. While this is in
 * place they are there, but not seen. Gives what takes it away again.
 */
export function hideMarks(): () => void {
  const marks = ['sequence', 'keepSingleton', 'outerWrapper', 'tupleStream'];
  for (const name of marks) {
    Object.defineProperty(Array.prototype, name, {
      configurable: true,
      set(this: unknown[], value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, configurable: true });
      },
    });
  }
  return () => marks.forEach((name) => Reflect.deleteProperty(Array.prototype, name));
}

async function interpret(source: string, input: unknown): Promise<Ending | undefined> {
  const own: unknown = structuredClone(input);
  const expression = jsonata(source, { stack: LIMITS.stack });
  const ending = await endingOf(async () => copyPlain(await expression.evaluate(own, BINDINGS), MAX_VALUES));
  // A constructor adds a member to an empty list that it works on; what is seen of it later is chance.
  return JSON.stringify(own) === JSON.stringify(input) ? ending : undefined;
}

async function endingOf(work: () => unknown): Promise<Ending> {
  try {
    return { value: await work() };
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'none' };
  }
}
