import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Makes a small project that runs. */
export function initCommand(io: Io): Command {
  return new Command('init')
    .description('make a small project that runs')
    .argument('<dir>', 'a new or empty folder')
    .addHelpText(
      'after',
      `
Example:
  $ crossdock init my-hub && cd my-hub && crossdock test && crossdock start`,
    )
    .action(actLater(io, async () => (await import('../init/init-project.ts')).initProject));
}
