import { CommanderError } from 'commander';
import { CrossdockError, ERRORS } from '../core/model/errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Style } from './output/style.ts';
import { indent, safeText } from './output/text.ts';
import { UsageError } from './usage-error.ts';

interface Manner {
  readonly json: boolean;
  /** Also the stack, for who mends crossdock. */
  readonly verbose: boolean;
  readonly style: Style;
}

/**
 * Says on stderr what ended the command and what can be done about it, never a stack unless it is asked for. With --json it is
 * one line: `{"error":{"code","message","help","details"}}`. Returns the exit code.
 */
export function reportError(error: unknown, io: Pick<Io, 'err'>, manner: Manner): ExitCode {
  // Commander has said it already; its "errors" include --help and --version.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
  if (error instanceof UsageError) {
    write(io, manner, { message: error.message }, error);
    return EXIT_CODES.usage.code;
  }
  const known = CrossdockError.from(error);
  write(
    io,
    manner,
    { code: known.code, message: known.message, help: ERRORS[known.code].help, details: known.details },
    error,
  );
  return exitCodeOf(known.code);
}

interface Said {
  readonly code?: string;
  readonly message: string;
  readonly help?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

function write(io: Pick<Io, 'err'>, { json, verbose, style }: Manner, said: Said, error: unknown): void {
  if (json) {
    io.err.write(`${JSON.stringify({ error: said })}\n`);
  } else {
    const [first, ...rest] = safeText(said.message, true).split('\n');
    io.err.write(`${style.bad('error:')} ${first}\n`);
    if (rest.length > 0) io.err.write(`${indent(rest.join('\n'), 7)}\n`);
    for (const line of violations(said.details)) io.err.write(`${indent(line, 7)}\n`);
    if (said.help !== undefined) io.err.write(`${indent(style.dim(said.help), 7)}\n`);
  }
  if (verbose && error instanceof Error) io.err.write(`${indent(describe(error), 7)}\n`);
}

/** The single mistakes that a problem document lists: `errors: [{ path, message }]`. */
function violations(details: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const errors = details?.['errors'];
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 20).map((one: unknown) => {
    const { path, message } = (one ?? {}) as { path?: unknown; message?: unknown };
    return safeText([path, message].filter((part) => typeof part === 'string' && part !== '').join(': '));
  });
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describe(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
