import { SETTINGS_FILE, vscodeSettings } from '../local/editor/vscode-settings.ts';

/** One file of a new project. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
  /** Holds a secret: only its owner may read it. */
  readonly secret?: boolean;
}

/** A project that runs as it is: a shop's orders come in over a webhook and become files, one an order. */
export function projectFiles(name: string, secret: string): readonly TemplateFile[] {
  return [
    { path: 'README.md', text: readme(name) },
    { path: '.gitignore', text: GITIGNORE },
    { path: SETTINGS_FILE, text: vscodeSettings() },
    { path: '.vscode/extensions.json', text: EXTENSIONS },
    { path: 'config/hub.yaml', text: HUB },
    { path: 'config/connections.yaml', text: CONNECTIONS },
    { path: 'secrets/shop-token', text: `${secret}\n`, secret: true },
    { path: 'schemas/sales/order@1.json', text: SCHEMA },
    { path: 'mappings/sales/orders.yaml', text: MAPPING },
    { path: 'mappings/sales/orders.test.yaml', text: TESTS },
    { path: 'samples/order.json', text: SAMPLE },
  ];
}

function readme(name: string): string {
  return `# ${name}

An integration hub, run by [Crossdock](https://www.npmjs.com/package/crossdock). Orders of a shop come in over a webhook
and become files in \`out/\`, one an order. It is small on purpose: replace its parts by your own.

| where | what |
| --- | --- |
| \`config/connections.yaml\` | the systems that are connected, and their limits |
| \`config/hub.yaml\` | the hub itself; every key has a default |
| \`mappings/sales/orders.yaml\` | one integration: where messages come from, what becomes of them, where they go |
| \`mappings/sales/orders.test.yaml\` | its tests |
| \`schemas/sales/order@1.json\` | what an order must look like |
| \`samples/order.json\` | an order to try with |
| \`secrets/\` | not in git; \`shop-token\` was made for you |

## Try it

    crossdock check                                       # is everything right?
    crossdock test                                        # do the mappings what they should?
    crossdock map sales/orders --input samples/order.json # what becomes of this order?
    crossdock start

and in another terminal, as the shop:

    curl -H "Authorization: Bearer $(cat secrets/shop-token)" -H 'Content-Type: application/json' \\
      --data @samples/order.json http://127.0.0.1:7400/in/sales/orders
    crossdock messages search order=4711
    cat out/order-4711.json

Send it again: it is recognised, and delivered no second time. Send one without an \`id\`, and \`crossdock failures\`
shows what is wrong with it.

## In an editor

VS Code with the YAML extension completes the keys of all these files, the names of connections, actions and schemas,
and the fields that an action takes. Run \`crossdock editor\` when these change.

## On a new machine

\`secrets/\` is not in git. Make the token anew (\`openssl rand -hex 24 > secrets/shop-token\`) and give it to the shop.
\`crossdock editor\` writes what the editor needs.
`;
}

const EXTENSIONS = `{
  "recommendations": ["redhat.vscode-yaml"]
}
`;

const GITIGNORE = `# What the hub keeps: messages, its admin token; and what an editor completes names with
.crossdock/
secrets/
out/
`;

const HUB = `# The hub itself. Every key has a default; \`crossdock check\` knows them all.

# How long a delivery is tried. These are the defaults:
# retry: { immediate: 2, delays: [10s, 1m, 5m, 30m, 2h, 6h], max_age: 24h }

# Addresses inside your own network are closed to connections unless they are listed here:
# outbound:
#   allow: ['10.1.2.3:443']
`;

const CONNECTIONS = `# The systems that this hub is connected to. \`crossdock connectors list\` shows the kinds,
# \`crossdock connectors describe webhook\` what can be set.

# The shop sends its orders, and proves with a token that it is the shop.
shop:
  connector: webhook
  with:
    verify:
      type: bearer
      secrets: ['\${file:secrets/shop-token}']

# Where the orders go: a folder here. Put your ERP or CRM in its place.
archive:
  connector: file
  with:
    folder: out
    write: { name: 'order-{order}.json' } # \`order\` of what the mapping makes
`;

const SCHEMA = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "An order of the shop",
  "type": "object",
  "required": ["id", "status", "customer", "lines"],
  "properties": {
    "id": { "type": "string", "minLength": 1 },
    "status": { "enum": ["open", "paid", "cancelled"] },
    "createdAt": { "type": "string", "format": "date-time" },
    "customer": {
      "type": "object",
      "required": ["id", "name"],
      "properties": {
        "id": { "type": "string" },
        "name": { "type": "string" },
        "email": { "type": "string", "format": "email" }
      }
    },
    "lines": {
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["sku", "quantity", "unitPrice"],
        "properties": {
          "sku": { "type": "string" },
          "quantity": { "type": "integer", "minimum": 1 },
          "unitPrice": { "type": "number", "minimum": 0 }
        }
      }
    }
  }
}
`;

const MAPPING = `description: Paid orders of the shop are written to the archive.

from:
  connection: shop
  source: webhook # served at POST /in/sales/orders

message:
  schema: sales/order@1 # what does not fit is a failure, with the path of each mistake
  id: id # the same id again is recognised and not delivered twice
  keys: { order: id, customer: customer.id } # to find it: crossdock messages search order=4711

steps:
  - filter: status = "paid"

to:
  - target: archive
    connection: archive
    action: write
    map: # every leaf is a JSONata expression; a constant is { const: EUR }
      order: id
      customer: customer.name
      currency: { const: EUR }
      total: $round($sum(lines.(quantity * unitPrice)), 2)
      # [] at the end: a list also where there is one line.
      lines: 'lines.{ "item": sku, "quantity": quantity, "net": $round(quantity * unitPrice, 2) }[]'
`;

const TESTS = `# Run with \`crossdock test\`; needs no hub, no database and no broker.
cases:
  - name: a paid order is archived with its total
    input: { file: ../../samples/order.json }
    expect:
      archive:
        order: '4711'
        customer: Ada Lovelace
        currency: EUR
        total: 34.4
        lines:
          - { item: MUG-1, quantity: 2, net: 24.5 }
          - { item: PEN-9, quantity: 1, net: 9.9 }

  - name: an order that is not paid goes nowhere
    input:
      id: '4712'
      status: open
      customer: { id: C-2, name: Grace Hopper }
      lines: [{ sku: MUG-1, quantity: 1, unitPrice: 12.25 }]
    filtered: true

  - name: an order without lines is refused
    input: { id: '4713', status: paid, customer: { id: C-2, name: Grace Hopper }, lines: [] }
    fails: { code: MESSAGE_INVALID, path: /lines }

  - name: a single line is still a list
    input:
      id: '4714'
      status: paid
      customer: { id: C-2, name: Grace Hopper }
      lines: [{ sku: PEN-9, quantity: 3, unitPrice: 9.9 }]
    expect:
      archive:
        order: '4714'
        customer: Grace Hopper
        currency: EUR
        total: 29.7
        lines: [{ item: PEN-9, quantity: 3, net: 29.7 }]
`;

const SAMPLE = `{
  "id": "4711",
  "status": "paid",
  "createdAt": "2026-03-01T12:00:00Z",
  "customer": { "id": "C-1", "name": "Ada Lovelace", "email": "ada@example.com" },
  "lines": [
    { "sku": "MUG-1", "quantity": 2, "unitPrice": 12.25 },
    { "sku": "PEN-9", "quantity": 1, "unitPrice": 9.9 }
  ]
}
`;
