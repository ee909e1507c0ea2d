import { Command } from 'commander';
import type { Io } from '../io.ts';
import { act } from '../session.ts';

/** Reads the project and says all that is wrong with it. */
export function checkCommand(io: Io): Command {
  return new Command('check')
    .description('read the project and list every mistake in it')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker. Exits with 1 on any mistake.

Examples:
  $ crossdock check
  $ crossdock check --project ../my-hub --json`,
    )
    .action(
      act(io, async (session) => {
        const { checkProject } = await import('../local/check-project.ts');
        return checkProject(session);
      }),
    );
}
