import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CrossdockError } from '../model/errors.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import { linearRegExp } from './regex.ts';
import { MAX_FAULTS, SCHEMA_KEYWORDS, toFaults, unusableFaults, type SchemaFault } from './schema-faults.ts';
import { addressOf, nameAt, resolveRefs, type UnknownRef } from './schema-refs.ts';
import { selfRefs, type SelfRef } from './self-refs.ts';

/** Everything that is wrong with a value; an empty list if it fits. At most 50 faults. */
export type Validator = (value: unknown) => readonly SchemaFault[];

export interface SchemaRegistry {
  /**
   * The validator of a named schema, or of one that is given. Compiled once. A `$ref` may name another schema
   * (`sales/customer@1`, with `#/$defs/…` behind it if need be), or its path relative to this one's.
   * Throws CONFIG_INVALID when there is no such schema or it does not compile.
   */
  compile(nameOrSchema: string | JsonSchema): Validator;
  /** What is wrong with a named schema itself; paths point into the schema. */
  check(name: string): readonly SchemaFault[];
}

/** Knows the named schemas of a project. Nothing is ever loaded from elsewhere. */
export function schemaRegistry(schemas: ReadonlyMap<string, JsonSchema>): SchemaRegistry {
  const unknownRefs = new Map<string, readonly UnknownRef[]>();
  const resolved = new Map<string, JsonSchema>();
  for (const [name, schema] of schemas) {
    const { schema: absolute, unknown } = resolveRefs(schema, name, schemas);
    resolved.set(name, absolute);
    unknownRefs.set(name, unknown);
  }
  // A project's own schemas are held to known keywords; those that connectors derive from elsewhere are not.
  const strict = ajvWith(resolved, true);
  const lenient = lazy(() => ajvWith(resolved, false));
  // OpenAPI's `discriminator` may stand where ajv's can not.
  const blunt = lazy(() => ajvWith(resolved, false, false));
  const sound = lazy(() => selfRefs(resolved, resolved).length === 0);
  const endlessIn = (name: string, schema: JsonSchema): readonly SelfRef[] =>
    sound() ? [] : selfRefs(new Map([[name, schema]]), resolved);
  const named = new Map<string, Validator>();
  const inline = new WeakMap<JsonSchema, Validator>();

  function compileNamed(name: string): Validator {
    const known = named.get(name);
    if (known !== undefined) return known;
    const schema = resolved.get(name);
    if (schema === undefined) throw new CrossdockError('CONFIG_INVALID', `There is no schema "${name}".`);
    refuseUnusable(schema, `Schema "${name}"`);
    refuseEndless(endlessIn(name, schema));
    const validator = validatorOf(
      compileOrThrow(() => strict.getSchema(addressOf(name)), `Schema "${name}"`),
    );
    named.set(name, validator);
    return validator;
  }

  function compileInline(schema: JsonSchema): Validator {
    const known = inline.get(schema);
    if (known !== undefined) return known;
    const { schema: linked } = resolveRefs(schema, '', schemas);
    refuseUnusable(linked, 'A schema');
    refuseEndless(selfRefs(new Map([['', linked]]), resolved));
    // Without an address ajv does not find `#`.
    const absolute = { ...linked, $id: 'inline:/' };
    const compile = (): ValidateFunction => {
      try {
        return lenient().compile(absolute);
      } catch (error) {
        if (!reasonOf(error).startsWith('discriminator')) throw error;
        return blunt().compile(absolute);
      }
    };
    const validator = validatorOf(compileOrThrow(compile, 'A schema'));
    inline.set(schema, validator);
    return validator;
  }

  return {
    compile: (nameOrSchema) =>
      typeof nameOrSchema === 'string' ? compileNamed(nameOrSchema) : compileInline(nameOrSchema),
    check: (name) => {
      const schema = resolved.get(name);
      const unknown = (unknownRefs.get(name) ?? []).map(toRefFault);
      if (schema === undefined || unknown.length > 0) return unknown;
      return checkSchema(strict, schema, name, () => endlessIn(name, schema));
    },
  };
}

