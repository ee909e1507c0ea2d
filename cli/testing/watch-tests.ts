import type { Io } from '../io.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { printProblems } from '../local/print-problems.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { concerned } from './concerned.ts';
import { printFile, printSummary } from './print-results.ts';
import type { TestResults } from './results.ts';
import { runFiles } from './run-files.ts';
import type { TestOptions } from './run-tests.ts';
import { isNamed, readTests } from './run-tests.ts';
import { selectTests } from './select-tests.ts';
import { watchFiles } from './watch-files.ts';
import type { FileWatch } from './watch-files.ts';

/** What is to be done next. */
type Wish = 'all' | 'failed' | 'changed' | 'quit';

const CLEAR = '\u001b[2J\u001b[3J\u001b[H';
/** Options of a run that ends. */
const ONCE = [
  'update',
  'junit',
  'coverage',
  'min',
  'lcov',
  'slowest',
] as const satisfies readonly (keyof TestOptions)[];
const FOLDERS = ['config', 'mappings', 'schemas'];

/**
 * `crossdock test --watch`: runs the tests, then again what each change of the project's files concerns. Keys: a (all),
 * f (failed), q (quit), Enter (all). Ends at q, Ctrl-C and SIGTERM.
 */
export async function watchTests(
  session: Session,
  wanted: readonly string[],
  options: TestOptions,
): Promise<ExitCode> {
  const { io, out } = session;
  if (out.json) throw new UsageError('--watch is for people: it does not go with --json.');
  const once = ONCE.find((name) => options[name] !== undefined);
  if (once !== undefined) throw new UsageError(`--watch does not go with --${once}.`);
  const wishes = new Wishes();
  const files = watchFiles(session.root, io.clock, (changed) => wishes.change(changed));
  const stopKeys = listen(io, wishes);
  const stopSignals = io.onSignal(() => wishes.add('quit'));
  const watching = new Watching(session, wanted, options, files);
  try {
    files.add(FOLDERS);
    wishes.add('all');
    for (;;) {
      const wish = await wishes.next();
      if (wish === 'quit') return EXIT_CODES.ok.code;
      await watching.run(wish, wishes.takeChanged());
    }
  } finally {
    stopSignals();
    stopKeys();
    files.close();
  }
}

/** What was asked for and not done yet. The strongest comes first; changes of files add up. */
class Wishes {
  readonly #waiting = new Set<Wish>();
  #changed = new Set<string>();
  #wake: (() => void) | undefined;

  add(wish: Wish): void {
    this.#waiting.add(wish);
    this.#wake?.();
  }

  change(files: readonly string[]): void {
    for (const file of files) this.#changed.add(file);
    this.add('changed');
  }

  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed = new Set();
    return changed;
  }

  async next(): Promise<Wish> {
    if (this.#waiting.size === 0) await new Promise<void>((wake) => (this.#wake = wake));
    const wish = (['quit', 'all', 'failed', 'changed'] as const).find((one) =>
      this.#waiting.has(one),
    ) as Wish;
    // A run of all is a run of what changed.
    if (wish === 'all') this.#waiting.clear();
    this.#waiting.delete(wish);
    return wish;
  }
}

class Watching {
  readonly #session: Session;
  readonly #wanted: readonly string[];
  readonly #options: TestOptions;
  readonly #files: FileWatch;
  /** Changes that could not be tried yet: the project had mistakes. */
  #untried = new Set<string>();
  /** `file\0case` of what failed when it ran last. */
  readonly #failed = new Set<string>();

  constructor(session: Session, wanted: readonly string[], options: TestOptions, files: FileWatch) {
    this.#session = session;
    this.#wanted = wanted;
    this.#options = options;
    this.#files = files;
  }

  async run(wish: Exclude<Wish, 'quit'>, changed: readonly string[]): Promise<void> {
    const { out } = this.#session;
    for (const file of changed) this.#untried.add(file);
    this.#head(wish, changed);
    const tests = await this.#read();
    if (tests !== undefined) {
      const chosen =
        wish === 'changed' ? concerned([...this.#untried], tests.project, tests.files) : tests.files;
      this.#untried = new Set();
      const results = await runFiles(chosen, {
        clock: this.#session.io.clock,
        mappingOf: tests.mappingOf,
        bail: this.#options.bail,
        chosen: (file, { name }) =>
          isNamed(name, this.#options.filter) && (wish !== 'failed' || this.#failed.has(`${file}\0${name}`)),
        onFile: (result) => printFile(result, out),
      });
      this.#remember(results);
      if (results.files.length > 0) printSummary(results, [], out);
      else out.print(wish === 'failed' ? 'No case failed.' : 'No test is concerned.');
    }
    this.#foot();
  }

  /** Undefined when there is nothing to run: then it is said why. */
  async #read(): Promise<Exclude<Awaited<ReturnType<typeof readTests>>, { problems: unknown }> | undefined> {
    const { out } = this.#session;
    try {
      const tests = await readTests(this.#session, selectTests(this.#session, this.#wanted));
      if ('problems' in tests) {
        printProblems(tests.problems, out, this.#session.root);
        return undefined;
      }
      const inputs = tests.files.flatMap((file) => file.cases.flatMap(({ inputFile }) => inputFile ?? []));
      const known = [...tests.project.sources.keys(), ...inputs].filter((file) => !file.startsWith('..'));
      this.#files.add(
        new Set(known.filter((file) => file.includes('/')).map((file) => file.split('/')[0] as string)),
      );
      return tests;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      out.print(out.style.bad(error.message));
      return undefined;
    }
  }

  #remember({ files }: TestResults): void {
    for (const { file, cases } of files)
      for (const { name, state } of cases)
        if (state === 'failed') this.#failed.add(`${file}\0${name}`);
        else this.#failed.delete(`${file}\0${name}`);
  }

  #head(wish: Exclude<Wish, 'quit'>, changed: readonly string[]): void {
    const { io, out } = this.#session;
    if (io.out.isTTY) io.out.write(CLEAR);
    const why = {
      all: 'all tests',
      failed: 'what failed',
      changed: changed.length > 3 ? count(changed.length, 'file') : changed.join(', '),
    }[wish];
    out.print(`${out.style.bold('crossdock test --watch')}  ${out.style.name(why)}\n`);
  }

  #foot(): void {
    const { io, out } = this.#session;
    const keys = io.interactive ? '  a all · f failed · Enter all · q quit' : '  Ctrl-C ends it';
    out.print(out.style.dim(`\nWaiting for changes.${keys}`));
  }
}

function listen(io: Io, wishes: Wishes): () => void {
  return io.onKey((key) => {
    if (key === 'a' || key === '\r' || key === '\n') wishes.add('all');
    else if (key === 'f') wishes.add('failed');
    else if (key === 'q' || key === '\u0003' || key === '\u0004') wishes.add('quit');
  });
}
