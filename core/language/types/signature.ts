import type { Form, Type } from './type.ts';

/** A parameter of a function, as JSONata's signatures say it: `<s-nn?:s>`. */
export interface Parameter {
  /** The letters of what it takes: s, n, b, l (null), o, a, f, d (decimal); lower-case, without `x` and `j`. */
  readonly takes: string;
  readonly optional: boolean;
  /** The context stands in for it. */
  readonly context: boolean;
  /** Any number of arguments. */
  readonly many: boolean;
  /** Of an array: what its items are. */
  readonly items?: string;
}

const ALL = 'snblaofd';

/** Functions of JSONata's that take a decimal in place of their first argument. */
export const DECIMAL_FUNCTIONS: ReadonlySet<string> = new Set(
  'sum average max min abs floor ceil round number clone'.split(' '),
);

/**
 * Reads a signature. What comes behind its colon is not used. With `decimals`, the first parameter takes them, which are
 * objects to JSONata: of no other object is it said that `(nso)` takes it.
 */
export function parametersOf(signature: string, decimals = false): readonly Parameter[] {
  const [first, ...others] = readParameters(signature.replaceAll('nso', 'ns'));
  if (first === undefined) return [];
  return decimals || signature.includes('nso')
    ? [{ ...first, takes: `${first.takes}d` }, ...others]
    : [first, ...others];
}

function readParameters(signature: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  const change = (by: Partial<Parameter>): void => {
    const last = parameters.pop();
    if (last !== undefined) parameters.push({ ...last, ...by });
  };
  for (let i = 1; i < signature.length; i++) {
    const symbol = signature.charAt(i);
    if (symbol === ':' || symbol === '>') break;
    const end = symbol === '(' || symbol === '<' ? closing(signature, i) : i;
    const inner = signature.slice(i + 1, end);
    if (symbol === '-') change({ context: true });
    else if (symbol === '?') change({ optional: true });
    else if (symbol === '+') change({ many: true });
    else if (symbol === '<') change(parameters.at(-1)?.takes === ALL ? { items: inner } : {});
    else
      parameters.push({
        takes: symbol === '(' ? inner : lettersOf(symbol),
        optional: false,
        context: false,
        many: false,
      });
    i = end;
  }
  return parameters;
}

function lettersOf(symbol: string): string {
  // Anything may stand for an array: it becomes an array of one.
  if (symbol === 'a' || symbol === 'x') return ALL;
  return symbol === 'j' ? 'snblaod' : symbol;
}

function closing(signature: string, start: number): number {
  const open = signature.charAt(start);
  const close = open === '(' ? ')' : '>';
  let depth = 0;
  for (let i = start; i < signature.length; i++) {
    if (signature.charAt(i) === open) depth++;
    else if (signature.charAt(i) === close && --depth === 0) return i;
  }
  return signature.length;
}

/** Which argument each parameter gets; `context` where the context stands in. Undefined where they do not fit. */
export type Fit = readonly (number | 'context' | undefined)[];

/** What an argument can be, in letters; undefined for anything. */
type Letters = string | undefined;

/** Fits arguments to parameters as JSONata does; what can not be told of an argument counts as fitting. */
export function fit(parameters: readonly Parameter[], args: readonly Letters[]): Fit | undefined {
  const from = (p: number, a: number): Fit | undefined => {
    const parameter = parameters[p];
    if (parameter === undefined) return a === args.length ? [] : undefined;
    const takes = a < args.length && accepts(parameter, args[a]);
    if (takes) {
      const rest = parameter.many ? (from(p, a + 1) ?? from(p + 1, a + 1)) : from(p + 1, a + 1);
      if (rest !== undefined) return [a, ...rest];
    }
    if (!parameter.context && !parameter.optional) return undefined;
    const rest = from(p + 1, a);
    return rest === undefined ? undefined : [parameter.context ? 'context' : undefined, ...rest];
  };
  return from(0, 0);
}

function accepts({ takes }: Parameter, letters: Letters): boolean {
  return letters === undefined || letters === '' || [...letters].some((letter) => takes.includes(letter));
}

const LETTERS: Readonly<Record<Form['kind'], string>> = {
  any: '',
  null: 'l',
  boolean: 'b',
  number: 'n',
  string: 's',
  list: 'a',
  object: 'o',
  function: 'f',
};

const DECIMAL = { true: 'nd', surely: 'd' } as const;

/** What a value can be, in the letters of signatures; undefined where it can be anything, or is nothing. */
export function lettersOfType(type: Type): Letters {
  if (type.forms.length === 0 || type.forms.some(({ kind }) => kind === 'any')) return undefined;
  return type.forms
    .map((form) =>
      form.kind === 'number' && form.decimal !== undefined ? DECIMAL[`${form.decimal}`] : LETTERS[form.kind],
    )
    .join('');
}

const WORDS: Readonly<Record<string, string>> = {
  s: 'a string',
  n: 'a number',
  b: 'a boolean',
  l: 'null',
  o: 'an object',
  a: 'a list',
  f: 'a function',
};
const PLURALS: Readonly<Record<string, string>> = { s: 'strings', n: 'numbers', o: 'objects', b: 'booleans' };

/** What a parameter takes, as part of a sentence. */
export function parameterText({ takes, items }: Parameter): string {
  if (takes.startsWith(ALL))
    return items === undefined ? 'anything' : `a list of ${PLURALS[items.charAt(0)] ?? 'values'}`;
  return [...takes].flatMap((letter) => WORDS[letter] ?? []).join(' or ');
}

/** How many arguments there may be: `1`, `1 to 2`, `2 or more`; `byContext`: the context may stand in for one. */
export function countText(parameters: readonly Parameter[], byContext: boolean): string {
  const least = parameters.filter(({ optional, context }) => !optional && !(byContext && context)).length;
  if (parameters.some(({ many }) => many)) return `${least} or more`;
  const most = parameters.length;
  return least === most ? String(most) : least + 1 === most ? `${least} or ${most}` : `${least} to ${most}`;
}
