import { CrossdockError } from '../../model/errors.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { isSchema } from '../local-ref.ts';
import { tagBranches } from './discriminator.ts';
import { follow, resolve, type OpenApiDocument } from './document.ts';
import {
  isKnownFormat,
  isUsablePattern,
  NO_LOSS,
  PLAIN_KEYWORDS,
  SCHEMA_IN,
  SCHEMAS_IN,
} from './keywords.ts';
import { leaveOutCircles } from './self-references.ts';

/** Which way the body goes: a request leaves out what is `readOnly`, a response what is `writeOnly`. */
export type BodyDirection = 'request' | 'response';

export interface Converted {
  /** With all that it refers to in `$defs`. */
  readonly schema: JsonSchema;
  /** What the document says and the schema does not, for people. */
  readonly leftOut: readonly string[];
}

const MAX_DEPTH = 200;
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/**
 * Makes a JSON Schema 2020-12 of a schema of an OpenAPI document. Without a direction all members stay. Throws
 * CONFIG_INVALID for references that lead nowhere.
 */
export function convertSchema(
  document: OpenApiDocument,
  schema: JsonSchema,
  direction: BodyDirection | undefined,
): Converted {
  return new Converter(document, direction).convert(schema);
}

type Draft = Record<string, unknown>;

class Converter {
  readonly #document: OpenApiDocument;
  readonly #direction: BodyDirection | undefined;
  readonly #leftOut = new Set<string>();
  /** Reference → where the schema has it now. */
  readonly #places = new Map<string, string>();
  readonly #definitions = new Map<string, unknown>();

  constructor(document: OpenApiDocument, direction: BodyDirection | undefined) {
    this.#document = document;
    this.#direction = direction;
  }

  convert(schema: JsonSchema): Converted {
    let root = schema;
    for (let hops = 0; typeof root['$ref'] === 'string' && this.#isAlias(root) && hops < 50; hops++) {
      // What the schema is called in the document is the schema itself here.
      this.#places.set(root['$ref'], '#');
      root = follow(this.#document, root['$ref']);
    }
    const converted = this.#schema(root, 0);
    const made = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...(isSchema(converted) ? converted : { not: {} }),
      ...(this.#definitions.size === 0 ? {} : { $defs: Object.fromEntries(this.#definitions) }),
    };
    if (leaveOutCircles(made)) this.#leftOut.add('$ref to itself');
    return { schema: made, leftOut: [...this.#leftOut].sort() };
  }

  /** Whether there is nothing but a reference, or what is beside it does not count. */
  #isAlias(node: JsonSchema): boolean {
    return this.#document.version === '3.0' || Object.keys(node).length === 1;
  }

  #schema(node: unknown, depth: number, hidden: ReadonlySet<string> = new Set()): JsonSchema | boolean {
    if (typeof node === 'boolean') return node;
    if (!isSchema(node)) return {};
    if (depth > MAX_DEPTH)
      throw new CrossdockError(
        'CONFIG_INVALID',
        `A schema of the document is nested deeper than ${MAX_DEPTH} levels.`,
      );
    const draft: Draft = {};
    if (typeof node['$ref'] === 'string') {
      draft['$ref'] = this.#reference(node['$ref'], depth);
      // Beside a reference OpenAPI 3.0 has nothing; what people write there all the same is a remark.
      if (this.#document.version === '3.0') {
        if (typeof node['description'] === 'string') draft['description'] = node['description'];
        return nullable(draft, node);
      }
    }
    this.#takeOver(node, draft);
    typeOf(node, draft);
    boundsOf(node, draft);
    this.#wordsOf(node, draft);
    this.#membersOf(node, draft, { depth, hidden });
    this.#partsOf(node, draft, { depth, hidden });
    for (const keyword of Object.keys(node))
      if (!(keyword in draft) && !NO_LOSS.has(keyword) && keyword !== '$ref')
        this.#leftOut.add(nameOf(keyword, node[keyword]));
    for (const keyword of Object.keys(draft)) if (draft[keyword] === undefined) delete draft[keyword];
    flatten(draft);
    if (wantsTooMany(draft)) {
      delete draft['contains'];
      this.#leftOut.add('contains');
    }
    dropIdle(draft);
    return nullable(draft, node);
  }

  /** Where a referenced schema stands now; it is converted at its first mention. */
  #reference(ref: string, depth: number): string {
    const known = this.#places.get(ref);
    if (known !== undefined) return known;
    const target = follow(this.#document, ref);
    const base = (ref.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9._-]+/g, '_') || 'schema';
    let name = base;
    for (let i = 2; this.#definitions.has(name); i++) name = `${base}${i}`;
    const place = `#/$defs/${name}`;
    this.#places.set(ref, place);
    this.#definitions.set(name, {});
    this.#definitions.set(name, this.#schema(target, depth + 1));
    return place;
  }

  #takeOver(node: JsonSchema, draft: Draft): void {
    for (const [keyword, isUsable] of PLAIN_KEYWORDS)
      if (isUsable(node[keyword])) draft[keyword] = node[keyword];
    const { format, pattern } = node;
    if (typeof format === 'string' && isKnownFormat(format)) draft['format'] = format;
    if (format === 'password') draft['x-sensitive'] = true;
    if (typeof pattern === 'string' && isUsablePattern(pattern)) draft['pattern'] = pattern;
    // Of a schema by itself nobody knows which way it will go.
    if (this.#direction === undefined)
      for (const keyword of ['readOnly', 'writeOnly']) if (node[keyword] === true) draft[keyword] = true;
  }

  #wordsOf(node: JsonSchema, draft: Draft): void {
    const values = node['enum'];
    if (Array.isArray(values) && values.length > 0)
      draft['enum'] = [...new Map(values.map((value: unknown) => [JSON.stringify(value), value])).values()];
    if (Array.isArray(node['examples'])) draft['examples'] = node['examples'];
    else if (node['example'] !== undefined) draft['examples'] = [node['example']];
  }

