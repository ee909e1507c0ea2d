import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Reads the project and says all that is wrong with it. */
export function checkCommand(io: Io): Command {
  return new Command('check')
    .description('read the project and list every mistake in it')
    .option(
      '--types [mapping]',
      'show the inferred type of every expression, step and map; of a mapping, a domain or a file',
    )
    .option('--strict', 'fail on warnings as well')
    .addHelpText(
      'after',
      `
Expressions are held against the schema of the message, outputs against the
schema of the action or topic. Needs no hub, no database and no broker. Exits
with 1 on any mistake; with --verbose it says which expressions JSONata's
interpreter has to evaluate, and why.

Examples:
  $ crossdock check
  $ crossdock check --types sales/orders
  $ crossdock check --strict
  $ crossdock check --project ../my-hub --json`,
    )
    .action(actLater(io, async () => (await import('../local/check-project.ts')).checkProject));
}
