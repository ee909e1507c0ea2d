import type { JsonSchema } from '../../model/json-schema.ts';
import { isSchema } from '../local-ref.ts';

/** Members of which it hangs on the value what holds for them; `all` where it can not be told which ones. */
export type Undecided = ReadonlySet<string> | 'all';

/** Where a reference leads to, with what references there are relative to. */
export type Resolve<B> = (ref: string, base: B) => { readonly schema: unknown; readonly base: B } | undefined;

/** Keywords that say nothing of a value. */
const SILENT: ReadonlySet<string> = new Set([
  ...['$id', '$schema', '$comment', '$defs', 'definitions', 'title', 'description', 'default', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly'],
]);

/**
 * The members that `if`, `not`, `dependentRequired` and `dependentSchemas` decide about, in a schema and the parts of
 * its `allOf`. Undefined where none of them is there.
 */
export function undecidedIn<B>(
  parts: readonly JsonSchema[],
  base: B,
  resolve: Resolve<B>,
): Undecided | undefined {
  const names = new Names(resolve);
  let asked = false;
  for (const part of parts) {
    const { not, then, else: otherwise, dependentRequired, dependentSchemas } = part;
    asked ||= DECIDING.some((keyword) => part[keyword] !== undefined);
    if (part['$dynamicRef'] !== undefined) names.all = true;
    if (part['if'] !== undefined)
      for (const branch of [then, otherwise]) names.ofBranch(branch === false ? part['if'] : branch, base);
    if (not !== undefined) names.ofBranch(not, base, true);
    for (const needed of Object.values(isSchema(dependentRequired) ? dependentRequired : {}))
      names.listed(needed);
    for (const [name, schema] of Object.entries(isSchema(dependentSchemas) ? dependentSchemas : {})) {
      if (schema === false) names.add(name);
      else names.ofBranch(schema, base);
    }
  }
  return asked ? names.found() : undefined;
}

const DECIDING = ['if', 'not', 'dependentRequired', 'dependentSchemas', '$dynamicRef'];

/** The members that the branches of an `anyOf` or `oneOf` tell apart. */
export function undecidedAmong<B>(branches: readonly unknown[], base: B, resolve: Resolve<B>): Undecided {
  const names = new Names(resolve);
  for (const branch of branches) names.ofBranch(branch, base);
  return names.found();
}

class Names<B> {
  all = false;
  readonly #names = new Set<string>();
  readonly #seen = new Set<unknown>();
  readonly #resolve: Resolve<B>;

  constructor(resolve: Resolve<B>) {
    this.#resolve = resolve;
  }

  found(): Undecided {
    return this.all ? 'all' : this.#names;
  }

  add(name: string): void {
    this.#names.add(name);
  }

  listed(names: unknown): void {
    for (const name of Array.isArray(names) ? names : []) this.add(String(name));
  }

  /** All that a schema speaks of which holds under some condition. */
  ofBranch(branch: unknown, base: B, negative = false): void {
    if (branch === undefined || branch === true || this.#seen.has(branch)) return;
    if (!isSchema(branch)) {
      this.all = true;
      return;
    }
    this.#seen.add(branch);
    for (const [keyword, value] of Object.entries(branch)) this.#ofKeyword(keyword, value, base, negative);
  }

  #ofKeyword(keyword: string, value: unknown, base: B, negative: boolean): void {
    switch (keyword) {
      case 'properties':
      case 'dependentRequired':
      case 'dependentSchemas':
        for (const [name, one] of Object.entries(isSchema(value) ? value : {})) {
          this.add(name);
          if (keyword === 'dependentRequired') this.listed(one);
          if (keyword === 'dependentSchemas') this.ofBranch(one, base);
        }
        return;
      case 'required':
        this.listed(value);
        return;
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        for (const one of Array.isArray(value) ? value : []) this.ofBranch(one, base, negative);
        return;
      case 'if':
      case 'then':
      case 'else':
        this.ofBranch(value, base, negative);
        return;
      case 'not':
        this.ofBranch(value, base, true);
        return;
      case '$ref': {
        const target = this.#resolve(String(value), base);
        if (target === undefined) this.all = true;
        else this.ofBranch(target.schema, target.base, negative);
        return;
      }
      case 'type':
        if (negative || value !== 'object') this.all = true;
        return;
      default:
        if (!SILENT.has(keyword)) this.all = true;
    }
  }
}
