import { EventEmitter, once } from 'node:events';
import type { RawEnvironment } from '../../../cli/environment.ts';
import type { ExitCode } from '../../../cli/exit-codes.ts';
import type { Io, Sink } from '../../../cli/io.ts';
import { run } from '../../../cli/main.ts';
import { systemClock } from '../../../core/clock.ts';
import type { Clock } from '../../../core/model/clock.ts';

export interface CapturedIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** What was asked of the person. */
  readonly questions: readonly string[];
  /** Presses a key. */
  press(key: string): void;
  /** Resolves when what was written to stdout since `from` fits; with all that was written. */
  printed(pattern: RegExp, from?: number): Promise<string>;
  /** Sends a signal to whoever listens. */
  signal(signal: NodeJS.Signals): void;
}

export interface CapturedOptions {
  readonly env?: RawEnvironment;
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly stdin?: string;
  /** A terminal of this width; without it there is none. */
  readonly terminal?: number;
  /** What the person answers, one after the other; without them there is no person. */
  readonly answers?: readonly string[];
}

/** A process's surroundings that the test owns. */
export function capturedIo(options: CapturedOptions = {}): CapturedIo {
  const out: string[] = [];
  const err: string[] = [];
  const questions: string[] = [];
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const keys = new Set<(key: string) => void>();
  const writes = new EventEmitter();
  writes.setMaxListeners(0);
  const answers = [...(options.answers ?? [])];
  const sink = (chunks: string[]): Sink => ({
    write: (text) => {
      chunks.push(text);
      writes.emit('write');
    },
    isTTY: options.terminal !== undefined,
    columns: options.terminal ?? Infinity,
  });
  return {
    out: sink(out),
    err: sink(err),
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    clock: options.clock ?? systemClock,
    interactive: options.answers !== undefined,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? '');
    },
    readStdin: () => Promise.resolve(options.stdin ?? ''),
    onKey: (listener) => {
      keys.add(listener);
      return () => keys.delete(listener);
    },
    press: (key) => {
      for (const listener of keys) listener(key);
    },
    printed: async (pattern, from = 0) => {
      const all = (): string => out.join('');
      while (!pattern.test(all().slice(from))) await once(writes, 'write');
      return all();
    },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitCode: 0,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    questions,
    signal: (signal) => {
      for (const listener of listeners) listener(signal);
    },
  };
}

export interface Ran {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly questions: readonly string[];
}

/** Runs one command line inside this process. */
export async function crossdock(argv: readonly string[], options: CapturedOptions = {}): Promise<Ran> {
  const io = capturedIo(options);
  const code = await run(argv, io);
  return { code, stdout: io.stdout(), stderr: io.stderr(), questions: io.questions };
}
