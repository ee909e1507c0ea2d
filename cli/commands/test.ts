import { Command, Option } from 'commander';
import type { Io } from '../io.ts';
import type { CaptureOptions } from '../capture/capture-test.ts';
import { collect, integerIn } from '../options.ts';
import { act } from '../session.ts';
import type { TestOptions } from '../testing/run-tests.ts';

/** Runs the tests that stand beside the mappings. */
export function testCommand(io: Io): Command {
  const command = new Command('test')
    .description('run the *.test.yaml files beside the mappings')
    .argument('[tests...]', 'mappings (sales/orders), domains, files, folders or patterns; all by default')
    .option('-t, --filter <text>', 'only cases whose name holds this text')
    .option('-b, --bail', 'end after the first case that fails')
    .addOption(
      new Option('--slowest [n]', 'list the slowest cases; 10 without a number').argParser(
        integerIn(1, 1_000),
      ),
    )
    .option('-w, --watch', 'run again what a changed file concerns, until Ctrl-C')
    .option('-u, --update', 'write what came in the place of what was expected, once you agree')
    .option('-y, --yes', 'with --update: do not ask')
    .option('--junit <file>', 'write the results as JUnit XML, for a build server')
    .option('-c, --coverage', 'say which lines and branches of the mappings the cases reached')
    .addOption(
      new Option(
        '--min <percent>',
        'fail when less of the lines or branches is covered; implies --coverage',
      ).argParser(integerIn(0, 100)),
    )
    .option('--lcov <file>', 'write the coverage as an lcov tracefile; implies --coverage')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker. Exits with 1 when a case fails.

Examples:
  $ crossdock test
  $ crossdock test sales/orders --filter unpaid
  $ crossdock test 'sales/*' --bail
  $ crossdock test sales --watch
  $ crossdock test --junit reports/crossdock.xml --coverage --min 90`,
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
  command
    .command('capture')
    .description('turn a stored message into a case, with sensitive fields replaced')
    .argument('[message]', 'the id of a message that a running hub has')
    .option('--failure <id>', 'the message of this failure')
    .option('--name <text>', 'what the case shows')
    .option('--mapping <name>', 'which mapping, where the message goes through several')
    .option('-g, --given <file>', 'answers for enrich steps (JSON or YAML), which the hub does not keep')
    .option(
      '--sensitive <path>',
      'also replace this and all below it: customer.note, lines[].sku (may be repeated)',
      collect,
    )
    .option('--write', "append it to the mapping's test file")
    .option('-y, --yes', 'write it even if something in it looks personal')
    .addHelpText(
      'after',
      `
Needs a running hub and the right to read payloads (messages.read-payload), which is audited. What the message's
schema marks as x-sensitive is replaced by stand-ins of the same type, format and look.

Examples:
  $ crossdock test capture 019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e
  $ crossdock test capture 019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e --name 'an order with a discount' --write`,
    )
    .action(
      act(io, async (session, message: string | undefined, options: CaptureOptions) => {
        const { captureTest } = await import('../capture/capture-test.ts');
        // Commander gives an option that both commands have to the outer one.
        const { yes } = session.global as TestOptions;
        return captureTest(session, message, { ...options, yes: options.yes ?? yes });
      }),
    );
  return command;
}
