import { ofOrder, setting, type BrokenMapping } from './setting.ts';

/** Names that a value can not have. */
export const BROKEN_NAMES: readonly BrokenMapping[] = [
  {
    name: 'a misspelt name',
    mapping: setting('text: custmer.firstName'),
    says: ['8:13 unknown-path unknown name "custmer"; did you mean "customer"?'],
  },
  {
    name: 'a misspelt name further down',
    mapping: setting('text: customer.fistName'),
    says: ['8:22 unknown-path unknown name "fistName"; did you mean "firstName"?'],
  },
  {
    name: 'a name that a closed schema does not have',
    mapping: setting(`lines: 'lines.{ "sku": sku, "qty": amount }'`),
    says: ['8:42 unknown-path unknown name "amount"; known are sku, name, quantity, unitPrice, size'],
  },
  {
    name: 'a misspelt name in a predicate',
    mapping: setting('text: lines[quantty > 1].sku'),
    says: ['8:19 unknown-path unknown name "quantty"; did you mean "quantity"?'],
  },
  {
    name: 'a misspelt name in an order',
    mapping: setting('names: lines^(>quantety).sku'),
    says: ['8:22 unknown-path unknown name "quantety"; did you mean "quantity"?'],
  },
  {
    name: 'a misspelt name in a function',
    mapping: setting('price: $sum($map(lines, function($l) { $l.quantity * $l.unitPrise }))'),
    says: ['8:63 unknown-path unknown name "unitPrise"; did you mean "unitPrice"?'],
  },
  {
    name: 'a misspelt name behind a variable',
    mapping: setting('text: "($c := customer; $c.lastNme)"'),
    says: ['8:34 unknown-path unknown name "lastNme"; did you mean "lastName"?'],
  },
  {
    name: 'a misspelt name behind the root',
    mapping: setting(`any: 'lines.{ "sku": sku, "order": $$.curency }'`),
    says: ['8:45 unknown-path unknown name "curency"; did you mean "currency"?'],
  },
  {
    name: 'a misspelt name in a chain',
    mapping: setting('text: customer.firstNam ~> $uppercase()'),
    says: ['8:22 unknown-path unknown name "firstNam"; did you mean "firstName"?'],
  },
  {
    name: 'a misspelt name in backticks',
    mapping: setting('text: customer.`lastNam`'),
    says: ['8:22 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a misspelt name in one branch',
    mapping: setting(`text: 'status = "paid" ? curency : id'`),
    says: ['8:32 unknown-path unknown name "curency"; did you mean "currency"?'],
  },
  {
    name: 'a misspelt name in a group',
    mapping: setting("any: 'lines{ sku: $sum(quantiy) }'"),
    says: ['8:30 unknown-path unknown name "quantiy"; did you mean "quantity"?'],
  },
  {
    name: 'a misspelt name in a transform',
    mapping: setting(`any: "customer ~> |$|{ 'id': lastNaem }|"`),
    says: ['8:36 unknown-path unknown name "lastNaem"; did you mean "lastName"?'],
  },
  {
    name: 'a misspelt name with a default',
    mapping: setting('text: nota ?? id'),
    says: ['8:13 unknown-path unknown name "nota"; did you mean "note"?'],
  },
  {
    name: 'a member of text',
    mapping: setting('text: id.value'),
    says: ['8:16 unknown-path unknown name "value": a string has no members'],
  },
  {
    name: 'a member of a number',
    mapping: setting('text: lines[0].quantity.value'),
    says: ['8:31 unknown-path unknown name "value": a number has no members'],
  },
  {
    name: 'a misspelt attribute of the message',
    mapping: setting('text: $message.tme'),
    says: ['8:22 unknown-path unknown name "tme"; did you mean "time"?'],
  },
  {
    name: 'a misspelt business key',
    mapping:
      'from: { connection: erp, source: webhook }\nmessage: { keys: { order: id } }\nto:\n  - { target: x, connection: erp, action: log, map: { ref: $message.keys.ordre } }\n',
    says: ['4:74 unknown-path unknown name "ordre"; did you mean "order"?'],
  },
  {
    name: 'a name that no variant has',
    mapping: setting('text: payment.las4'),
    says: ['8:21 unknown-path unknown name "las4"; did you mean "last4"?'],
  },
  {
    name: 'a misspelt name in message.id',
    mapping:
      'from: { connection: erp, source: webhook }\nmessage: { schema: sales/order@1, id: custmer.id }\nto:\n  - { target: x, connection: erp, action: log }\n',
    says: ['2:39 unknown-path unknown name "custmer"; did you mean "customer"?'],
  },
  {
    name: 'a misspelt name in message.keys',
    mapping:
      'from: { connection: erp, source: webhook }\nmessage: { schema: sales/line@1, keys: { article: skuu } }\nto:\n  - { target: x, connection: erp, action: log }\n',
    says: ['2:51 unknown-path unknown name "skuu"; did you mean "sku"?'],
  },
  {
    name: 'an attribute of the message where there is none yet',
    mapping:
      'from: { connection: erp, source: webhook }\nmessage: { keys: { order: $message.id } }\nto:\n  - { target: x, connection: erp, action: log }\n',
    says: ['2:27 unknown-variable unknown variable "$message"'],
  },
  {
    name: 'a misspelt name in a filter',
    mapping: ofOrder('steps: [{ filter: totl > 0 }]\nto:\n  - { target: x, connection: erp, action: log }\n'),
    says: ['3:19 unknown-path unknown name "totl"; did you mean "total"?'],
  },
  {
    name: 'a misspelt name in a split',
    mapping: ofOrder('steps: [{ split: linse }]\nto:\n  - { target: x, connection: erp, action: log }\n'),
    says: ['3:18 unknown-path unknown name "linse"; did you mean "lines"?'],
  },
  {
    name: 'a name that the items of a split do not have',
    mapping: ofOrder(
      'steps: [{ split: lines }]\nto:\n  - { target: x, connection: erp, action: log, map: { ref: id } }\n',
    ),
    says: ['5:60 unknown-path unknown name "id"; known are sku, name, quantity, unitPrice, size'],
  },
  {
    name: 'a name that a map step has left out',
    mapping: ofOrder(
      'steps:\n  - map: { ref: id }\nto:\n  - { target: x, connection: erp, action: log, map: { text: customer.id } }\n',
    ),
    says: ['6:61 unknown-path unknown name "customer"; known are ref'],
  },
  {
    name: 'a name that an answer does not have',
    mapping: ofOrder(
      'steps:\n  - enrich: { as: account, connection: erp, action: ask }\nto:\n  - { target: x, connection: erp, action: log, map: { ref: account.cod } }\n',
    ),
    says: ['6:68 unknown-path unknown name "cod"; did you mean "code"?'],
  },
  {
    name: 'a name that a topic does not have',
    mapping: ofOrder('to:\n  - { target: x, topic: sales/order@1 }\n'),
    files: {
      'mappings/sales/y.yaml':
        'from: { topic: sales/order@1 }\nto:\n  - { target: x, connection: erp, action: log, map: { ref: custmer.id } }\n',
    },
    says: ['y.yaml:3:60 unknown-path unknown name "custmer"; did you mean "customer"?'],
  },
  {
    name: 'a name that a recursive schema does not have',
    mapping:
      'from: { connection: erp, source: webhook }\nmessage: { schema: sales/tree@1 }\nto:\n  - { target: x, connection: erp, action: log, map: { n: children.children.naem } }\n',
    says: ['4:76 unknown-path unknown name "naem"; did you mean "name"?'],
  },
];
