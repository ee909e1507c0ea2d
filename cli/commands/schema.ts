import { Command, Option } from 'commander';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { collect, delimiter, integerIn } from '../options.ts';
import { actLater } from '../session.ts';

/** Schemas of messages: seen, and made of what there is. */
export function schemaCommand(io: Io): Command {
  const command = new Command('schema')
    .alias('schemas')
    .description('see the schemas of messages, and make them of samples and documents');
  addDefaultList(command, 'the schemas of the project').action(
    actLater(io, async () => (await import('../local/schema/list-schemas.ts')).listSchemas),
  );
  command
    .command('show <schema>')
    .description('the members of one schema, references followed')
    .action(actLater(io, async () => (await import('../local/schema/list-schemas.ts')).showSchema));
  command.addCommand(inferCommand(io));
  const importing = command
    .command('import')
    .description('make a schema of a document that describes messages');
  importing.addCommand(openApiCommand(io));
  importing.addCommand(wsdlCommand(io));
  importing.addCommand(csvCommand(io));
  return command;
}

function inferCommand(io: Io): Command {
  const command = new Command('infer')
    .description('make a schema that sample messages fit')
    .argument('<name>', 'what it is to be called: sales/order@1 becomes schemas/sales/order@1.json')
    .argument('[files...]', 'JSON, NDJSON, XML or CSV with sample messages; - for standard input')
    .addOption(
      new Option(
        '--message <id>',
        'a message that the hub has, as a sample; may be repeated (reading it is audited)',
      ).argParser(collect),
    )
    .option('--each', 'each item of a JSON list is a sample')
    .addOption(
      new Option('--format <format>', 'what the files are; default: what they are called').choices([
        'json',
        'ndjson',
        'xml',
        'csv',
      ]),
    )
    .option('--delimiter <text>', 'what stands between two fields of CSV; default: found out', delimiter)
    .option('--enums', 'allow only the values that were seen, where they are few and came up often')
    .option('--closed', 'let the schema refuse members that no sample has')
    .option('--no-examples', 'put no values of the samples into the schema');
  return addTarget(command, false)
    .addHelpText(
      'after',
      `
Needs no hub, but for --message. Required is what every sample has. Types are merged, as are the items of lists. A
format is believed when three texts or more have it. An object counts as a map of any names when its values are of
one type and its names are numbers, UUIDs or dates (three or more), or more than 20 with none in more than half of
the objects. What sounds or looks sensitive is marked x-sensitive and gets no example. Every sample fits the schema.

Examples:
  $ crossdock schema infer sales/order@1 samples/*.json
  $ crossdock schema infer sales/order@1 orders.json --each --enums
  $ crossdock schema infer sales/order@1 --message 0192a3b4-7c1d-7000-8000-000000000001
  $ curl -s https://shop.example.com/orders/4711 | crossdock schema infer sales/order@1 - --stdout`,
    )
    .action(actLater(io, async () => (await import('../local/schema/infer.ts')).inferFromSamples));
}

function openApiCommand(io: Io): Command {
  const command = new Command('openapi')
    .description('make a schema of an OpenAPI 3.0 or 3.1 document, or list what is in it')
    .argument('<file>', 'the document, as JSON or YAML; - for standard input')
    .option('--schema <name>', 'a schema of its components')
    .option('--operation <id>', 'the body of an operation: its operationId, or "POST /orders"')
    .option(
      '--response [status]',
      'what the operation answers, and not what it takes; default: where it succeeds',
    )
    .option('--request', 'with --schema: as a request has it, without what is readOnly');
  return addTarget(command)
    .addHelpText(
      'after',
      `
Without --operation or --schema, lists what there is. Needs no hub, and fetches nothing: references to other
documents are refused. What is referred to goes into $defs. A request leaves out what is readOnly, a
response what is writeOnly.

Examples:
  $ crossdock schema import openapi crm.yaml
  $ crossdock schema import openapi crm.yaml --operation createDeal --as crm/new-deal@1
  $ crossdock schema import openapi crm.yaml --operation "GET /deals/{id}" --response --as crm/deal@1`,
    )
    .action(actLater(io, async () => (await import('../local/schema/import-openapi.ts')).importOpenApi));
}

function wsdlCommand(io: Io): Command {
  const command = new Command('wsdl')
    .description('make a schema of a WSDL 1.1 or an XSD file, or list what is in it')
    .argument('<file>', 'the file')
    .option('--operation <name>', 'what an operation takes')
    .option('--element <name>', 'an element of its schemas')
    .option('--output', 'as an answer has it, and not a request: long numbers are texts')
    .option('--service <name>', 'which service, where there are several; default: the first')
    .option('--port <name>', 'which port, where there are several; default: the first with a SOAP binding');
  return addTarget(command)
    .addHelpText(
      'after',
      `
Without --operation or --element, lists what there is. Needs no hub, and fetches nothing: imported files must lie
beside it. The schemas are those that the actions of a soap connection have.

Examples:
  $ crossdock schema import wsdl config/wsdl/erp.wsdl
  $ crossdock schema import wsdl config/wsdl/erp.wsdl --operation CreateSalesOrder --as erp/sales-order@1`,
    )
    .action(actLater(io, async () => (await import('../local/schema/import-wsdl.ts')).importWsdl));
}

function csvCommand(io: Io): Command {
  const command = new Command('csv')
    .description('make a schema of the columns of a CSV file')
    .argument('<file>', 'the file; - for standard input')
    .addOption(
      new Option('--rows <n>', 'lines that are looked at for what the columns hold')
        .argParser(integerIn(0, 100_000))
        .default(1000),
    )
    .option('--delimiter <text>', 'what stands between two fields; default: found out', delimiter)
    .option('--closed', 'let the schema refuse other columns')
    .option('--no-examples', 'put no values of the file into the schema');
  return addTarget(command)
    .addHelpText(
      'after',
      `
Needs no hub. The members are named and typed as the file connector makes them of each line: all are texts, and
columns of numbers get a pattern.

Example:
  $ crossdock schema import csv stock-2026-03-01.csv --as inventory/stock-level@1`,
    )
    .action(actLater(io, async () => (await import('../local/schema/import-csv.ts')).importCsv));
}

/** Where a schema goes that was made. */
function addTarget(command: Command, named = true): Command {
  if (named) command.option('--as <name>', 'what it is to be called: sales/order@1');
  return command
    .option('--force', 'overwrite a schema of this name')
    .option('--stdout', 'print it instead of writing it');
}
