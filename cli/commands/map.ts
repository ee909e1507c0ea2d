import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Runs one message through one mapping and prints what happens to it. */
export function mapCommand(io: Io): Command {
  return new Command('map')
    .description('run one message through one mapping, and print each step and output')
    .argument('[mapping]', 'the mapping, such as sales/orders, or its file')
    .requiredOption(
      '-i, --input <file>',
      "the message's body (JSON, YAML or XML); - for JSON on standard input",
    )
    .option(
      '-g, --given <file>',
      'answers for enrich steps (JSON or YAML), by the name that the step gives them',
    )
    .option('--target <name>', 'only this target')
    .option('--full', 'the whole body after each step, and not only what changed')
    .option('-e, --expression <jsonata>', 'evaluate this expression against the input instead')
    .addHelpText(
      'after',
      `
Needs no hub, no database and no broker; nothing is sent anywhere. Exits with 1 when a target's way fails.

Examples:
  $ crossdock map sales/orders --input samples/order.json
  $ crossdock map mappings/sales/orders.yaml --input samples/order.json --given answers.yaml
  $ curl -s https://shop.example.com/orders/4711 | crossdock map sales/orders --input -
  $ crossdock map --input samples/order.json --expression '$sum(lines.(quantity * unitPrice))'`,
    )
    .action(actLater(io, async () => (await import('../local/map-one.ts')).mapOne));
}
