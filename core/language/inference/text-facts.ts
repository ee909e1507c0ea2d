import { looksSensitive } from './sensitive.ts';
import { schemaRegistry, type Validator } from '../schema.ts';

/** What may be recognised in texts, the narrowest first: the first that all texts have is taken. */
const FORMATS = ['uuid', 'date-time', 'date', 'email', 'uri'] as const;

export type TextFormat = (typeof FORMATS)[number];

/** Numbers as CSV and XML have them. */
const NUMBERS = {
  whole: /^-?[0-9]+$/,
  decimal: /^-?[0-9]+([.][0-9]+)?$/,
} as const;

export type NumberText = keyof typeof NUMBERS;

/** The pattern of a text that is a number. */
export function numberPattern(kind: NumberText): string {
  return NUMBERS[kind].source;
}

/** Distinct texts beyond which nobody would call them the values of an enum. */
const MAX_DISTINCT = 12;
const MAX_SHOWN = 60;

/** What is known of the texts that were seen at one place. */
export class TextFacts {
  count = 0;
  empty = 0;
  /** The first one that is short enough to be an example. */
  example: string | undefined;
  readonly #formats = new Set<TextFormat>(FORMATS);
  readonly #numbers = new Set<NumberText>(['whole', 'decimal']);
  #distinct: Map<string, number> | undefined = new Map<string, number>();

  add(text: string): void {
    this.count++;
    if (text === '') this.empty++;
    else if (text.length <= MAX_SHOWN) this.example ??= text;
    for (const format of this.#formats) if (!isFormat(format, text)) this.#formats.delete(format);
    if (text !== '')
      for (const kind of this.#numbers) if (!NUMBERS[kind].test(text)) this.#numbers.delete(kind);
    this.#distinct?.set(text, (this.#distinct.get(text) ?? 0) + 1);
    if ((this.#distinct?.size ?? 0) > MAX_DISTINCT || text.length > MAX_SHOWN) this.#distinct = undefined;
  }

  /** The format that all of at least `least` texts have. */
  format(least: number): TextFormat | undefined {
    return this.count < least ? undefined : FORMATS.find((format) => this.#formats.has(format));
  }

  /** Whether all of at least `least` texts that are not empty are numbers. */
  number(least: number): NumberText | undefined {
    if (this.count - this.empty < least) return undefined;
    return this.#numbers.has('whole') ? 'whole' : this.#numbers.has('decimal') ? 'decimal' : undefined;
  }

  /** All texts, if they are few and each came up several times: four times as many texts as different ones. */
  values(): readonly string[] | undefined {
    const distinct = this.#distinct;
    if (distinct === undefined || distinct.size === 0 || this.count < 4 * distinct.size) return undefined;
    const values = [...distinct.keys()];
    return values.some(looksSensitive) ? undefined : values;
  }

  /** Takes in what was seen at another place. */
  merge(other: TextFacts): void {
    this.count += other.count;
    this.empty += other.empty;
    this.example ??= other.example;
    for (const format of this.#formats) if (!other.#formats.has(format)) this.#formats.delete(format);
    for (const kind of this.#numbers) if (!other.#numbers.has(kind)) this.#numbers.delete(kind);
    for (const [text, count] of other.#distinct ?? [])
      this.#distinct?.set(text, (this.#distinct.get(text) ?? 0) + count);
    if (other.#distinct === undefined || (this.#distinct?.size ?? 0) > MAX_DISTINCT)
      this.#distinct = undefined;
  }
}

const validators = new Map<TextFormat, Validator>();

/** Judged by the very validator that messages are judged by later. */
function isFormat(format: TextFormat, text: string): boolean {
  // A scheme alone makes a URI of `SKU:4711`.
  if (format === 'uri' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return false;
  let validator = validators.get(format);
  if (validator === undefined) {
    validator = schemaRegistry(new Map()).compile({ type: 'string', format });
    validators.set(format, validator);
  }
  return validator(text).length === 0;
}
