import { Command } from 'commander';
import type { Io } from '../io.ts';
import { act } from '../session.ts';

/** Runs one message through one mapping and prints what comes out. */
export function mapCommand(io: Io): Command {
  return new Command('map')
    .description('run one message through one mapping, and print each step and output')
    .argument('<mapping>', 'the mapping, such as sales/orders')
    .requiredOption(
      '-i, --input <file>',
      "the message's body (JSON, YAML or XML); - for JSON on standard input",
    )
    .option(
      '-g, --given <file>',
      'answers for enrich steps (JSON or YAML), by the name that the step gives them',
    )
    .option('--target <name>', 'only this target')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker; nothing is sent anywhere.

Examples:
  $ crossdock map sales/orders --input samples/order.json
  $ curl -s https://shop.example.com/orders/4711 | crossdock map sales/orders --input -`,
    )
    .action(
      act(io, async (session, mapping: string, options: MapOptions) => {
        const { mapOne } = await import('../local/map-one.ts');
        return mapOne(session, mapping, options);
      }),
    );
}

interface MapOptions {
  readonly input: string;
  readonly given?: string;
  readonly target?: string;
}
