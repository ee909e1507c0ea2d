import type { Command } from 'commander';
import { UsageError } from './usage-error.ts';
import { nearestName } from './suggest.ts';

const LIST = 'list';

/** Adds `list` to a group of commands: what the group's bare name does as well. */
export function addDefaultList(group: Command, description: string): Command {
  group.addHelpText('after', `\n\`crossdock ${group.name()}\` alone is \`crossdock ${group.name()} list\`.`);
  return group.command(LIST, { isDefault: true }).alias('ls').description(description);
}

/**
 * Throws UsageError for words too many. Commander would do so itself, but it hands an unknown command of a group to the
 * group's default command, where it is a word too many: then the command that was probably meant is named.
 */
export function refuseStrayWords(command: Command): void {
  const [stray] = command.args.slice(command.registeredArguments.length);
  const group = command.parent;
  if (stray === undefined || group === null || command.registeredArguments.some(({ variadic }) => variadic))
    return;
  if (command.name() !== LIST) throw new UsageError(`${command.name()} does not take "${stray}".`);
  const near = nearestName(
    stray,
    group.commands.map((one) => one.name()),
  );
  throw new UsageError(
    `unknown command '${group.name()} ${stray}'${near === undefined ? '' : `\n(Did you mean ${group.name()} ${near}?)`}`,
  );
}
