import { must, ofOrder, setting, type GoodMapping } from './setting.ts';

const good = (name: string, mapping: string, files?: GoodMapping['files']): GoodMapping => ({
  name,
  mapping,
  ...(files === undefined ? {} : { files }),
});

/** What an expression may do for a field of the action `set`. */
const leaf = (name: string, entry: string): GoodMapping => good(name, setting(entry));
/** What is given for the required `amount`. */
const amount = (name: string, expression: string): GoodMapping =>
  good(name, must(`ref: id\namount: '${expression.replaceAll("'", "''")}'`));

export const GOOD_MAPPINGS: readonly GoodMapping[] = [
  leaf('plain paths', 'text: id\nprice: total\nflag: paid\nday: shipBy\nat: createdAt\nmail: customer.email'),
  leaf('an optional value for an optional field', 'text: note'),
  leaf('one of several lines', 'text: lines[0].sku'),
  leaf('the last of several lines', 'text: lines[-1].sku'),
  leaf('the line that a predicate finds', "text: lines[sku = 'A'].name"),
  leaf('a path that a predicate ends', 'count: lines.quantity[$ > 3]'),
  leaf('a path over a list where a list is wanted', 'names: lines.sku'),
  leaf('a single value where a list is wanted', 'names: id'),
  leaf('a list in brackets', 'names: "[lines.sku, id]"'),
  leaf('a list that stays a list', 'several: lines.sku[]'),
  leaf('a sorted list', 'names: lines^(>quantity).sku'),
  leaf(
    'objects of each line',
    'lines: \'lines.{ "sku": sku, "qty": quantity, "net": $round(quantity * unitPrice, 2) }\'',
  ),
  leaf('objects of some lines', 'lines: \'lines[size = "S"].{ "sku": sku, "qty": quantity }\''),
  leaf(
    'objects of lists that a function maps',
    'lines: \'$map(lines, function($l) { { "sku": $l.sku, "qty": $l.quantity } })\'',
  ),
  leaf(
    'objects of lists that a function filters',
    'lines: \'$filter(lines, function($l) { $l.quantity > 1 }).{ "sku": sku, "qty": quantity }\'',
  ),
  leaf('a map that nests', 'address: { zip: customer.id, street: note }'),
  leaf(
    'a constant of each kind',
    'text: { const: a }\ncount: 3\nflag: true\nmaybe: null\nstage: { const: won }\nlevel: 2\nnames: { const: [a] }',
  ),
  leaf('a date out of a date and time', 'day: $substring(createdAt, 0, 10)'),
  leaf('a date and time that a function writes', 'at: $fromMillis($toMillis(createdAt) + 86400000)'),
  leaf('text that is cut', 'short: $substring(id, 0, 5)'),
  leaf('text of unknown length', 'short: id\nlong: id\ncode: currency'),
  leaf('numbers out of text', 'count: $number(id)\nprice: $number(customer.phone)'),
  leaf('text out of numbers', 'text: $string(total)'),
  leaf('a number for one of two kinds', 'either: lines[0].quantity'),
  leaf('null where it is welcome', 'maybe: coupon'),
  leaf('null that is ruled out', 'text: "coupon != null ? coupon"'),
  leaf('null that is ruled out by its truth', 'text: "coupon ? coupon : note"'),
  leaf('null that is ruled out by its type', 'text: \'$type(coupon) = "string" ? coupon\''),
  leaf('members of an object with any names', 'text: labels.anything\nany: labels.`with space`'),
  leaf('null that is ruled out among members of any names', "text: 'codes.erp != null ? codes.erp : id'"),
  leaf('zero that is ruled out by a bound', "count: 'share ? 1 : share'"),
  leaf('a variant that its tag tells', 'text: \'payment.type = "card" ? payment.last4 : payment.due\''),
  leaf('a variant of what is wanted', 'pay: \'{ "by": "card", "last4": "1234" }\''),
  leaf(
    'a variant of what is wanted, by a condition',
    'pay: \'payment.type = "card" ? { "by": "card", "last4": payment.last4 } : { "by": "invoice", "due": payment.due }\'',
  ),
  leaf('variables', "text: '($first := lines[0]; $name := $first.name; $name ? $name : $first.sku)'"),
  leaf('a variable that is bound twice', 'text: \'($x := 1; $x := "a"; $x)\''),
  leaf(
    'a function of its own',
    "price: '($net := function($l) { $l.quantity * $l.unitPrice }; $sum($map(lines, $net)))'",
  ),
  leaf(
    'a function that calls itself',
    "count: '($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(3))'",
  ),
  leaf('a function that is handed to another', 'names: $map(lines.sku, $uppercase)'),
  leaf('a chain of functions', 'text: id ~> $lowercase() ~> $trim()'),
  leaf('a function that is made of functions', 'text: "($clean := $trim ~> $uppercase; $clean(id))"'),
  leaf('a function with some of its arguments', 'text: "($start := $substring(?, 0, 3); $start(id))"'),
  leaf(
    'the sum of a reduction',
    "price: '$reduce(lines, function($sum, $l) { $sum + $l.quantity * $l.unitPrice }, 0)'",
  ),
  leaf('joined texts', 'text: $join(lines.sku, ", ")\nlong: customer.firstName & " " & customer.lastName'),
  leaf('groups', "any: 'lines{ sku: $sum(quantity) }'"),
  leaf('groups of lists', "any: 'lines{ size: sku[] }'"),
  leaf('lines and their order', 'lines: \'lines@$l.{ "sku": $l.sku, "qty": $l.quantity }\''),
  leaf('the number of a line', 'lines: \'lines#$i.{ "sku": sku, "qty": $i + 1 }\''),
  leaf('what stands above', 'any: \'lines.{ "sku": sku, "order": %.id }\''),
  leaf('wildcards', 'any: customer.*\ntext: $string(**.sku)'),
  leaf('a transform', "any: \"customer ~> |$|{ 'id': 'x' }, ['phone']|\""),
  leaf(
    'the attributes of the message',
    'text: $message.id\nat: $message.time\nany: $message.headers.`x-request-id`',
  ),
  leaf('a pattern and what it finds', 'text: $match(id, /[0-9]+/)[0].match\nflag: $contains(id, /^A/)'),
  leaf('what a regular expression replaces', 'text: \'$replace(id, /[^0-9]/, "")\''),
  leaf('a choice among all values', 'stage: \'status = "paid" ? "won" : status = "open" ? "open" : "lost"\''),
  leaf(
    'a look-up in an object that is written out',
    'stage: \'$lookup({ "paid": "won", "open": "open" }, status)\'',
  ),
  leaf('names in quotes', 'text: customer."firstName"\nlong: customer.`lastName`'),
  leaf('a comment in an expression', 'text: id /* the order */'),
  leaf('an exact amount', 'price: $sum(lines.($decimal(unitPrice) * quantity))'),
  leaf(
    'decimals where they are welcome',
    'text: $fixed($roundTo(total, 2), 2)\nlong: $string($abs($sum($allocate(total, 3))))\nprice: $max([$decimal(1), total])',
  ),
  leaf('a number of a decimal', 'text: \'$formatNumber($number($roundTo(total, 2)), "#,##0.00")\''),
  leaf('what may be a decimal', 'text: \'$formatNumber(paid ? $roundTo(total, 2) : total, "#,##0.00")\''),
  leaf('distinct values as a list', 'names: $distinct(lines.sku)\ntext: $join($distinct(lines.size), ",")'),
  leaf('an address that may be left out', 'address: \'customer.phone ? { "zip": customer.phone }\''),

  leaf(
    'a merge in which a later member takes the place of one',
    'text: \'$merge([$, { "coupon": "none" }]).coupon\'',
  ),
  leaf(
    'a merge in which one of two members takes the place of one',
    'text: \'$merge([{ "a": coupon }, paid ? { "a": "x" } : { "a": id }]).a\'',
  ),
  leaf(
    'a merge of a list that a variable holds',
    'text: \'($all := [{ "a": coupon }, { "a": "x" }]; $merge($all).a)\'',
  ),
  leaf(
    'a merge of a list of which nobody knows the last',
    'text: \'$merge($append([{ "a": coupon }], [{ "a": "x" }])).a\'',
  ),
  leaf('a merge with what may be missing', 'text: \'$merge([{ "a": id }, { "a": note }]).a\''),
  ...['$v != null', '$boolean($v)', '$type($v) != "null"', '$v and $k != "id"', '$contains($k, "x")'].map(
    (condition) =>
      leaf(
        `members that are let through: ${condition}`,
        `text: '$sift($, function($v, $k) { ${condition} }).coupon'`,
      ),
  ),
  leaf('members that a function of the language lets through', 'text: $sift($, $boolean).coupon'),
  leaf('items that a function of the language lets through', 'text: "$filter([coupon, id], $boolean)[0]"'),
  leaf(
    'members of other names that are let through',
    "text: '$sift(codes, function($v) { $v != null }).erp'",
  ),
  leaf(
    'members that are let through by their names',
    'address: \'$sift({ "zip": id, "phone": id }, function($v, $k) { $k in ["zip", "street"] })\'',
  ),

  amount('a default for what may be missing', 'total ?? 0'),
  amount('a default for what is falsy', 'total ?: 0'),
  amount('a condition on what may be missing', 'total ? total : 0'),
  amount('a question whether it is there', '$exists(total) ? total : 0'),
  amount('a question whether it is not there', '$not($exists(total)) ? 0 : total'),
  amount('a question among others', '$exists(total) and total > 0 ? total : 0'),
  amount('a question of its type', '$type(total) = "number" ? total : 0'),
  amount('a question by way of a variable', '($has := $exists(total); $has ? total : 0)'),
  amount('a comparison', 'total > 0 ? total : 0'),
  amount(
    'a question that is too clever to follow',
    '$count($keys($)[$ = "total"]) = 1 and $string(total) != "" ? total : 0',
  ),
  amount('a default for what may be missing or null', 'discount ?: 0'),
  amount('a question for null', 'discount != null ? discount : 0'),
  amount('a question for null by way of $not', '$not(discount = null) and $exists(discount) ? discount : 0'),
  amount('a question that leaves one of two', '$exists(total) or $exists(share) ? total ?? share : 0'),
  amount('two questions of one thing', 'total > 10 or total = 1 ? total : 0'),
  amount('zero that is ruled out', 'lines[0].quantity != 0 ? lines[0].quantity : 1'),
  leaf('one of two kinds', 'count: \'$type(either) = "string" ? $number(either) : either ?: 1\''),
  leaf('one of two kinds by what it is not', 'text: \'$type(either) != "number" ? either : "x"\''),
  leaf('a place in a list that is asked for', 'text: "$exists(extras[0]) ? extras[0].sku : id"'),
  leaf('a list of one', 'text: "$count(lines) = 1 ? lines.sku : id"'),
  leaf('values that are ruled out', 'stage: \'$not(status in ["paid", "cancelled"]) ? status : "won"\''),
  leaf(
    'values that two questions leave',
    'stage: \'status = "open" or $not(status in ["paid", "cancelled"]) ? status : "lost"\'',
  ),

  amount('the sum of a list that is never empty', '$sum(lines.(quantity * unitPrice))'),
  amount('a count of what may not be there', '$count(extras)'),
  amount('a value out of an unknown place', 'customer.history.amount'),

  good(
    'a filter that makes sure',
    ofOrder(
      'steps: [{ filter: $exists(total) }]\nto:\n  - { target: x, connection: erp, action: must, map: { ref: id, amount: total } }\n',
    ),
  ),
  good(
    'a filter of two conditions',
    ofOrder(
      'steps: [{ filter: status = "paid" and total > 0 }]\nto:\n  - { target: x, connection: erp, action: must, map: { ref: id, amount: total } }\n',
    ),
  ),
  good(
    'a "when" that makes sure',
    ofOrder(
      'to:\n  - { target: x, when: total, connection: erp, action: must, map: { ref: id, amount: total } }\n',
    ),
  ),
  good(
    'a schema that makes sure',
    ofOrder(
      'steps: [{ validate: sales/refund@1 }]\nto:\n  - { target: x, connection: erp, action: must, map: { ref: reason, amount: total } }\n',
    ),
  ),
  good(
    'a schema of several',
    'from: { connection: erp, source: webhook }\nmessage: { schema: sales/refund@1, id: id }\nto:\n  - { target: x, connection: erp, action: must, map: { ref: "lines[0].sku", amount: total } }\n',
  ),
  good(
    'lines, each by itself',
    ofOrder(
      'steps:\n  - split: lines\n  - filter: quantity > 1\nto:\n  - { target: x, connection: erp, action: must, map: { ref: sku, amount: quantity * unitPrice } }\n',
    ),
  ),
  good(
    'lines with a member that a merge has changed',
    ofOrder(
      'steps:\n  - split: \'lines.$merge([$, { "quantity": $string(quantity) }])\'\nto:\n  - { target: x, connection: erp, action: must, map: { ref: quantity, amount: unitPrice } }\n',
    ),
  ),
  good(
    'a body without what is null',
    ofOrder(
      'steps:\n  - map: $sift($, function($v) { $v != null })\nto:\n  - { target: x, connection: erp, action: set, map: { text: coupon } }\n',
    ),
  ),
  good(
    'a decimal that became a number behind a step',
    ofOrder(
      'steps:\n  - map: \'{ "rows": [lines.{ "n": $decimal(unitPrice) }], "sum": $roundTo(total, 2) }\'\nto:\n  - { target: x, connection: erp, action: set, map: { text: \'$formatNumber(sum, "0") & $formatNumber(rows[0].n, "0")\' } }\n',
    ),
  ),
  good(
    'a body that a step has made',
    ofOrder(
      'steps:\n  - map: { ref: id, amount: total ?? 0 }\nto:\n  - { target: x, connection: erp, action: must }\n',
    ),
  ),
  good(
    'a body that a step has made of an expression',
    ofOrder(
      'steps:\n  - map: \'{ "ref": id, "rows": lines.{ "n": quantity } }\'\nto:\n  - { target: x, connection: erp, action: must, map: { ref: ref, amount: $sum(rows.n) } }\n',
    ),
  ),
  good(
    'an answer that nobody describes',
    ofOrder(
      'steps:\n  - enrich: { as: account, connection: erp, action: find, with: { email: customer.email ?? "" } }\nto:\n  - { target: x, connection: erp, action: must, map: { ref: account.code, amount: account.limit } }\n',
    ),
  ),
  good(
    'an answer that is described',
    ofOrder(
      'steps:\n  - enrich: { as: account, connection: erp, action: ask }\nto:\n  - { target: x, connection: erp, action: must, map: { ref: account.code, amount: account.limit ?? 0 } }\n',
    ),
  ),
  good(
    'a body that nobody describes',
    'from: { connection: erp, source: webhook }\nmessage: { id: event.id, keys: { order: data.order.id } }\nsteps: [{ filter: event.type = "order" }]\nto:\n  - { target: x, connection: erp, action: must, map: { ref: data.id, amount: data.lines.amount } }\n',
  ),
  good(
    'a source that says what it gives',
    'from: { connection: erp, source: hook }\nto:\n  - { target: x, connection: erp, action: set, map: { at: scheduledAt } }\n',
  ),
  good(
    'a topic that a list goes to',
    ofOrder(
      'to:\n  - { target: x, topic: sales/summary@1, map: { ref: id, skus: "lines.sku[]", count: $count(lines) } }\n',
    ),
  ),
  good('a topic that is read', ofOrder('to:\n  - { target: x, topic: sales/order@1 }\n'), {
    'mappings/sales/y.yaml':
      'from: { topic: sales/order@1 }\nto:\n  - { target: x, connection: erp, action: set, map: { text: customer.lastName } }\n',
  }),
  good(
    'a tree',
    'from: { connection: erp, source: webhook }\nmessage: { schema: sales/tree@1 }\nto:\n  - { target: x, connection: erp, action: set, map: { names: children.children.children.name, text: parent.parent.parent.name } }\n',
  ),
  good(
    'a map in a file',
    ofOrder('to:\n  - { target: x, connection: erp, action: must, map: { file: x.jsonata } }\n'),
    {
      'mappings/sales/x.jsonata':
        '/* An order. */\n(\n  $sum := $sum(lines.(quantity * unitPrice));\n  { "ref": id, "amount": total ?? $sum }\n)\n',
    },
  ),
];
