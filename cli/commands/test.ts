import { Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { integerIn } from '../options.ts';
import { act } from '../session.ts';
import type { TestOptions } from '../testing/run-tests.ts';

/** Runs the tests that stand beside the mappings. */
export function testCommand(io: Io): Command {
  return new Command('test')
    .description('run the *.test.yaml files beside the mappings')
    .argument('[tests...]', 'mappings (sales/orders), domains, files, folders or patterns; all by default')
    .option('-t, --filter <text>', 'only cases whose name holds this text')
    .option('-b, --bail', 'end after the first case that fails')
    .addOption(
      new Option('--slowest [n]', 'list the slowest cases, 10 by default')
        .argParser(integerIn(1, 1_000))
        .preset('10'),
    )
    .option('-w, --watch', 'run again what a changed file concerns, until Ctrl-C')
    .option('-u, --update', 'write what came in the place of what was expected; asks before')
    .option('-y, --yes', 'do not ask')
    .option('--junit <file>', 'write the results as JUnit XML, for a build server')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker. Exits with 1 when a case fails.

Examples:
  $ crossdock test
  $ crossdock test sales/orders --filter unpaid
  $ crossdock test 'sales/*' --bail
  $ crossdock test sales --watch
  $ crossdock test --junit reports/crossdock.xml`,
    )
    .action(
      act(io, async (session, tests: readonly string[], options: TestOptions) => {
        if (options.watch) {
          const { watchTests } = await import('../testing/watch-tests.ts');
          return watchTests(session, tests, options);
        }
        const { runTests } = await import('../testing/run-tests.ts');
        return runTests(session, tests, options);
      }),
    );
}
