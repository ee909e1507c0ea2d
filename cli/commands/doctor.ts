import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Looks at everything around a hub that may keep it from working. */
export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .description('check this machine, the project, the database and the broker')
    .addHelpText(
      'after',
      '\nChanges nothing. Exits with 1 when something must be mended; warnings do not count.',
    )
    .action(actLater(io, async () => (await import('../doctor/examine.ts')).examine));
}
