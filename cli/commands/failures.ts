import { Command, Option } from 'commander';
import { ERRORS } from '../../core/model/errors.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import type { FailureState } from '../../core/model/failure.ts';
import { discardFailures, rescheduleFailures, retryFailures } from '../failures/act-on-failures.ts';
import { editFailure } from '../failures/edit-failure.ts';
import { groupFailures, listFailures, showFailure } from '../failures/show-failures.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { addPaging, addPeriod, futureTime } from '../options.ts';
import { act } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';

const STATES = ['waiting', 'sent', 'in_doubt', 'dead'] as const satisfies readonly FailureState[];

/** Failures under their three names: all of them, those that wait for a retry, those that are dead. */
export function failuresCommands(io: Io): readonly Command[] {
  return [
    failuresCommand(io, 'failures', 'see, retry, edit or give up deliveries that failed').alias('failure'),
    failuresCommand(io, 'retries', 'the failures that wait for their next try', 'waiting'),
    failuresCommand(io, 'dead', 'the failures that nothing but a person can move (dead letters)', 'dead'),
  ];
}

function failuresCommand(io: Io, name: string, description: string, state?: FailureState): Command {
  const command = new Command(name).description(description);
  const addFilter = (child: Command): Command =>
    addPeriod(child, io.clock)
      .addOption(new Option('--state <state>', 'only in this state').choices(STATES).default(state))
      .option('--mapping <name>', 'only of this mapping')
      .option('--route <name>', 'only of this route')
      .addOption(new Option('--code <code>', 'only with this error code').argParser(errorCode))
      .option('--fingerprint <id>', 'only those that are alike, as `failures groups` names them')
      .option('--message <id>', 'only of this message');
  const addSelection = (child: Command): Command =>
    addFilter(child.argument('[ids...]', 'failures, by id; or choose them with the options'))
      .option('--all', 'all of them')
      .option('--dry-run', 'only count')
      .option('-y, --yes', 'do not ask')
      .option('--why <text>', 'the reason; kept in the audit log');

  addPaging(addFilter(addDefaultList(command, 'failures, the latest first'))).action(act(io, listFailures));
  addFilter(command.command('groups').description('failures that are alike, counted')).action(
    act(io, groupFailures),
  );
  command.command('show <id>').description('one failure with all that is known').action(act(io, showFailure));
  addSelection(command.command('retry').description('send failed deliveries again, now'))
    .addHelpText(
      'after',
      `
Examples:
  $ crossdock failures retry 019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e
  $ crossdock failures retry --state dead --route sales/orders/erp --why "ERP is back"`,
    )
    .action(act(io, retryFailures));
  addSelection(command.command('reschedule').description('hurry or postpone the next try'))
    .addOption(
      new Option('--due <time>', 'when: 10m or 2h (from now), or 2026-03-01T12:00')
        .argParser(futureTime(io.clock))
        .makeOptionMandatory(),
    )
    .action(act(io, rescheduleFailures));
  command
    .command('edit <id>')
    .description('replace the body that a failed delivery is retried with')
    .option(
      '--body <file>',
      'file with the new body as JSON, - for standard input; without it your editor opens',
    )
    .option('--why <text>', 'the reason; kept in the audit log')
    .option('--retry', 'and send it again at once')
    .action(act(io, editFailure));
  addSelection(command.command('discard').description('give failed deliveries up, for good')).action(
    act(io, discardFailures),
  );
  return command;
}

function errorCode(text: string): ErrorCode {
  const code = text.toUpperCase();
  if (!Object.hasOwn(ERRORS, code))
    throw new UsageError(`There is no error code "${text}".${suggestion(code, Object.keys(ERRORS))}`);
  return code as ErrorCode;
}
