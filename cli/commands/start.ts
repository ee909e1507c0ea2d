import { Command, InvalidArgumentError, Option } from 'commander';
import { listenOf } from '../environment.ts';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';
import type { Role } from '../start/options.ts';
import { LEVELS, ROLES } from '../start/options.ts';

/** Runs a hub in the foreground until it is told to end. */
export function startCommand(io: Io): Command {
  return new Command('start')
    .description('run the hub of this project')
    .option('--listen <host:port>', 'where it serves (CROSSDOCK_LISTEN; default 127.0.0.1:7400)', parseListen)
    .option(
      '--data <dir>',
      'folder for the embedded database and the admin token (CROSSDOCK_DATA; default .crossdock)',
    )
    .option('--roles <list>', `what this process does, of ${ROLES.join(',')} (default all)`, parseRoles)
    .option(
      '--sandbox',
      'also run the sandbox systems that send traffic, at CROSSDOCK_SANDBOX (default 127.0.0.1:7401); only in the repository of crossdock',
    )
    .addOption(
      new Option('--log-level <level>', 'how much is logged (CROSSDOCK_LOG; default info)').choices(LEVELS),
    )
    .option('--no-watch', 'do not show on the terminal what moves')
    .addHelpText(
      'after',
      `
Without CROSSDOCK_DATABASE_URL and CROSSDOCK_AMQP_URL everything is kept in the data folder.
SIGTERM and Ctrl-C end it gracefully; a second one ends it at once.

Examples:
  $ crossdock start
  $ CROSSDOCK_DATABASE_URL=postgres://… CROSSDOCK_AMQP_URL=amqp://… crossdock start --roles worker`,
    )
    .action(actLater(io, async () => (await import('../start/start.ts')).start));
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  try {
    return listenOf(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function parseRoles(text: string): readonly Role[] {
  const roles = text.split(',').map((role) => role.trim());
  const unknown = roles.find((role) => !(ROLES as readonly string[]).includes(role));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no role "${unknown}"; there is ${ROLES.join(', ')}.`);
  return roles as Role[];
}
