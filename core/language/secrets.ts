import type { JsonSchema } from '../model/json-schema.ts';
import { branchesFor } from './defaults.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { formatPath, type Path } from './problem.ts';

/** Where `${env:NAME}` and `${file:PATH}` are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file, without the line end at its end. Rejects with the reason if it can't be read. */
  readonly readFile: (path: string) => Promise<string>;
}

export interface FilledIn {
  readonly value: unknown;
  /** Values that are one reference and nothing else: they may stand for a number. */
  readonly references: readonly Path[];
  readonly mistakes: readonly { readonly path: Path; readonly message: string }[];
}

const REFERENCE = /\$\{([^}]*)\}/g;

/**
 * Fills in the references of all strings in a value. `$${…}` is a `${…}` that means itself. A mistake names the
 * variable or file, never a value. `secret` says which paths may have no default and must be references.
 */
export async function fillIn(
  value: unknown,
  sources: SecretSources,
  secret: ReadonlySet<string> = new Set(),
): Promise<FilledIn> {
  const references: Path[] = [];
  const mistakes: { path: Path; message: string }[] = [];

  async function fill(node: unknown, path: Path): Promise<unknown> {
    if (typeof node === 'string') return fillText(node, path);
    if (Array.isArray(node)) return Promise.all(node.map((item, i) => fill(item, [...path, i])));
    if (typeof node !== 'object' || node === null) return node;
    const members = Object.entries(node).map(
      async ([key, member]) => [key, await fill(member, [...path, key])] as const,
    );
    return Object.fromEntries(await Promise.all(members));
  }

  async function fillText(text: string, path: Path): Promise<string> {
    const isSecret = secret.has(formatPath(path));
    let filled = '';
    let end = 0;
    let found = 0;
    for (const match of text.matchAll(REFERENCE)) {
      filled += text.slice(end, match.index);
      end = match.index + match[0].length;
      if (filled.endsWith('$')) {
        filled = filled.slice(0, -1) + match[0];
        continue;
      }
      found++;
      const result = await resolve(match[1] as string, sources, isSecret);
      if (typeof result === 'string') filled += result;
      else mistakes.push({ path, message: result.mistake });
    }
    if (isSecret && found === 0) {
      mistakes.push({
        path,
        message: 'a secret must not stand in the file: write ${env:NAME} or ${file:PATH}',
      });
    }
    if (found === 1 && /^\$\{[^}]*\}$/.test(text)) references.push(path);
    return filled + text.slice(end);
  }

  return { value: await fill(value, []), references, mistakes };
}

async function resolve(
  reference: string,
  { env, readFile }: SecretSources,
  isSecret: boolean,
): Promise<string | { readonly mistake: string }> {
  const [, kind, rest = ''] = /^(env|file):(.*)$/s.exec(reference) ?? [];
  if (kind === 'file') {
    try {
      return (await readFile(rest)).replace(/\r?\n$/, '');
    } catch (error) {
      return {
        mistake: `the file "${rest}" can not be read: ${error instanceof Error ? error.message : 'unknown'}`,
      };
    }
  }
  const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(rest) ?? [];
  if (kind !== 'env' || name === undefined) {
    // What stands there may be the secret itself.
    return { mistake: 'a reference is ${env:NAME} or ${file:PATH}' };
  }
  if (fallback !== undefined && isSecret)
    return { mistake: `a secret has no default: write \${env:${name}}` };
  const value = env[name];
  // As in a shell, what is empty has the default too; without one it is an empty text.
  if (value !== undefined && (value !== '' || fallback === undefined)) return value;
  return fallback ?? { mistake: `the environment variable ${name} is not set` };
}

/** The paths in a value (as `auth.token`) whose schema says `x-secret`. */
export function secretPaths(schema: JsonSchema, value: unknown): ReadonlySet<string> {
  return new Set(markedScalars(schema, value, 'x-secret').map(([path]) => formatPath(path)));
}

/** All that is no list or object and has this mark in its schema, or is within what has it. */
export function markedScalars(
  schema: JsonSchema,
  value: unknown,
  mark: 'x-secret' | 'x-address',
): readonly (readonly [path: Path, value: unknown])[] {
  const found: [Path, unknown][] = [];
  const collect = (part: JsonSchema, node: unknown, path: Path, inherited: boolean): void => {
    const marked = inherited || part[mark] === true;
    if (marked && (typeof node !== 'object' || node === null)) found.push([path, node]);
    const ref = part['$ref'];
    const target = typeof ref === 'string' ? lookUp(schema, ref) : undefined;
    for (const other of [...(target === undefined ? [] : [target]), ...branchesFor(part, node)]) {
      collect(other, node, path, marked);
    }
    for (const [key, member, own] of membersOf(part, node)) {
      if (marked || own !== undefined) collect(own ?? {}, member, [...path, key], marked);
    }
  };
  collect(schema, value, [], false);
  return found;
}

/** The members or items of a value, each with the schema that is about it alone. */
function membersOf(
  schema: JsonSchema,
  value: unknown,
): readonly (readonly [string | number, unknown, JsonSchema | undefined])[] {
  if (Array.isArray(value)) {
    const items = isSchema(schema['items']) ? schema['items'] : undefined;
    return (value as readonly unknown[]).map((item, i) => [i, item, items] as const);
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.entries(value).map(([key, member]) => {
    const own = Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'];
    return [key, member as unknown, isSchema(own) ? own : undefined] as const;
  });
}
