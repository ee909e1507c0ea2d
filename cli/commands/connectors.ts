import { Command } from 'commander';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** The kinds of systems that can be connected. */
export function connectorsCommand(io: Io): Command {
  const command = new Command('connectors')
    .alias('connector')
    .description('see the kinds of systems that can be connected');
  addDefaultList(command, 'all connectors').action(
    actLater(io, async () => (await import('../local/describe-connectors.ts')).listConnectors),
  );
  command
    .command('describe <connector>')
    .description('settings, sources, actions and examples of one connector')
    .action(actLater(io, async () => (await import('../local/describe-connectors.ts')).describeConnector));
  return command;
}
