import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Brings the database to the schema of this version, or takes the last step back. */
export function migrateCommand(io: Io): Command {
  return new Command('migrate')
    .description('bring the database to the schema of this version')
    .option('--down', 'take the last migration back: its tables and their data are gone')
    .option('-y, --yes', 'with --down: do not ask')
    .addHelpText(
      'after',
      '\n`crossdock start` does this by itself; this is for those who want it done before.',
    )
    .action(actLater(io, async () => (await import('../local/migrate-database.ts')).migrateDatabase));
}