  #membersOf(node: JsonSchema, draft: Draft, { depth, hidden }: Around): void {
    const gone = new Set([...hidden, ...this.#hiddenIn(node)]);
    if (isSchema(node['properties'])) {
      draft['properties'] = Object.fromEntries(
        Object.entries(node['properties'])
          .filter(([name]) => !gone.has(name))
          .map(([name, member]) => [name, this.#schema(member, depth + 1)]),
      );
    }
    for (const keyword of ['patternProperties', 'dependentSchemas']) {
      const schemas = node[keyword];
      if (!isSchema(schemas)) continue;
      draft[keyword] = Object.fromEntries(
        Object.entries(schemas)
          .filter(([name]) => keyword !== 'patternProperties' || isUsablePattern(name))
          .map(([name, member]) => [name, this.#schema(member, depth + 1)]),
      );
    }
    if (!Array.isArray(node['required'])) return;
    const names = node['required'].filter((name) => typeof name === 'string' && !gone.has(name));
    draft['required'] = names.length === 0 ? undefined : [...new Set(names)];
  }

  #partsOf(node: JsonSchema, draft: Draft, { depth, hidden }: Around): void {
    for (const keyword of SCHEMA_IN)
      if (node[keyword] !== undefined) draft[keyword] = this.#schema(node[keyword], depth + 1);
    for (const keyword of SCHEMAS_IN) {
      const parts = node[keyword];
      if (!Array.isArray(parts) || parts.length === 0) continue;
      // What one part of a whole calls required may be hidden by another part.
      const whole = keyword === 'allOf' ? new Set([...hidden, ...this.#hiddenIn(node)]) : undefined;
      draft[keyword] = parts.map((part) => this.#schema(part, depth + 1, whole));
    }
    const tag = isSchema(node['discriminator']) ? node['discriminator'] : undefined;
    for (const keyword of ['oneOf', 'anyOf'])
      if (tag !== undefined && Array.isArray(draft[keyword]))
        draft[keyword] = tagBranches(this.#document, tag, {
          branches: node[keyword] as readonly unknown[],
          converted: draft[keyword] as readonly unknown[],
        });
  }

  /** The members, here and in the parts of a whole, that do not go this way. */
  #hiddenIn(node: JsonSchema, depth = 0): readonly string[] {
    if (this.#direction === undefined || depth > 10) return [];
    const mark = this.#direction === 'request' ? 'readOnly' : 'writeOnly';
    const own = Object.entries(isSchema(node['properties']) ? node['properties'] : {})
      .filter(([, member]) => isSchema(member) && this.#isMarked(member, mark))
      .map(([name]) => name);
    const parts = Array.isArray(node['allOf']) ? node['allOf'] : [];
    return [
      ...own,
      ...parts.flatMap((part: unknown) =>
        isSchema(part) ? this.#hiddenIn(resolve(this.#document, part), depth + 1) : [],
      ),
    ];
  }

  #isMarked(member: JsonSchema, mark: string): boolean {
    return member[mark] === true || resolve(this.#document, member)[mark] === true;
  }
}

interface Around {
  readonly depth: number;
  /** Members that another part of the same whole hides. */
  readonly hidden: ReadonlySet<string>;
}

function nameOf(keyword: string, value: unknown): string {
  if (keyword === 'format' || keyword === 'pattern') return `${keyword} ${String(value)}`;
  return keyword.startsWith('x-') ? 'x-…' : keyword;
}

function typeOf(node: JsonSchema, draft: Draft): void {
  const types = ([] as unknown[]).concat(node['type'] ?? []).filter((type) => TYPES.includes(type as string));
  if (types.length > 0) draft['type'] = types.length === 1 ? types[0] : [...new Set(types)];
}

/** In OpenAPI 3.0 `exclusiveMinimum: true` makes another meaning of `minimum`; in JSON Schema it is a number of its own. */
function boundsOf(node: JsonSchema, draft: Draft): void {
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const value = node[exclusive];
    if (typeof value === 'number') draft[exclusive] = value;
    if (value === false) draft[exclusive] = undefined;
    if (value === true && typeof node[bound] === 'number') {
      draft[exclusive] = node[bound];
      // It is not lost: it became the other one.
      draft[bound] = undefined;
    }
  }
}

/** A whole of one part is that part: it is how OpenAPI 3.0 puts a remark beside a reference. */
function flatten(draft: Draft): void {
  const parts = draft['allOf'];
  if (!Array.isArray(parts) || parts.length !== 1 || draft['$ref'] !== undefined) return;
  const [only] = parts as readonly unknown[];
  if (!isSchema(only) || Object.keys(only).some((key) => key !== '$ref')) return;
  draft['$ref'] = only['$ref'];
  delete draft['allOf'];
}

/** No list can have more than it may have. Who writes `maxContains: 0` means something else. */
function wantsTooMany({ contains, minContains, maxContains }: Draft): boolean {
  return contains !== undefined && Number(minContains ?? 1) > Number(maxContains ?? Infinity);
}

/** Keywords that mean something only beside others: a project's schema may not have them alone. */
function dropIdle(draft: Draft): void {
  if (draft['if'] === undefined || (draft['then'] === undefined && draft['else'] === undefined))
    for (const keyword of ['if', 'then', 'else']) delete draft[keyword];
  // At least none is no demand at all.
  if (draft['minContains'] === 0 && draft['maxContains'] === undefined) delete draft['contains'];
  if (draft['contains'] === undefined)
    for (const keyword of ['minContains', 'maxContains']) delete draft[keyword];
}

const REMARKS = [
  'title',
  'description',
  'default',
  'deprecated',
  'examples',
  'readOnly',
  'writeOnly',
  'x-sensitive',
];

/** `nullable: true` of OpenAPI 3.0, which people go on using in 3.1. */
function nullable(draft: Draft, node: JsonSchema): JsonSchema {
  for (const key of Object.keys(draft)) if (draft[key] === undefined) delete draft[key];
  if (node['nullable'] !== true) return draft;
  const values = draft['enum'];
  if (Array.isArray(values) && !values.includes(null)) draft['enum'] = [...(values as unknown[]), null];
  const { type } = draft;
  if (type !== undefined) {
    const types = ([] as unknown[]).concat(type);
    if (!types.includes('null')) draft['type'] = [...types, 'null'];
    if (draft['$ref'] === undefined && !SCHEMAS_IN.some((keyword) => keyword in draft)) return draft;
  } else if (!['$ref', ...SCHEMAS_IN].some((keyword) => keyword in draft)) return draft;
  const remarks = Object.entries(draft).filter(([key]) => REMARKS.includes(key));
  const rest = Object.entries(draft).filter(([key]) => !REMARKS.includes(key));
  return { ...Object.fromEntries(remarks), anyOf: [Object.fromEntries(rest), { type: 'null' }] };
}
