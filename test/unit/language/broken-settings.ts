import { edit, type BrokenProject } from './project-fixture.ts';

const ORDERS = 'mappings/sales/orders.yaml';
const CONNECTIONS = 'config/connections.yaml';
const SCHEMA = 'schemas/sales/order@1.json';
const HUB = 'config/hub.yaml';

/** Mistakes in connections, in the hub file and in schemas. */
export const BROKEN_SETTINGS: readonly BrokenProject[] = [
  {
    name: 'an unknown connector',
    files: edit(CONNECTIONS, 'connector: store', 'connector: stroe'),
    problems: [
      'config/connections.yaml:2:14: shop.connector: unknown connector "stroe"; did you mean "store"?',
    ],
  },
  {
    name: 'a connection that is called as topics are',
    files: edit(CONNECTIONS, 'erp:', 'topic: { connector: store, with: { url: https://x.example } }\nerp:'),
    problems: [
      'config/connections.yaml:6:1: topic: a connection can not be called "topic": messages of topics come from there',
    ],
  },
  {
    name: 'a connection without a connector',
    files: edit(
      CONNECTIONS,
      '  connector: store\n  with: { url: https://erp.example }\n',
      '  description: x\n',
    ),
    problems: ['config/connections.yaml:7:3: erp: "connector" is missing'],
  },
  {
    name: 'a missing setting',
    files: edit(CONNECTIONS, 'with: { url: https://erp.example }', 'with: {}'),
    problems: ['config/connections.yaml:8:9: erp.with: "url" is missing'],
  },
  {
    name: 'an unknown setting',
    files: edit(CONNECTIONS, 'url: https://erp.example', 'url: https://erp.example, prot: 1'),
    problems: ['config/connections.yaml:8:37: erp.with.prot: unknown key "prot"; did you mean "port"?'],
  },
  {
    name: 'a setting of a wrong type',
    files: edit(CONNECTIONS, 'url: https://erp.example', 'url: https://erp.example, port: high'),
    problems: ['config/connections.yaml:8:43: erp.with.port: must be a whole number'],
  },
  {
    name: 'a setting that is none of the choices',
    files: edit(CONNECTIONS, 'url: https://erp.example', 'url: https://erp.example, mode: tset'),
    problems: [
      'config/connections.yaml:8:43: erp.with.mode: must be one of live, test; did you mean "test"?',
    ],
  },
  {
    name: 'an unknown kind of credentials',
    files: edit(CONNECTIONS, 'type: bearer', 'type: baerer'),
    problems: [
      'config/connections.yaml:5:19: shop.with.auth.type: must be one of none, bearer; did you mean "bearer"?',
    ],
  },
  {
    name: 'credentials without their secret',
    files: edit(CONNECTIONS, ", token: '${env:SHOP_TOKEN}'", ''),
    problems: ['config/connections.yaml:5:11: shop.with.auth: "token" is missing'],
  },
  {
    name: 'a secret that stands in the file',
    files: edit(CONNECTIONS, '${env:SHOP_TOKEN}', 'hunter2-hunter2'),
    problems: [
      'config/connections.yaml:5:34: shop.with.auth.token: a secret must not stand in the file: write ${env:NAME} or ${file:PATH}',
    ],
  },
  {
    name: 'a secret with a default',
    files: edit(CONNECTIONS, '${env:SHOP_TOKEN}', '${env:SHOP_TOKEN:-x}'),
    problems: [
      'config/connections.yaml:5:34: shop.with.auth.token: a secret has no default: write ${env:SHOP_TOKEN}',
    ],
  },
  {
    name: 'a missing environment variable',
    files: edit(CONNECTIONS, 'SHOP_TOKEN', 'SHOP_TOKN'),
    problems: [
      'config/connections.yaml:5:34: shop.with.auth.token: the environment variable SHOP_TOKN is not set',
    ],
  },
  {
    name: 'a missing secret file',
    files: edit(CONNECTIONS, '${env:SHOP_TOKEN}', '${file:secrets/shop}'),
    problems: [
      'config/connections.yaml:5:34: shop.with.auth.token: the file "secrets/shop" can not be read: there is no such file',
    ],
  },
  {
    name: 'an unknown kind of reference',
    files: edit(CONNECTIONS, '${env:SHOP_TOKEN}', '${vault:shop}'),
    problems: [
      'config/connections.yaml:5:34: shop.with.auth.token: a reference is ${env:NAME} or ${file:PATH}',
    ],
  },
  {
    name: 'what a connector finds out by itself',
    files: edit(CONNECTIONS, 'url: https://erp.example', 'url: https://erp.example, contract: erp.txt'),
    problems: ['config/connections.yaml:8:47: erp.with.contract: There is no file "erp.txt"'],
  },
  {
    name: 'a bad rate',
    files: edit(CONNECTIONS, 'rate: 300/m', 'rate: fast'),
    problems: ['config/connections.yaml:9:35: erp.limits.rate: must look like "10/s" or "300/m"'],
  },
  {
    name: 'an unknown limit',
    files: edit(CONNECTIONS, 'concurrency: 4', 'concurency: 4'),
    problems: [
      'config/connections.yaml:9:13: erp.limits.concurency: unknown key "concurency"; did you mean "concurrency"?',
    ],
  },
  {
    name: 'no connections file',
    files: { [CONNECTIONS]: null, [ORDERS]: null },
    problems: ['config/connections.yaml:1:1: there is no such file; is this the folder of a project?'],
  },
  {
    name: 'an unknown key in the hub file',
    files: edit(HUB, 'namespace: acme', 'namspace: acme'),
    problems: ['config/hub.yaml:1:1: namspace: unknown key "namspace"; did you mean "namespace"?'],
  },
  {
    name: 'a bad size',
    files: edit(HUB, '2MiB', 'huge'),
    problems: ['config/hub.yaml:2:21: intake.max_body: must look like "1MiB" or "512KiB"'],
  },
  {
    name: 'a bad namespace',
    files: edit(HUB, 'acme', 'Acme Inc'),
    problems: ['config/hub.yaml:1:12: namespace: must look like "crossdock" or "acme_test"'],
  },
  {
    name: 'a missing variable in the hub file',
    files: edit(HUB, 'acme', '${env:HUB_NAME}'),
    problems: ['config/hub.yaml:1:12: namespace: the environment variable HUB_NAME is not set'],
  },
  {
    name: 'an internal address that is not allowed',
    files: edit(CONNECTIONS, 'https://erp.example', 'http://127.0.0.1:9000/api'),
    problems: [
      'config/connections.yaml:8:16: erp.with.url: 127.0.0.1 is not a public address (loopback). If it is meant to be reached, add "127.0.0.1:9000" to outbound.allow of config/hub.yaml',
    ],
  },
  {
    name: 'an internal address that is allowed at another port',
    files: {
      ...edit(CONNECTIONS, 'https://erp.example', "'https://[fd00::1]'"),
      ...edit(HUB, 'namespace: acme', "namespace: acme\noutbound: { allow: ['[fd00::/8]:8443'] }"),
    },
    problems: [
      'config/connections.yaml:8:16: erp.with.url: fd00::1 is not a public address (uniqueLocal). If it is meant to be reached, add "[fd00::1]:443" to outbound.allow of config/hub.yaml',
    ],
  },
  {
    name: 'localhost that is not allowed, in a default',
    files: edit(CONNECTIONS, 'https://erp.example', "'${env:ERP:-http://localhost}'"),
    problems: [
      'config/connections.yaml:8:16: erp.with.url: localhost resolves to 127.0.0.1, which is not a public address (loopback). If it is meant to be reached, add "localhost:80" to outbound.allow of config/hub.yaml',
    ],
  },
  {
    name: 'what can not be allowed, without a word on addresses',
    files: {
      ...edit(CONNECTIONS, 'https://erp.example', 'http://10.0.0.1'),
      ...edit(HUB, 'namespace: acme', 'namespace: acme\noutbound: { allow: [10.1.0.7, 10.0.0.0/33] }'),
    },
    problems: [
      'config/hub.yaml:2:31: outbound.allow[1]: "10.0.0.0/33" in outbound.allow is not a host, an address or a CIDR block with an optional :port',
    ],
  },
  {
    name: 'a schema that is not JSON',
    files: edit(SCHEMA, '"type": "object",', '"type": "object"'),
    problems: ['schemas/sales/order@1.json:3:3: not valid JSON: Missing , between flow map items'],
  },
  {
    name: 'a schema with a wrong type',
    files: edit(SCHEMA, '"type": "array"', '"type": "lsit"'),
    problems: [
      'schemas/sales/order@1.json:8:24: properties.lines.type: must be one of array, boolean, integer, null, number, object, string',
    ],
  },
  {
    name: 'a schema with an unknown keyword',
    files: edit(SCHEMA, '"items"', '"itmes"'),
    problems: [
      'schemas/sales/order@1.json:8:33: properties.lines.itmes: unknown keyword "itmes"; did you mean "items"?',
    ],
  },
  {
    name: 'a schema with a reference to nothing',
    files: edit(SCHEMA, 'sales/customer@1', 'sales/custmer@1'),
    problems: [
      'schemas/sales/order@1.json:7:27: properties.customer.$ref: "sales/custmer@1" is no schema of this project; did you mean "sales/customer@1"?',
    ],
  },
  {
    name: 'schemas that refer to each other without going into the value',
    files: {
      ...edit(SCHEMA, '"type": "object",', '"type": "object", "allOf": [{ "$ref": "sales/customer@1" }],'),
      'schemas/sales/customer@1.yaml': 'anyOf:\n  - type: object\n  - $ref: sales/order@1\n',
    },
    problems: [
      'schemas/sales/customer@1.yaml:3:11: anyOf[1].$ref: refers to itself without going into the value: it could never be checked',
      'schemas/sales/order@1.json:2:41: allOf[0].$ref: refers to itself without going into the value: it could never be checked',
    ],
  },
  {
    name: 'a schema with a pattern that is not linear',
    files: edit(SCHEMA, '"id": { "type": "string" }', '"id": { "type": "string", "pattern": "^(?!x)" }'),
    problems: [
      'schemas/sales/order@1.json:5:42: properties.id.pattern: the pattern can not be used: invalid or unsupported Perl syntax: `(?!`',
    ],
  },
  {
    name: 'a schema of another draft',
    files: edit(
      SCHEMA,
      '"type": "object",',
      '"$schema": "http://json-schema.org/draft-04/schema#", "type": "object",',
    ),
    problems: [
      'schemas/sales/order@1.json:2:14: $schema: only https://json-schema.org/draft/2020-12/schema is understood',
    ],
  },
  {
    name: 'a schema that is a list',
    files: { 'schemas/x.yaml': '- a\n' },
    problems: ['schemas/x.yaml:1:1: a schema is an object'],
  },
  {
    name: 'one schema in two files',
    files: { 'schemas/sales/customer@1.json': '{}' },
    problems: [
      'schemas/sales/customer@1.yaml:1:1: the schema "sales/customer@1" is also in schemas/sales/customer@1.json',
    ],
  },
  {
    name: 'a file that is not UTF-8',
    files: { [HUB]: Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]) },
    problems: ['config/hub.yaml:1:1: the file can not be read: it is not UTF-8'],
  },
];
