import { ofOrder, setting, type BrokenMapping } from './setting.ts';

/** Mistakes in expressions: where they stand in a file, functions, operators, logic. */
export const BROKEN_EXPRESSIONS: readonly BrokenMapping[] = [
  {
    name: 'a mistake in a literal block',
    mapping: setting('text: |\n  $uppercase(\n    customer.firstNam\n  )'),
    says: ['10:20 unknown-path unknown name "firstNam"; did you mean "firstName"?'],
  },
  {
    name: 'a mistake in a folded block',
    mapping: setting('text: >-\n  customer.firstName\n  & " " &\n  customer.lastNam'),
    says: ['11:18 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a mistake behind escapes',
    mapping: setting('text: "\\"Mr\\u002E \\" & customer.lastNam"'),
    says: ['8:39 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a mistake behind doubled quotes',
    mapping: setting(`text: '"it''s " & customer.lastNam'`),
    says: ['8:34 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a mistake in plain text of two lines',
    mapping: setting('text: customer.firstName &\n  customer.lastNam'),
    says: ['9:18 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a mistake in quoted text of two lines',
    mapping: setting('text: "customer.firstName &\n  customer.lastNam"'),
    says: ['9:18 unknown-path unknown name "lastNam"; did you mean "lastName"?'],
  },
  {
    name: 'a mistake in a file',
    mapping: ofOrder('to:\n  - { target: x, connection: erp, action: log, map: { file: x.jsonata } }\n'),
    files: { 'mappings/sales/x.jsonata': '{\n  "ref": id,\n  "name": customer.firstNam\n}\n' },
    says: ['x.jsonata:3:20 unknown-path unknown name "firstNam"; did you mean "firstName"?'],
  },
  {
    name: 'a key that an object has twice',
    mapping: setting('any: \'{ "ref": id, "n": 1, "ref": "x" }\''),
    says: ['8:34 duplicate the key "ref" is there twice'],
  },
  {
    name: 'an object where an amount is wanted',
    mapping: setting('price: $decimal(customer)\ncount: $minorUnits(customer, "EUR")'),
    says: [
      '8:23 argument-type $decimal takes a number or a string as argument 1, and this is an object',
      '9:26 argument-type $minorUnits takes a number or a string as argument 1, and this is an object',
    ],
  },
  {
    name: 'a decimal for a function that calculates in binary',
    mapping: setting(
      'text: \'$formatNumber($roundTo(total, 2), "#,##0.00")\'\nlong: $formatBase($sum(lines.($decimal(unitPrice) * quantity)))\nprice: $sqrt($fromMinorUnits(1, "EUR") - 1)',
    ),
    says: [
      '8:28 argument-type $formatNumber takes a number as argument 1, and this is a decimal; make text of it with $fixed, or a number with $number',
      '9:25 argument-type $formatBase takes a number as argument 1, and this is a decimal; make text of it with $fixed, or a number with $number',
      '10:20 argument-type $sqrt takes a number as argument 1, and this is a decimal; make text of it with $fixed, or a number with $number',
    ],
  },
  {
    name: 'an unknown function',
    mapping: setting('text: $uppercse(id)'),
    says: ['8:13 unknown-function unknown function "$uppercse"; did you mean "$uppercase"?'],
  },
  {
    name: 'an unknown variable',
    mapping: setting('text: $order.id'),
    says: ['8:13 unknown-variable unknown variable "$order"'],
  },
  {
    name: 'too many arguments',
    mapping: setting('text: $uppercase(id, 1)'),
    says: ['8:13 argument-count $uppercase takes 0 or 1 arguments, and is given 2'],
  },
  {
    name: 'too few arguments',
    mapping: setting('text: $substring(id)'),
    says: ['8:13 argument-count $substring takes 2 or 3 arguments, and is given 1'],
  },
  {
    name: 'no arguments at all',
    mapping: setting('text: $replace()'),
    says: ['8:13 argument-count $replace takes 2 to 4 arguments, and is given none'],
  },
  {
    name: 'a number where text is taken',
    mapping: setting('text: $uppercase(total)'),
    says: [
      '8:24 argument-type $uppercase takes a string as argument 1, and this is a number; make a string of it with $string',
    ],
  },
  {
    name: 'text where a number is taken',
    mapping: setting('price: $round(id)'),
    says: [
      '8:21 argument-type $round takes a number as argument 1, and this is a string; make a number of it with $number',
    ],
  },
  {
    name: 'a list where text is taken',
    mapping: setting('text: $trim(tags)'),
    says: ['8:19 argument-type $trim takes a string as argument 1, and this is a list'],
  },
  {
    name: 'text where a function is taken',
    mapping: setting('any: $map(lines, id)'),
    says: ['8:24 argument-type $map takes a function as argument 2, and this is a string'],
  },
  {
    name: 'the sum of texts',
    mapping: setting('price: $sum(lines.sku)'),
    says: ['8:19 argument-type $sum takes a list of numbers, and this has a string'],
  },
  {
    name: 'joined numbers',
    mapping: setting('text: $join(lines.quantity, ",")'),
    says: ['8:19 argument-type $join takes a list of strings, and this has a whole number'],
  },
  {
    name: 'a context that is none of its kind',
    mapping: setting('text: lines.($uppercase())'),
    says: [
      '8:20 argument-count $uppercase works on the context here, which is an object, and takes a string',
    ],
  },
  {
    name: 'a chained value of the wrong kind',
    mapping: setting('text: total ~> $uppercase()'),
    says: [
      '8:13 argument-type $uppercase takes a string as argument 1, and this is a number; make a string of it with $string',
    ],
  },
  {
    name: 'a currency that there is not',
    mapping: setting('price: $fromMinorUnits(1, "EURO")'),
    says: ['8:33 argument-type $fromMinorUnits: "EURO" is not a currency code of ISO 4217'],
  },
  {
    name: 'sums of text',
    mapping: setting('price: id + 1'),
    says: ['8:14 operand-type "+" needs numbers, and this is a string; make a number of it with $number'],
  },
  {
    name: 'a product of lists',
    mapping: setting('price: tags * 2'),
    says: [
      '8:14 operand-type "*" needs numbers, and this is a list; add up a list with $sum, or take one item',
    ],
  },
  {
    name: 'a minus before text',
    mapping: setting('price: -id'),
    says: ['8:15 operand-type "-" needs numbers, and this is a string; make a number of it with $number'],
  },
  {
    name: 'text compared with a number',
    mapping: setting('flag: id > 5'),
    says: ['8:16 operand-type ">" compares a string with a number'],
  },
  {
    name: 'a comparison of objects',
    mapping: setting('flag: customer > 5'),
    says: ['8:13 operand-type ">" compares numbers or strings, and this is an object'],
  },
  {
    name: 'a key that is no text',
    mapping: setting("any: '{ lines[0].quantity: 1 }'"),
    says: ['8:15 operand-type the key of an object must be a string'],
  },
  {
    name: 'a comparison with a value that there is not',
    mapping: setting(`text: 'status = "payed" ? id : note'`),
    says: [
      '8:23 (constant-condition) always false: status is "open", "paid" or "cancelled"; did you mean "paid"?',
    ],
  },
  {
    name: 'a choice of values that there are not',
    mapping: setting(`flag: 'status in ["payd", "opn"]'`),
    says: [
      '8:21 (constant-condition) always false: "open", "paid" or "cancelled" is never equal to "payd" or "opn"',
    ],
  },
  {
    name: 'a comparison of kinds that are never equal',
    mapping: setting('flag: total = "0"'),
    says: ['8:19 (constant-condition) always false: number is never equal to "0"'],
  },
  {
    name: 'a predicate that nothing fits',
    mapping: setting(`text: 'lines[size = "XL"].sku'`),
    says: ['8:27 (constant-condition) always false: size is "S", "M" or "L"'],
  },
  {
    name: 'a difference that always is',
    mapping: setting(`flag: 'status != "payed"'`),
    says: [
      '8:24 (constant-condition) always true: status is "open", "paid" or "cancelled"; did you mean "paid"?',
    ],
  },
  {
    name: 'a filter that lets nothing through',
    mapping: ofOrder(
      'steps:\n  - filter: status = "payed"\n  - split: lines\nto:\n  - { target: x, connection: erp, action: log }\n',
    ),
    says: [
      '4:22 (constant-condition) always false: status is "open", "paid" or "cancelled"; did you mean "paid"?',
      '5:5 (dead-line) no message gets here: the filter before it lets nothing through',
    ],
  },
  {
    name: 'a "when" that is never so',
    mapping: ofOrder(
      'to:\n  - { target: x, when: status = "payed", connection: erp, action: log }\n  - { target: y, connection: erp, action: log }\n',
    ),
    says: [
      '4:24 (dead-line) no message reaches the target "x": its "when" is always false',
      '4:33 (constant-condition) always false: status is "open", "paid" or "cancelled"; did you mean "paid"?',
    ],
  },
  {
    name: 'a "when" that a filter rules out',
    mapping: ofOrder(
      'steps: [{ filter: status = "paid" }]\nto:\n  - { target: x, when: status = "open", connection: erp, action: log }\n',
    ),
    says: [
      '5:24 (dead-line) no message reaches the target "x": its "when" is always false',
      '5:33 (constant-condition) always false: status is "paid"',
    ],
  },
  {
    name: 'a filter that is switched off',
    mapping: ofOrder('steps: [{ filter: "false" }]\nto:\n  - { target: x, connection: erp, action: log }\n'),
    says: ['5:5 (dead-line) no message gets here: the filter before it lets nothing through'],
  },
  {
    name: 'a field that never gets a value',
    mapping: setting('text: "($x := 1; ())"'),
    says: ['8:14 (dead-line) this never gives a value'],
  },
  {
    name: 'an exact amount in an expression that only the interpreter knows',
    mapping: setting("any: '[$x := 1, $decimal(total)]'"),
    says: [
      '8:17 not-allowed $decimal needs the engine, which does not take this expression: a member of a constructor binds a variable for the others',
    ],
  },
];
