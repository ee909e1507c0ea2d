/** What a finding means for the project: nothing starts with an error; a warning fails only `crossdock check --strict`. */
export type Severity = 'error' | 'warning';

/** One kind of finding. The reference page is made from these. */
export interface Check {
  /** What it usually is; a milder case of an error may be a warning. */
  readonly severity: Severity;
  readonly group: 'files' | 'expressions' | 'names' | 'output' | 'logic';
  readonly summary: string;
  /** A line that has it, and the same put right. */
  readonly broken?: string;
  readonly fixed?: string;
}

const error = (group: Check['group'], summary: string, broken?: string, fixed?: string): Check => ({
  severity: 'error',
  group,
  summary,
  ...(broken === undefined ? {} : { broken }),
  ...(fixed === undefined ? {} : { fixed }),
});
const warning = (...given: Parameters<typeof error>): Check => ({ ...error(...given), severity: 'warning' });

/** Every code that `crossdock check` can show. A code keeps its meaning; new ones may come. */
export const CHECKS = {
  file: error('files', 'A file is not there, can not be read, or stands where it can not be used.'),
  yaml: error('files', 'A file is no sound YAML or JSON.', 'from', 'from:'),
  'unknown-key': error('files', 'A key that there is not.', 'mesage: { id: id }', 'message: { id: id }'),
  form: error(
    'files',
    'A value that does not have the form that its key wants, a key that is missing, or two that do not go together.',
    'retry: { delays: [soon] }',
    'retry: { delays: [10s] }',
  ),
  secret: error(
    'files',
    'A secret that is missing, or that stands in the file.',
    'token: hunter2',
    "token: '${env:SHOP_TOKEN}'",
  ),
  address: error(
    'files',
    'A connection to an internal address that `outbound.allow` does not list, or an entry there that is no address.',
    'base_url: http://10.1.0.7:8080',
    'outbound: { allow: [10.1.0.7:8080] }',
  ),
  schema: error(
    'files',
    'A schema that is no JSON Schema 2020-12, or can not be used.',
    '{ type: text }',
    '{ type: string }',
  ),
  'unknown-reference': error(
    'files',
    'A connection, source, action, schema, topic or connector that there is not.',
    'connection: epr',
    'connection: erp',
  ),
  duplicate: error('files', 'Two things of one name.'),
  circle: error('files', 'Topics that would hand messages round in a circle.'),
  'enrich-writes': error(
    'files',
    'An `enrich` step with an action that changes something.',
    'enrich: { as: deal, connection: crm, action: upsert-deal }',
    'enrich: { as: account, connection: crm, action: find-account }',
  ),

  syntax: error('expressions', 'An expression that JSONata can not read.', 'status = ', 'status = "paid"'),
  'unknown-function': error(
    'expressions',
    'A function that there is not, or a function without its `$`.',
    '$uppercse(id)',
    '$uppercase(id)',
  ),
  'unknown-variable': error('expressions', 'A variable that nothing binds.', '$mesage.id', '$message.id'),
  'not-allowed': error(
    'expressions',
    'What no mapping may do: `$eval`, date pictures out of a message, patterns that can not be matched in linear time.',
    '$eval(script)',
    'total',
  ),
  'argument-count': error(
    'expressions',
    'A function with too few or too many arguments.',
    '$round(total, 2, 1)',
    '$round(total, 2)',
  ),
  'argument-type': error(
    'expressions',
    'An argument of a kind that the function never takes.',
    '$uppercase(total)',
    '$uppercase($string(total))',
  ),
  'operand-type': error(
    'expressions',
    'An operator on values that it fails on.',
    'id + 1',
    '$number(id) + 1',
  ),

  'unknown-path': error(
    'names',
    'A name that the value can not have: its schema is closed, or is open and has a name so near that this is a slip of the pen.',
    'custmer.email',
    'customer.email',
  ),

  'required-not-mapped': error(
    'output',
    'A field that the target requires and the mapping does not make.',
    '{ title: title }',
    '{ ref: id, title: title }',
  ),
  'unknown-field': error('output', 'A field that the target does not take.', '{ reff: id }', '{ ref: id }'),
  'possibly-missing': error(
    'output',
    'A required field of a value that may be missing. An error where the schema says that it is optional; a warning where a list may be empty or a condition has no other branch.',
    'amount: total',
    'amount: total ?? 0',
  ),
  'possibly-null': error(
    'output',
    'A value that may be null where the target does not take null.',
    'email: receipt_email',
    'email: "receipt_email != null ? receipt_email"',
  ),
  'wrong-type': error(
    'output',
    'A value of a kind that the target does not take.',
    'quantity: sku',
    'quantity: quantity',
  ),
  'list-for-single': error(
    'output',
    'A list, or a path that finds several values, where the target takes one.',
    'sku: lines.sku',
    'sku: lines[0].sku',
  ),
  'single-for-list': error(
    'output',
    'A single value where a list is wanted and the hub does not make it one: a topic, or one of several forms.',
    'skus: lines.sku',
    'skus: lines.sku[]',
  ),
  'not-in-enum': error(
    'output',
    'A value that is not one of those that the target takes; a warning where only some of its values are not.',
    'stage: \'"closed"\'',
    'stage: \'"won"\'',
  ),
  'too-long': error(
    'output',
    'Text that is longer than the target takes; a warning where it may be.',
    'country: \'"Germany"\'',
    'country: \'"DE"\'',
  ),
  'too-short': error('output', 'Text that is shorter than the target takes.', 'ref: \'""\'', 'ref: id'),
  'wrong-format': error(
    'output',
    'Text of another format than the target takes.',
    'date: createdAt',
    'date: $formatDate(createdAt, "iso-date", "Europe/Berlin")',
  ),
  'wrong-pattern': error(
    'output',
    'Text that does not match the pattern of the target.',
    'currency: \'"eur"\'',
    'currency: \'"EUR"\'',
  ),
  'out-of-range': error(
    'output',
    'A number out of the range that the target takes; a warning where it may be.',
    'quantity: { const: 0 }',
    'quantity: { const: 1 }',
  ),
  'item-count': error(
    'output',
    'A list with more or fewer items than the target takes; a warning where it may be.',
    'tags: { const: [] }',
    'tags: { const: [web] }',
  ),

  'constant-condition': warning(
    'logic',
    'A comparison that has the same outcome for every message.',
    'status = "payed"',
    'status = "paid"',
  ),
  'dead-line': warning(
    'logic',
    'A step or target that no message reaches, or a field that never gets a value.',
    'when: status = "payed"',
    'when: status = "paid"',
  ),
} as const satisfies Record<string, Check>;

export type CheckCode = keyof typeof CHECKS;
