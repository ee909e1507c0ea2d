import { edit, GOOD, type BrokenProject } from './project-fixture.ts';

const ORDERS = 'mappings/sales/orders.yaml';
const HUB = 'config/hub.yaml';

const alias = (n: number): string => `&a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(', ')}]`;
const BOMB = `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: ${alias(i + 1)}`).join('\n')}\n`;

/** Mistakes in mappings, and in YAML as such. */
export const BROKEN_MAPPINGS: readonly BrokenProject[] = [
  {
    name: 'YAML that does not parse',
    files: edit(ORDERS, 'from:', 'from'),
    problems: [
      'mappings/sales/orders.yaml:2:1: not valid YAML: Implicit keys need to be on a single line',
      'mappings/sales/orders.yaml:3:15: not valid YAML: Nested mappings are not allowed in compact mappings',
    ],
  },
  {
    name: 'a duplicate key',
    files: edit(ORDERS, '  source: webhook', '  source: webhook\n  source: poll'),
    problems: ['mappings/sales/orders.yaml:5:3: the key is there twice'],
  },
  {
    name: 'an unknown tag',
    files: edit(ORDERS, 'source: webhook', 'source: !js webhook'),
    problems: ['mappings/sales/orders.yaml:4:15: unknown tag "!js"'],
  },
  {
    name: 'an alias to nothing',
    files: edit(ORDERS, 'source: webhook', 'source: *nowhere'),
    problems: ['mappings/sales/orders.yaml:4:11: there is no anchor "&nowhere" before this alias'],
  },
  {
    name: 'a merge key',
    files: edit(ORDERS, 'from:', 'x: &base { y: 1 }\nfrom:\n  <<: *base'),
    problems: [
      'mappings/sales/orders.yaml:4:3: the merge key "<<" is not understood: write its members out, or quote it where it is a name',
    ],
  },
  {
    name: 'a number that loses digits',
    files: edit(ORDERS, 'ref: id', 'ref: { const: 12345678901234567890 }'),
    problems: [
      'mappings/sales/orders.yaml:17:21: 12345678901234567890 has more digits than a number can keep: quote it where it is a text',
    ],
  },
  {
    name: 'a tab as indentation',
    files: edit(ORDERS, '  source', '\tsource'),
    problems: ['mappings/sales/orders.yaml:4:1: tabs can not be used to indent'],
  },
  {
    name: 'two documents in a file',
    files: edit(ORDERS, 'message:', '---\nmessage:'),
    problems: ['mappings/sales/orders.yaml:5:1: the file has more than one document (---)'],
  },
  {
    name: 'an alias bomb',
    files: { [HUB]: BOMB },
    problems: ['config/hub.yaml:1:1: aliases make the file grow too much'],
  },
  {
    name: 'YAML nested without end',
    files: { [HUB]: '['.repeat(50_000) },
    problems: ['config/hub.yaml:1:1: the file can not be read: it is nested too deep'],
  },
  {
    name: 'a key that is a list',
    files: edit(ORDERS, 'steps:', '? [steps]\n:'),
    problems: ['mappings/sales/orders.yaml:9:3: a key must be text'],
  },
  {
    name: 'an unknown key',
    files: edit(ORDERS, 'message:', 'mesage:'),
    problems: ['mappings/sales/orders.yaml:5:1: mesage: unknown key "mesage"; did you mean "message"?'],
  },
  {
    name: 'an unknown key inside',
    files: edit(ORDERS, 'source: webhook', 'source: webhook\n  shedule: x'),
    problems: [
      'mappings/sales/orders.yaml:5:3: from.shedule: unknown key "shedule"; did you mean "schedule"?',
    ],
  },
  {
    name: 'a wrong type',
    files: edit(ORDERS, 'description: Orders.', 'description: [Orders]'),
    problems: ['mappings/sales/orders.yaml:1:14: description: must be a string'],
  },
  {
    name: 'an expression that is a number',
    files: edit(ORDERS, 'id: id\n', 'id: 5\n'),
    problems: ['mappings/sales/orders.yaml:7:7: message.id: must be a string'],
  },
  {
    name: 'no source at all',
    files: edit(ORDERS, 'from:\n  connection: shop\n  source: webhook\n', ''),
    problems: ['mappings/sales/orders.yaml:1:1: "from" is missing'],
  },
  {
    name: 'no targets',
    files: edit(ORDERS, 'to:', 'to: []\nx:'),
    problems: [
      'mappings/sales/orders.yaml:12:5: to: must have at least 1 item',
      'mappings/sales/orders.yaml:13:1: x: unknown key "x"',
    ],
  },
  {
    name: 'an empty file',
    files: { [ORDERS]: '' },
    problems: [
      'mappings/sales/orders.yaml:1:1: "from" is missing',
      'mappings/sales/orders.yaml:1:1: "to" is missing',
    ],
  },
  {
    name: 'a target without a name',
    files: edit(ORDERS, '- target: erp\n    connection', '- connection'),
    problems: ['mappings/sales/orders.yaml:13:5: to[0]: "target" is missing'],
  },
  {
    name: 'a target without an action',
    files: edit(ORDERS, '    action: put-order\n', ''),
    problems: ['mappings/sales/orders.yaml:13:5: to[0]: "action" is missing'],
  },
  {
    name: 'a target with a topic and a connection',
    files: edit(ORDERS, 'action: put-order', 'topic: sales/order@1'),
    problems: [
      'mappings/sales/orders.yaml:14:5: to[0].connection: "connection" does not go together with "topic"',
      'mappings/sales/orders.yaml:17:7: to[0].map: the topic needs "id"',
      'mappings/sales/orders.yaml:19:15: to[0].map.lines: "lines" must be a list, and may be a single value; write `[]` behind the path, or put it in brackets',
    ],
  },
  {
    name: 'a step that does two things',
    files: edit(ORDERS, '- filter: status = "paid"', '- filter: id\n    split: id'),
    problems: ['mappings/sales/orders.yaml:10:5: steps[0]: must have at most 1 key'],
  },
  {
    name: 'an unknown connection',
    files: edit(ORDERS, 'connection: shop', 'connection: shpo'),
    problems: [
      'mappings/sales/orders.yaml:3:15: from.connection: unknown connection "shpo"; did you mean "shop"?',
    ],
  },
  {
    name: 'an unknown source',
    files: edit(ORDERS, 'source: webhook', 'source: webhok'),
    problems: [
      'mappings/sales/orders.yaml:4:11: from.source: the connection "shop" has no source "webhok"; did you mean "webhook"?',
    ],
  },
  {
    name: 'an unknown action',
    files: edit(ORDERS, 'action: put-order', 'action: put-odrer'),
    problems: [
      'mappings/sales/orders.yaml:15:13: to[0].action: the connection "erp" has no action "put-odrer"; did you mean "put-order"?',
    ],
  },
  {
    name: 'an action whose schema is broken',
    files: edit(ORDERS, 'action: put-order', 'action: broken'),
    problems: [
      'mappings/sales/orders.yaml:15:13: to[0].action: its schema can not be used: A schema does not compile: type must be JSONType or JSONType[]: nonsense',
    ],
  },
  {
    name: 'an unknown schema',
    files: edit(ORDERS, 'schema: sales/order@1', 'schema: sales/order@2'),
    problems: [
      'mappings/sales/orders.yaml:6:11: message.schema: unknown schema "sales/order@2"; did you mean "sales/order@1"?',
    ],
  },
  {
    name: 'an unknown schema in a step',
    files: edit(ORDERS, '- filter: status = "paid"', '- validate: sales/oder@1'),
    problems: [
      'mappings/sales/orders.yaml:10:15: steps[0].validate: unknown schema "sales/oder@1"; did you mean "sales/order@1"?',
    ],
  },
  {
    name: 'an unknown topic',
    files: edit(ORDERS, 'connection: shop\n  source: webhook', 'topic: sales/order@1'),
    problems: [
      'mappings/sales/orders.yaml:3:10: from.topic: unknown topic "sales/order@1"; no mapping hands messages to it',
    ],
  },
  {
    name: 'topics that go round in a circle',
    files: {
      'mappings/a/b.yaml': 'from: { topic: t }\nto: [{ target: x, topic: u }]\n',
      'mappings/a/c.yaml': 'from: { topic: u }\nto: [{ target: x, topic: t }]\n',
    },
    problems: ['mappings/a/b.yaml:1:7: from: messages would go round in a circle: a/b → a/c → a/b'],
  },
  {
    name: 'two targets of one name',
    files: edit(ORDERS, 'to:\n', 'to:\n  - { target: erp, connection: erp, action: log }\n'),
    problems: [
      'mappings/sales/orders.yaml:14:13: to[1].target: there is another target "erp" in this mapping',
    ],
  },
  {
    name: 'enriching with an action that does not read',
    files: edit(ORDERS, 'action: find-account', 'action: put-order'),
    problems: [
      'mappings/sales/orders.yaml:11:53: steps[1].enrich.action: "put-order" changes something: a mapping can only enrich with an action that reads',
      'mappings/sales/orders.yaml:11:70: steps[1].enrich.with: the action needs "ref"',
      'mappings/sales/orders.yaml:11:72: steps[1].enrich.with.email: the action does not take "email"',
    ],
  },
  {
    name: 'a pull source without a schedule',
    files: edit(ORDERS, 'source: webhook', 'source: poll'),
    problems: [
      'mappings/sales/orders.yaml:3:3: from: "schedule" is missing: the hub asks the source "poll" when the schedule says',
    ],
  },
  {
    name: 'a push source with a schedule',
    files: edit(ORDERS, 'source: webhook', "source: webhook\n  schedule: '* * * * *'"),
    problems: [
      'mappings/sales/orders.yaml:5:3: from.schedule: the source "webhook" sends by itself and has no schedule',
    ],
  },
  {
    name: 'a bad cron expression',
    files: edit(ORDERS, 'source: webhook', "source: poll\n  schedule: '* 25 * * *'"),
    problems: [
      'mappings/sales/orders.yaml:5:13: from.schedule: "25" does not fit the field "hour" of a cron expression',
    ],
  },
  {
    name: 'a cron expression with too few fields',
    files: edit(ORDERS, 'source: webhook', "source: poll\n  schedule: '* * *'"),
    problems: [
      'mappings/sales/orders.yaml:5:13: from.schedule: a cron expression has five fields, or six with seconds first',
    ],
  },
  {
    name: 'an unknown time zone',
    files: edit(
      ORDERS,
      'source: webhook',
      "source: poll\n  schedule: { cron: '0 6 * * mon-fri', timezone: Mars/Base }",
    ),
    problems: [
      'mappings/sales/orders.yaml:5:50: from.schedule.timezone: "Mars/Base" is not a time zone; write an IANA name such as Europe/Berlin',
    ],
  },
  {
    name: 'a source option that does not exist',
    files: edit(ORDERS, 'source: webhook', 'source: webhook\n  with: { evnts: [] }'),
    problems: [
      'mappings/sales/orders.yaml:5:11: from.with.evnts: unknown key "evnts"; did you mean "events"?',
    ],
  },
  {
    name: 'a source option of a wrong type',
    files: edit(ORDERS, 'source: webhook', 'source: webhook\n  with: { events: [a, 5] }'),
    problems: ['mappings/sales/orders.yaml:5:23: from.with.events[1]: must be a string'],
  },
  {
    name: 'a bad duration',
    files: edit(ORDERS, 'description: Orders.', 'retry: { delays: [10s, soon] }'),
    problems: ['mappings/sales/orders.yaml:1:24: retry.delays[1]: must look like "5m"'],
  },
  {
    name: 'a syntax error in an expression',
    files: edit(ORDERS, 'status = "paid"', 'status = '),
    problems: [
      'mappings/sales/orders.yaml:10:21: steps[0].filter: the expression is not valid: Unexpected end of expression',
    ],
  },
  {
    name: 'JavaScript in an expression',
    files: edit(ORDERS, 'status = "paid"', 'status == "paid"'),
    problems: [
      'mappings/sales/orders.yaml:10:21: steps[0].filter: the expression is not valid: The symbol "=" cannot be used as a unary operator; JSONata writes =, and, or, $not(x) and function($x) { … }',
    ],
  },
  {
    name: 'a date without quotes of the expression',
    files: edit(ORDERS, 'ref: id', "ref: '2026-01-01'"),
    problems: [
      'mappings/sales/orders.yaml:17:19: to[0].map.ref: the expression is not valid: Syntax error: 1; a text needs quotes inside the expression, beside those of YAML',
    ],
  },
  {
    name: 'an unclosed bracket in an expression',
    files: edit(ORDERS, 'ref: id', 'ref: $string((id)'),
    problems: [
      'mappings/sales/orders.yaml:17:24: to[0].map.ref: the expression is not valid: Expected ")" before end of expression',
    ],
  },
  {
    name: 'an unknown function',
    files: edit(ORDERS, 'ref: id', 'ref: $uppercse(id)'),
    problems: [
      'mappings/sales/orders.yaml:17:12: to[0].map.ref: unknown function "$uppercse"; did you mean "$uppercase"?',
    ],
  },
  {
    name: 'a function without its $',
    files: edit(ORDERS, 'ref: id', 'ref: uppercase(id)'),
    problems: [
      'mappings/sales/orders.yaml:17:12: to[0].map.ref: "uppercase" is not a function: names of functions begin with $; did you mean "$uppercase"?',
    ],
  },
  {
    name: 'an unknown variable',
    files: edit(ORDERS, 'ref: id', 'ref: $mesage.id'),
    problems: [
      'mappings/sales/orders.yaml:17:12: to[0].map.ref: unknown variable "$mesage"; did you mean "$message"?',
    ],
  },
  {
    name: '$eval',
    files: edit(ORDERS, 'ref: id', 'ref: $eval(id)'),
    problems: ['mappings/sales/orders.yaml:17:12: to[0].map.ref: $eval is not available'],
  },
  {
    name: 'a date picture out of the message',
    files: edit(ORDERS, 'ref: id', 'ref: $toMillis(id, status)'),
    problems: [
      'mappings/sales/orders.yaml:17:12: to[0].map.ref: the picture of $toMillis must be written out as a string',
    ],
  },
  {
    name: 'a regular expression that is not linear',
    files: edit(ORDERS, 'ref: id', 'ref: $replace(id, /(a)(?=b)/, "")'),
    problems: [
      'mappings/sales/orders.yaml:17:25: to[0].map.ref: /(a)(?=b)/: the pattern can not be used: invalid or unsupported Perl syntax: `(?=`',
    ],
  },
  {
    name: 'a misspelt name in an expression',
    files: edit(ORDERS, 'customer.email', 'custmer.email'),
    problems: [
      'mappings/sales/orders.yaml:11:82: steps[1].enrich.with.email: unknown name "custmer"; did you mean "customer"?',
    ],
  },
  {
    name: 'a name that a closed schema does not have',
    files: edit(ORDERS, 'customer.name &', 'customer.fullName &'),
    problems: [
      'mappings/sales/orders.yaml:18:31: to[0].map.buyer.name: unknown name "fullName"; known are name, email',
    ],
  },
  {
    name: 'a name that the enriching action does not give',
    files: edit(ORDERS, 'account.code', 'account.cod'),
    problems: [
      'mappings/sales/orders.yaml:18:52: to[0].map.buyer.name: unknown name "cod"; did you mean "code"?',
    ],
  },
  {
    name: 'a mistake in an expression of several lines',
    files: edit(
      ORDERS,
      '\'lines.{ "sku": sku }\'',
      '|\n        lines.{\n          "sku": $trm(sku)\n        }',
    ),
    problems: [
      'mappings/sales/orders.yaml:21:18: to[0].map.lines: unknown function "$trm"; did you mean "$trim"?',
    ],
  },
  {
    name: 'a map that the action does not take',
    files: edit(ORDERS, 'ref: id', 'reff: id'),
    problems: [
      'mappings/sales/orders.yaml:17:7: to[0].map.reff: the action does not take "reff"; did you mean "ref"?',
    ],
  },
  {
    name: 'a map with a part that the action does not take',
    files: edit(ORDERS, 'buyer: { name:', 'buyer: { nmae:'),
    problems: [
      'mappings/sales/orders.yaml:18:16: to[0].map.buyer.nmae: the action does not take "nmae"; did you mean "name"?',
    ],
  },
  {
    name: 'a map file that is not there',
    files: edit(ORDERS, '\'lines.{ "sku": sku }\'', '{ file: lines.jsonata }'),
    problems: [
      'mappings/sales/orders.yaml:19:22: to[0].map.lines.file: there is no file "mappings/sales/lines.jsonata"',
    ],
  },
  {
    name: 'a mistake in a map file',
    files: {
      ...edit(ORDERS, '\'lines.{ "sku": sku }\'', '{ file: lines.jsonata }'),
      'mappings/sales/lines.jsonata': '/* Lines */\nlines.{\n  "sku": $trm(sku)\n}\n',
    },
    problems: [
      'mappings/sales/lines.jsonata:3:10: to[0].map.lines: unknown function "$trm"; did you mean "$trim"?',
    ],
  },
  {
    name: 'a map file with another ending',
    files: {
      ...edit(ORDERS, '\'lines.{ "sku": sku }\'', '{ file: lines.txt }'),
      'mappings/sales/lines.txt': 'lines.{ "sku": sku }\n',
    },
    problems: [
      'mappings/sales/orders.yaml:19:22: to[0].map.lines.file: a map in a file of its own is a *.jsonata file of the project, beside the mapping',
    ],
  },
  {
    name: 'a map file with no ending, elsewhere',
    files: edit(ORDERS, '\'lines.{ "sku": sku }\'', '{ file: ../lines }'),
    problems: [
      'mappings/sales/orders.yaml:19:22: to[0].map.lines.file: a map in a file of its own is a *.jsonata file of the project, beside the mapping',
    ],
  },
  {
    name: 'a map file outside of the project',
    files: edit(ORDERS, '\'lines.{ "sku": sku }\'', '{ file: ../../../x.jsonata }'),
    problems: [
      'mappings/sales/orders.yaml:19:22: to[0].map.lines.file: the file "../x.jsonata" can not be read: "../x.jsonata" is outside the project.',
    ],
  },
  {
    name: 'a mapping without a domain',
    files: { 'mappings/orders.yaml': GOOD[ORDERS] ?? '' },
    problems: [
      'mappings/orders.yaml:1:1: a mapping stands in the folder of its domain: mappings/<domain>/<name>.yaml',
    ],
  },
  {
    name: 'a mapping with a name that can not stand in a URL',
    files: { 'mappings/sales/My Orders.yaml': GOOD[ORDERS] ?? '' },
    problems: [
      'mappings/sales/My Orders.yaml:1:1: "sales/My Orders" can not be a name: use lower-case letters, digits, - and _ in file and folder names',
    ],
  },
  {
    name: 'one mapping in two files',
    files: { 'mappings/sales/orders.yml': GOOD[ORDERS] ?? '' },
    problems: [
      'mappings/sales/orders.yml:1:1: the mapping "sales/orders" is also in mappings/sales/orders.yaml',
    ],
  },
];
