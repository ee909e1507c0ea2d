import type { Example } from '../../core/sdk.ts';

/** Entries of connections.yaml and the head of a mapping, for the reference page. */
export const examples: readonly Example[] = [
  {
    title: 'Connection: a folder where another system drops its files',
    yaml: `warehouse:
  connector: file
  with:
    folder: /mnt/exchange/stock
`,
  },
  {
    title: 'Connection: a folder where another system picks up its files',
    yaml: `carrier:
  connector: file
  with:
    folder: /mnt/exchange/labels
    write: { name: 'label-{orderId}.csv', format: csv, columns: [orderId, name, street, zip, city] }
`,
  },
  {
    title: 'Mapping: a message per line of each CSV file',
    yaml: `from:
  connection: warehouse
  source: drop
  schedule: '*/5 * * * * *'
  with: { pattern: 'stock-*.csv', format: csv, delimiter: ';' }
`,
  },
];
