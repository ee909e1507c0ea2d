import { Command } from 'commander';
import type { Io } from '../io.ts';
import { act } from '../session.ts';

/** Runs the tests that stand beside the mappings. */
export function testCommand(io: Io): Command {
  return new Command('test')
    .description('run the *.test.yaml files beside the mappings')
    .argument('[files...]', 'test files, folders or mappings (sales/orders); all by default')
    .option('-t, --filter <text>', 'only cases whose name holds this text')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker. Exits with 1 when a case fails.

Examples:
  $ crossdock test
  $ crossdock test sales/orders --filter unpaid`,
    )
    .action(
      act(io, async (session, files: readonly string[], options: { readonly filter?: string }) => {
        const { runTests } = await import('../local/run-tests.ts');
        return runTests(session, files, options);
      }),
    );
}
