import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { processIo } from './io.ts';
import { createStyle, wantsColor } from './output/style.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { isCapable } from './session.ts';

/** Runs one command line (without `node` and the script) and resolves with the exit code. Never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = createProgram(io);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    const options = program.opts<{ json?: boolean; verbose?: boolean; color: boolean }>();
    const { NO_COLOR, FORCE_COLOR } = io.env;
    io.exitCode = reportError(error, io, {
      json: options.json ?? false,
      verbose: options.verbose ?? false,
      style: createStyle(
        wantsColor(
          options.color,
          { NO_COLOR: NO_COLOR || undefined, FORCE_COLOR: FORCE_COLOR || undefined },
          isCapable(io.err.isTTY, io),
        ),
      ),
    });
  }
  return io.exitCode;
}

/** Runs the command line that the process was started with; called by crossdock.js. */
export async function runProcess(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processIo());
}
