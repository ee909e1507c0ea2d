import { createInterface } from 'node:readline/promises';
import type { Clock } from '../core/model/clock.ts';
import { systemClock } from '../core/clock.ts';
import type { RawEnvironment } from './environment.ts';
import { processEnvironment } from './environment.ts';
import type { ExitCode } from './exit-codes.ts';

/** Where text goes: a stream and what it is connected to. */
export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Columns of the terminal; Infinity where there is none, so that pipes get whole lines. */
  readonly columns: number;
}

/** All that the program takes from the process around it, so that tests can run it inside their own. */
export interface Io {
  readonly out: Sink;
  readonly err: Sink;
  readonly env: RawEnvironment;
  readonly cwd: string;
  readonly clock: Clock;
  /** Whether there is a person who can answer. */
  readonly interactive: boolean;
  /** One line from the person. */
  ask(question: string): Promise<string>;
  /** All of standard input, for `--input -`. */
  readStdin(): Promise<string>;
  /**
   * Tells of each key that the person presses, as it is pressed, until the returned function is called; Ctrl-C is `\\u0003`.
   * Says nothing where there is no terminal.
   */
  onKey(listener: (key: string) => void): () => void;
  /** Resolves each time that the operating system asks the process to end; used by `start`. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** What the process will say when it ends; set by the command that ran. */
  exitCode: ExitCode;
}

/** The process that we are. */
export function processIo(): Io {
  return {
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    env: processEnvironment(),
    cwd: process.cwd(),
    clock: systemClock,
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString('utf8');
    },
    onKey: (listener) => {
      const { stdin } = process;
      if (!stdin.isTTY) return () => {};
      const hear = (chunk: Buffer): void => listener(chunk.toString('utf8'));
      stdin.setRawMode(true);
      stdin.on('data', hear);
      return () => {
        stdin.off('data', hear);
        stdin.setRawMode(false);
        stdin.pause();
      };
    },
    onSignal: (listener) => {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exitCode: 0,
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // `crossdock … | head` closes the pipe early: that is the reader's wish and no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : Infinity;
    },
  };
}
