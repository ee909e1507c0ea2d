import type { JsonSchema } from '../model/json-schema.ts';
import { toPointer } from './json-pointer.ts';
import { isSchema } from './local-ref.ts';
import { memberChoices } from './member-choice.ts';
import type { RawFault } from './raw-fault.ts';
import { linearRegExp } from './regex.ts';
import { schemasIn } from './schema-walk.ts';

/** One thing that is wrong with a value. Never quotes the value: it may be a secret or a person's data. */
export interface SchemaFault {
  /** JSON pointer (RFC 6901) into the value; `''` is the whole. */
  readonly path: string;
  /** A clause such as `must be a string`. */
  readonly message: string;
  /** The keyword of the schema that was not met. */
  readonly keyword: string;
  /** The member that is unknown or missing. */
  readonly member?: string;
  /** What would have been accepted instead: known members, or the values of an enum. */
  readonly known?: readonly string[];
}

/** Told of one value, at most. */
export const MAX_FAULTS = 50;

/** The faults worth telling, in plain words. */
export function toFaults(errors: readonly RawFault[]): readonly SchemaFault[] {
  const choices = memberChoices(errors);
  const telling = errors.filter(
    (error) => choices.messages.has(error) || (!choices.isBranch(error) && !isNoise(error, errors)),
  );
  return (telling.length > 0 ? telling : errors).slice(0, MAX_FAULTS).map((error) => {
    const message = choices.messages.get(error);
    return message === undefined
      ? toFault(error)
      : { path: error.instancePath, keyword: error.keyword, message };
  });
}

/** A choice that fails is told by what is wrong with its branches, and best of all by a list of what is allowed. */
function isNoise({ keyword, instancePath }: RawFault, errors: readonly RawFault[]): boolean {
  if (keyword === 'if' || keyword === 'propertyNames') return true;
  const others = errors.filter((error) => error.instancePath === instancePath && error.keyword !== keyword);
  if (keyword === 'anyOf' || keyword === 'oneOf') {
    return others.length > 0 || errors.some((error) => error.instancePath.startsWith(`${instancePath}/`));
  }
  return keyword === 'type' && others.some((error) => error.keyword === 'enum');
}

const A_TYPE: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function toFault(error: RawFault): SchemaFault {
  const base = { path: error.instancePath, keyword: error.keyword };
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const member = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      return { ...base, message: `unknown key "${member}"`, member, known };
    }
    case 'required': {
      const member = String(params['missingProperty']);
      return { ...base, message: `"${member}" is missing`, member };
    }
    case 'dependentRequired': {
      const member = String(params['missingProperty']);
      return {
        ...base,
        message: `"${member}" is missing, which "${String(params['property'])}" needs`,
        member,
      };
    }
    case 'type': {
      const types = ([] as string[]).concat(params['type'] as string | string[]);
      return { ...base, message: `must be ${types.map((type) => A_TYPE[type] ?? type).join(' or ')}` };
    }
    case 'enum': {
      const known = (params['allowedValues'] as readonly unknown[]).map(String);
      return { ...base, message: `must be one of ${known.join(', ')}`, known };
    }
    case 'const':
      return { ...base, message: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'pattern': {
      const examples = error.parentSchema?.['examples'];
      const like = Array.isArray(examples)
        ? `look like ${examples.map((e) => JSON.stringify(e)).join(' or ')}`
        : '';
      return { ...base, message: `must ${like === '' ? `match ${String(params['pattern'])}` : like}` };
    }
    case 'minItems':
    case 'minProperties':
    case 'minLength':
      return { ...base, message: `must have at least ${counted(params['limit'], error.keyword)}` };
    case 'maxItems':
    case 'maxProperties':
    case 'maxLength':
      return { ...base, message: `must have at most ${counted(params['limit'], error.keyword)}` };
    case 'discriminator': {
      const tag = String(params['tag']);
      const variants = (error.parentSchema?.['oneOf'] ?? []) as readonly JsonSchema[];
      const known = variants.map((variant) => constantOf(variant, tag)).filter((name) => name !== undefined);
      const path = `${base.path}/${tag}`;
      return { ...base, path, message: `must be one of ${known.join(', ')}`, known };
    }
    case 'format':
      return { ...base, message: `must be a valid ${String(params['format'])}` };
    case 'false schema':
      return { ...base, message: 'is not allowed here' };
    default:
      return { ...base, message: error.message ?? `does not fit "${error.keyword}"` };
  }
}

function counted(limit: unknown, keyword: string): string {
  const [one, many] = keyword.endsWith('Items')
    ? ['item', 'items']
    : keyword.endsWith('Properties')
      ? ['key', 'keys']
      : ['character', 'characters'];
  return `${String(limit)} ${limit === 1 ? one : many}`;
}

function constantOf(variant: JsonSchema, member: string): string | undefined {
  const constant = (variant['properties'] as Readonly<Record<string, JsonSchema>> | undefined)?.[member]?.[
    'const'
  ];
  return typeof constant === 'string' ? constant : undefined;
}

/** What in a schema can not be used here though the dialect has it; ajv would not say, or not in time. */
export function unusableFaults(schema: JsonSchema): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const { schema: one, path } of schemasIn(schema)) {
    const test = (pattern: string, ...place: readonly string[]): void => {
      try {
        linearRegExp(pattern);
      } catch (error) {
        const message = error instanceof Error ? error.message : 'the pattern can not be used';
        faults.push({ path: path + toPointer(place), keyword: 'pattern', message });
      }
    };
    const { pattern, patternProperties } = one;
    if (typeof pattern === 'string') test(pattern, 'pattern');
    for (const name of isSchema(patternProperties) ? Object.keys(patternProperties) : [])
      test(name, 'patternProperties', name);
    for (const keyword of ['$dynamicRef', '$recursiveRef'])
      if (keyword in one)
        faults.push({
          path: path + toPointer([keyword]),
          keyword,
          message: `${keyword} is not supported: say with $ref where it leads`,
        });
  }
  return faults;
}

/** The keywords that a misspelt one is compared with. */
export const SCHEMA_KEYWORDS = [
  '$defs',
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'contains',
  'default',
  'dependentRequired',
  'description',
  'enum',
  'examples',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'multipleOf',
  'not',
  'oneOf',
  'pattern',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'title',
  'type',
  'uniqueItems',
  'x-secret',
  'x-sensitive',
] as const;