function ajvWith(schemas: ReadonlyMap<string, JsonSchema>, strict: boolean, discriminator = true): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // Else each object would have a `constructor` and a `toString`.
    ownProperties: true,
    strict,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    discriminator,
    allowUnionTypes: true,
    // A property that matches a pattern must satisfy both: nothing is ambiguous.
    allowMatchingProperties: true,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: Object.assign(schemaPattern, { code: 'linearRegExp' }) },
  });
  addFormats.default(ajv);
  ajv.addVocabulary(['$anchor', 'x-address', 'x-secret', 'x-sensitive', 'example', 'xml', 'externalDocs']);
  if (!discriminator) ajv.addKeyword('discriminator');
  for (const [name, schema] of schemas) ajv.addSchema(schema, addressOf(name));
  return ajv;
}

function schemaPattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = linearRegExp(pattern);
  // ajv tells patterns apart by what they look like as text.
  return { test: (text) => compiled.test(text), toString: () => `/${pattern}/` };
}

function compileOrThrow(compile: () => ValidateFunction | undefined, what: string): ValidateFunction {
  let validate: ValidateFunction | undefined;
  try {
    validate = compile();
  } catch (error) {
    throw new CrossdockError('CONFIG_INVALID', `${what} does not compile: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
  if (validate === undefined) throw new CrossdockError('CONFIG_INVALID', `${what} does not compile.`);
  return validate;
}

function validatorOf(validate: ValidateFunction): Validator {
  return (value) => (validate(value) ? NO_FAULTS : toFaults(validate.errors ?? []));
}

const NO_FAULTS: readonly SchemaFault[] = Object.freeze([]);

function toRefFault(ref: UnknownRef): SchemaFault {
  return {
    path: ref.path,
    keyword: '$ref',
    message: `"${ref.target}" is no schema of this project`,
    member: ref.target,
    known: ref.known,
  };
}

function toEndlessFault({ path }: SelfRef): SchemaFault {
  return { path, keyword: '$ref', message: ENDLESS };
}

function refuseUnusable(schema: JsonSchema, what: string): void {
  const [first] = unusableFaults(schema);
  if (first === undefined) return;
  throw new CrossdockError(
    'CONFIG_INVALID',
    `${what} does not compile: ${first.message} (at ${first.path}).`,
  );
}

/** Else each value would be too much for the stack. */
function refuseEndless([first]: readonly SelfRef[]): void {
  if (first === undefined) return;
  const what = first.name === '' ? 'A schema' : `Schema "${first.name}"`;
  const { path, message } = toEndlessFault(first);
  throw new CrossdockError('CONFIG_INVALID', `${what} ${message} (at ${path}).`);
}

function checkSchema(
  ajv: Ajv2020,
  schema: JsonSchema,
  name: string,
  endless: () => readonly SelfRef[],
): readonly SchemaFault[] {
  const dialect = schema['$schema'];
  if (dialect !== undefined && dialect !== DIALECT) {
    return [{ path: '/$schema', keyword: '$schema', message: `only ${DIALECT} is understood` }];
  }
  try {
    if (ajv.validateSchema(schema) !== true) return toFaults(ajv.errors ?? []);
    const unusable = unusableFaults(schema);
    if (unusable.length > 0) return unusable;
    const circles = endless();
    // Those of another schema are told of that one.
    if (circles.length > 0)
      return circles
        .filter((one) => one.name === name)
        .slice(0, MAX_FAULTS)
        .map(toEndlessFault);
    ajv.getSchema(addressOf(name));
    return NO_FAULTS;
  } catch (error) {
    const reason = reasonOf(error);
    const keyword = /unknown keyword: "([^"]+)"/.exec(reason)?.[1];
    if (keyword === undefined) return [{ path: '', keyword: '', message: `does not compile: ${reason}` }];
    const message = `unknown keyword "${keyword}"`;
    return [{ path: '', keyword: 'strict', message, member: keyword, known: SCHEMA_KEYWORDS }];
  }
}

const ENDLESS = 'refers to itself without going into the value: it could never be checked';
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error))
    .replaceAll(/crossdock:[^\s#]*/g, (address) => nameAt(address) ?? address)
    .replace(/^strict mode: /, '')
    .replace(/\.$/, '');
}

function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
