import { must, ofOrder, setting, type BrokenMapping } from './setting.ts';

/** Outputs that a target does not take. */
export const BROKEN_OUTPUT: readonly BrokenMapping[] = [
  ...[
    { dependentRequired: { email: ['name'] } },
    { dependentSchemas: { email: { required: ['name'] } } },
    { if: { required: ['email'] }, then: { required: ['name'] } },
    { allOf: [{ if: { required: ['email'] }, then: { required: ['name'] } }] },
    { not: { required: ['email', 'name'] } },
    { anyOf: [{ required: ['email'] }, { required: ['name'] }] },
  ].map((keyword) => ({
    name: `other members than those that a schema asks for with ${JSON.stringify(keyword)}`,
    mapping: must('ref: id\namount: total\nat: custmer').replace('sales/order@1', 'sales/own@1'),
    files: {
      'schemas/sales/own@1.json': JSON.stringify({
        type: 'object',
        required: ['id', 'customer'],
        properties: {
          ...{ id: { type: ['string', 'null'] }, total: { type: 'number' }, customer: { type: 'string' } },
          ...{ email: { type: 'string' }, name: { type: 'string' } },
        },
        ...keyword,
      }),
    },
    says: [
      '8:12 possibly-null "ref" must be a string, and may be null; leave null out: `x != null ? x : …`',
      '9:15 possibly-missing the action needs "amount", and it may be missing: "total" is optional; give a default (`?? 0`), filter, or require it in its schema',
      '10:11 unknown-path unknown name "custmer"; did you mean "customer"?',
    ],
  })),
  {
    name: 'a required field that is not mapped',
    mapping: must('ref: id'),
    says: ['8:7 required-not-mapped the action needs "amount"'],
  },
  {
    name: 'a required field that is misspelt',
    mapping: must('ref: id\namuont: total ?? 0'),
    says: ['8:7 required-not-mapped the action needs "amount"; is it "amuont" here?'],
  },
  {
    name: 'a required field of an optional value',
    mapping: must('ref: id\namount: total'),
    says: [
      '9:15 possibly-missing the action needs "amount", and it may be missing: "total" is optional; give a default (`?? 0`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a required field of an optional value in a calculation',
    mapping: must('ref: id\namount: $round(total * 100)'),
    says: [
      '9:15 possibly-missing the action needs "amount", and it may be missing: "total" is optional; give a default (`?? 0`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a required field of a list that may be empty',
    mapping: must('ref: id\namount: $max(extras.quantity)'),
    says: [
      '9:15 possibly-missing the action needs "amount", and it may be missing: "extras" is optional; give a default (`?? 0`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a required field of a condition without another case',
    mapping: must('ref: id\namount: \'status = "paid" ? 1\''),
    says: [
      '9:16 (possibly-missing) the action needs "amount", and it may be missing: the condition has no other branch; add `: …` for the other case',
    ],
  },
  {
    name: 'a required field that never gets a value',
    mapping: must('ref: id\namount: "()"'),
    says: ['9:16 required-not-mapped the action needs "amount", and this never gives a value'],
  },
  {
    name: 'a required field inside',
    mapping: setting('address: { street: id }'),
    says: ['8:16 required-not-mapped the action needs "zip"'],
  },
  {
    name: 'an optional value inside',
    mapping: setting('address: { zip: customer.phone }'),
    says: [
      '8:23 possibly-missing the action needs "zip", and it may be missing: "phone" is optional; give a default (`?? ""`), filter, or require it in its schema',
    ],
  },
  {
    name: 'an optional value inside of an expression',
    mapping: setting(`lines: 'lines.{ "sku": name, "qty": quantity }'`),
    says: [
      '8:30 possibly-missing the action needs "sku", and it may be missing: "name" is optional; give a default (`?? ""`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a required field inside of an expression',
    mapping: setting(`lines: 'lines.{ "sku": sku }'`),
    says: ['8:14 required-not-mapped the action needs "qty"'],
  },
  {
    name: 'a field that the target does not take',
    mapping: setting('txt: id'),
    says: ['8:7 unknown-field the action does not take "txt"; did you mean "text"?'],
  },
  {
    name: 'a field inside that the target does not take',
    mapping: setting('address: { zip: id, stret: id }'),
    says: ['8:27 unknown-field the action does not take "stret"; did you mean "street"?'],
  },
  {
    name: 'a field of an expression that the target does not take',
    mapping: setting(`lines: 'lines.{ "sku": sku, "qty": quantity, "Net": 1 }'`),
    says: ['8:59 unknown-field the action does not take "Net"; did you mean "net"?'],
  },
  {
    name: 'text for a number',
    mapping: setting('count: id'),
    says: [
      '8:14 wrong-type "count" must be a whole number, and is a string; make a number of it with $number',
    ],
  },
  {
    name: 'a number for text',
    mapping: setting('text: total'),
    says: ['8:13 wrong-type "text" must be a string, and is a number; make a string of it with $string'],
  },
  {
    name: 'an object for text',
    mapping: setting('text: customer'),
    says: ['8:13 wrong-type "text" must be a string, and is an object'],
  },
  {
    name: 'text for an object',
    mapping: setting('address: id'),
    says: ['8:16 wrong-type "address" must be an object, and is a string'],
  },
  {
    name: 'a truth for text',
    mapping: setting('text: paid'),
    says: ['8:13 wrong-type "text" must be a string, and is true or false; make a string of it with $string'],
  },
  {
    name: 'a fraction for a whole number',
    mapping: setting('count: 1.5'),
    says: ['8:14 wrong-type "count" must be a whole number, 1 or more and 100 or less, and is 1.5'],
  },
  {
    name: 'a number out of range',
    mapping: setting('count: 101'),
    says: ['8:14 out-of-range "count" must be a whole number, 1 or more and 100 or less, and is 101'],
  },
  {
    name: 'a value that is not taken',
    mapping: setting(`stage: '"closed"'`),
    says: ['8:15 not-in-enum "stage" must be "open", "won" or "lost", and is "closed"'],
  },
  {
    name: 'a value that is nearly taken',
    mapping: setting('stage: { const: wonn }'),
    says: ['8:23 not-in-enum "stage" must be "open", "won" or "lost", and is "wonn"; did you mean "won"?'],
  },
  {
    name: 'some values that are not taken',
    mapping: setting('stage: status'),
    says: ['8:14 (not-in-enum) "stage" must be "open", "won" or "lost", and may be "paid" or "cancelled"'],
  },
  {
    name: 'text that is too long',
    mapping: setting(`short: '"Germany"'`),
    says: ['8:15 too-long "short" must have at most 5 characters, and is "Germany"'],
  },
  {
    name: 'text that may be too long',
    mapping: setting('short: note'),
    says: [
      '8:14 (too-long) "short" must have at most 5 characters, and may have 500; cut it with $substring(…, 0, 5)',
    ],
  },
  {
    name: 'text that is too short',
    mapping: setting('long: { const: x }'),
    says: ['8:22 too-short "long" must have at least 3 characters, and is "x"'],
  },
  {
    name: 'text that is too long when it is put together',
    mapping: setting(`short: '"order " & id'`),
    says: ['8:15 too-long "short" must have at most 5 characters, and has 7 or more'],
  },
  {
    name: 'a date and time for a date',
    mapping: setting('day: createdAt'),
    says: [
      '8:12 wrong-format "day" must be a valid date, and is a date-time; say whose day it is: $formatDate(…, "iso-date", "Europe/Berlin")',
    ],
  },
  {
    name: 'a date for a date and time',
    mapping: setting('at: shipBy'),
    says: ['8:11 wrong-format "at" must be a valid date-time, and is a date'],
  },
  {
    name: 'text that is no date',
    mapping: setting('day: { const: tomorrow }'),
    says: ['8:21 wrong-format "day" must be a valid date, and is "tomorrow"'],
  },
  {
    name: 'text that does not match',
    mapping: setting('code: { const: deu }'),
    says: ['8:22 wrong-pattern "code" must match ^[A-Z]{2}$, and is "deu"'],
  },
  {
    name: 'null for text',
    mapping: setting('text: null'),
    says: ['8:13 wrong-type "text" must be a string, and is null'],
  },
  {
    name: 'what may be null for text',
    mapping: setting('text: coupon'),
    says: [
      '8:13 possibly-null "text" must be a string, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'what may be null at the end of a merge',
    mapping: setting(`text: '$merge([{ "a": "x" }, { "a": coupon }]).a'`),
    says: [
      '8:14 possibly-null "text" must be a string, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'what a merge leaves as it is',
    mapping: setting(`text: '$merge([{ "a": total ?? 0 }, { "b": "x" }]).a'`),
    says: ['8:14 wrong-type "text" must be a string, and is a number; make a string of it with $string'],
  },
  {
    name: 'a member of the wrong kind that is let through',
    mapping: setting(`text: '$sift($, function($v) { $v != null }).total'`),
    says: ['8:14 wrong-type "text" must be a string, and is a number; make a string of it with $string'],
  },
  {
    name: 'null that a default lets through',
    mapping: setting('price: discount ?? 0'),
    says: [
      '8:14 possibly-null "price" must be a number, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'null that a question whether it is there lets through',
    mapping: setting('text: "$exists(coupon) ? coupon : id"'),
    says: [
      '8:14 possibly-null "text" must be a string, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'null that another value does not rule out',
    mapping: setting(`text: 'coupon = "X" ? "y" : coupon'`),
    says: [
      '8:14 possibly-null "text" must be a string, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'null behind a filter that asks whether it is there',
    mapping: ofOrder(
      'steps: [{ filter: $exists(coupon) }]\nto:\n  - { target: x, connection: erp, action: set, map: { text: coupon } }\n',
    ),
    says: [
      '5:61 possibly-null "text" must be a string, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'text that a default lets through',
    mapping: setting('count: either ?? 1'),
    says: [
      '8:14 wrong-type "count" must be a whole number, and may be a string; make a number of it with $number',
    ],
  },
  {
    name: 'several where there are some',
    mapping: setting('text: "lines ? lines.sku"'),
    says: [
      '8:14 list-for-single "text" must be a string, and may be a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'several where there are some by their count',
    mapping: setting('text: "$count(lines) > 0 ? lines.sku : id"'),
    says: [
      '8:14 list-for-single "text" must be a string, and may be a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'several that a default lets through',
    mapping: setting('text: extras.sku ?? id'),
    says: [
      '8:13 list-for-single "text" must be a string, and may be a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'a required field of a value that may be missing or null',
    mapping: must('ref: id\namount: discount'),
    says: [
      '9:15 possibly-missing the action needs "amount", and it may be missing: "discount" is optional; give a default (`?: 0`), filter, or require it in its schema',
      '9:15 possibly-null "amount" must be a number, and may be null; leave null out: `x != null ? x : …`',
    ],
  },
  {
    name: 'what is missing where a comparison does not hold',
    mapping: must(`ref: id\namount: 'total > 5 ? 1 : total'`),
    says: [
      '9:16 possibly-missing the action needs "amount", and it may be missing: "total" is optional; give a default (`?? 0`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a list for text',
    mapping: setting('text: lines.sku'),
    says: [
      '8:13 list-for-single "text" must be a string, and may be a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'a list of the message for text',
    mapping: setting('text: tags'),
    says: [
      '8:13 list-for-single "text" must be a string, and is a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'a list where there may be several',
    mapping: setting('text: extras.sku'),
    says: [
      '8:13 list-for-single "text" must be a string, and may be a list; take one item (`[0]`), or join them ($join, $sum)',
    ],
  },
  {
    name: 'a single value where nobody makes a list of it',
    mapping: setting('several: id'),
    says: [
      '8:16 single-for-list "several" must be a list, and is a string; write `[]` behind the path, or put it in brackets',
    ],
  },
  {
    name: 'several where nobody makes a list of one',
    mapping: setting('several: lines.sku'),
    says: [
      '8:16 single-for-list "several" must be a list, and may be a single value; write `[]` behind the path, or put it in brackets',
    ],
  },
  {
    name: 'too many items',
    mapping: setting('three: { const: [a, b, c, d] }'),
    says: ['8:23 item-count "three" must have at most 3 items, and has 4'],
  },
  {
    name: 'too few items',
    mapping: setting('three: []'),
    says: ['8:14 item-count "three" must have at least 1 item, and has none'],
  },
  {
    name: 'a list that may be empty',
    mapping: setting('three: tags'),
    says: ['8:14 (item-count) "three" must have at least 1 item, and may be empty'],
  },
  {
    name: 'items of the wrong kind',
    mapping: setting('names: lines.quantity'),
    says: [
      '8:14 wrong-type each item of "names" must be a string, and is a whole number; make a string of it with $string',
    ],
  },
  {
    name: 'no form that is wanted',
    mapping: setting('pay: { by: { const: cash } }'),
    says: ['8:12 wrong-type "pay" fits none of the 2 forms that the action takes'],
  },
  {
    name: 'a form that is not whole',
    mapping: setting('pay: { by: { const: card } }'),
    says: ['8:12 required-not-mapped the action needs "last4"'],
  },
  {
    name: 'a form of the wrong kind',
    mapping: setting('pay: id'),
    says: ['8:12 wrong-type "pay" must be an object, and is a string'],
  },
  {
    name: 'a function as a value',
    mapping: setting('text: "function($x) { $x }"'),
    says: ['8:14 wrong-type "text" must be a string, and is a function'],
  },
  {
    name: 'a body that an action does not take',
    mapping:
      'from: { connection: erp, source: hook }\nto:\n  - { target: x, connection: erp, action: must }\n',
    says: [
      '3:43 required-not-mapped the action needs "ref"',
      '3:43 required-not-mapped the action needs "amount"',
    ],
  },
  {
    name: 'a body that a step has made wrong',
    mapping: ofOrder(
      'steps:\n  - map: { ref: id, amount: id }\nto:\n  - { target: x, connection: erp, action: must }\n',
    ),
    says: ['6:43 wrong-type "amount" must be a number, and is a string; make a number of it with $number'],
  },
  {
    name: 'a question that an action does not take',
    mapping: ofOrder(
      'steps:\n  - enrich: { as: account, connection: erp, action: find, with: { email: customer.email } }\nto:\n  - { target: x, connection: erp, action: log }\n',
    ),
    says: [
      '4:74 possibly-missing the action needs "email", and it may be missing: "email" is optional; give a default (`?? ""`), filter, or require it in its schema',
    ],
  },
  {
    name: 'a single value for the list of a topic',
    mapping: ofOrder('to:\n  - { target: x, topic: sales/summary@1, map: { ref: id, skus: lines.sku } }\n'),
    says: [
      '4:64 single-for-list "skus" must be a list, and may be a single value; write `[]` behind the path, or put it in brackets',
    ],
  },
  {
    name: 'a topic that needs more',
    mapping: ofOrder('to:\n  - { target: x, topic: sales/summary@1, map: { ref: id, sku: id } }\n'),
    says: ['4:58 unknown-field the topic does not take "sku"; did you mean "skus"?'],
  },
  {
    name: 'what a topic takes under some condition',
    mapping: ofOrder('to:\n  - { target: x, topic: sales/own@1, map: { kind: { const: c }, name: id } }\n'),
    files: {
      'schemas/sales/own@1.json': JSON.stringify({
        type: 'object',
        required: ['kind', 'ref'],
        properties: { kind: { enum: ['a', 'b'] }, name: { type: 'number' } },
        if: { properties: { kind: { const: 'b' } } },
        then: { required: ['name'] },
      }),
    },
    says: [
      '4:43 required-not-mapped the topic needs "ref"',
      '4:60 not-in-enum "kind" must be "a" or "b", and is "c"',
      '4:71 wrong-type "name" must be a number, and is a string; make a number of it with $number',
    ],
  },
  {
    name: 'an item that no place of a list takes',
    mapping: ofOrder('to:\n  - { target: x, topic: sales/own@1, map: { pair: "[id]" } }\n'),
    files: {
      'schemas/sales/own@1.json': JSON.stringify({
        type: 'object',
        properties: { pair: { type: 'array', prefixItems: [{ type: 'number' }], items: false } },
      }),
    },
    says: [
      '4:51 wrong-type each item of "pair" must be a number, and is a string; make a number of it with $number',
    ],
  },
  {
    name: 'several mistakes in one expression',
    mapping: setting('text: custmer.firstName & $uppercse(curency)'),
    says: [
      '8:13 unknown-path unknown name "custmer"; did you mean "customer"?',
      '8:33 unknown-function unknown function "$uppercse"; did you mean "$uppercase"?',
      '8:43 unknown-path unknown name "curency"; did you mean "currency"?',
    ],
  },
  {
    name: 'the mistakes of several fields',
    mapping: setting('text: total\ncount: id\nstage: note'),
    says: [
      '8:13 wrong-type "text" must be a string, and is a number; make a string of it with $string',
      '9:14 wrong-type "count" must be a whole number, and is a string; make a number of it with $number',
    ],
  },
];
