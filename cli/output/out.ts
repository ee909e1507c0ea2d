import type { Clock } from '../../core/model/clock.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import type { Style } from './style.ts';
import type { Column } from './table.ts';
import { renderFacts, renderTable } from './table.ts';

/** How a command speaks. Results go to stdout, all else to stderr. */
export interface Out {
  readonly style: Style;
  readonly json: boolean;
  readonly clock: Clock;
  /** Columns of the terminal, or Infinity. */
  readonly width: number;
  /** A line (or several) of the result, for people; says nothing with --json. */
  print(text?: string): void;
  table<T>(columns: readonly Column<T>[], rows: readonly T[]): void;
  facts(facts: readonly (readonly [name: string, value: string | undefined])[]): void;
  /** The result for programs: one JSON document, only with --json. */
  data(value: unknown): void;
  /** Something by the way, on stderr: a hint, what comes next. */
  note(text: string): void;
  /** A line on stderr that is rewritten in place; nothing where stderr is no terminal. */
  progress(text: string): void;
  /** Takes the progress line away. */
  clearProgress(): void;
  /**
   * Asks before something that touches many. True at once with `yes`. Throws UsageError where nobody can answer:
   * an act on many must then be confirmed by --yes.
   */
  confirm(question: string, yes: boolean): Promise<boolean>;
}

export function createOut(io: Io, settings: { json: boolean; style: Style }): Out {
  const { json, style } = settings;
  let progressShown = false;
  const clearProgress = (): void => {
    if (!progressShown) return;
    io.err.write('\r\u001b[2K');
    progressShown = false;
  };
  const print = (text = ''): void => {
    clearProgress();
    if (!json) io.out.write(`${text}\n`);
  };
  return {
    style,
    json,
    clock: io.clock,
    width: io.out.columns,
    print,
    table: (columns, rows) => {
      print(renderTable(columns, rows, { width: io.out.columns, style }));
    },
    facts: (facts) => {
      print(renderFacts(facts, style, io.out.columns));
    },
    data: (value) => {
      clearProgress();
      if (json) io.out.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note: (text) => {
      clearProgress();
      io.err.write(`${text}\n`);
    },
    progress: (text) => {
      if (!io.err.isTTY) return;
      io.err.write(`\r\u001b[2K${style.dim(text.slice(0, io.err.columns - 1))}`);
      progressShown = true;
    },
    clearProgress,
    confirm: async (question, yes) => {
      if (yes) return true;
      if (!io.interactive)
        throw new UsageError(`${question} Nobody is there to answer: add --yes to confirm.`);
      clearProgress();
      const answer = await io.ask(`${question} ${style.dim('[y/N]')} `);
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
