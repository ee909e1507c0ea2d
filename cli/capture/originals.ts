import { memberPath } from '../output/diff.ts';

type Scalar = string | number | boolean;

/** Shorter texts are parts of too many words: they are looked for as words of their own, if they look like names. */
const PART_LENGTH = 4;

/** A sensitive text as it may stand within another one. */
interface Part {
  readonly text: string;
  /** As it is written, and as it stands in an address. */
  readonly forms: readonly { readonly pattern: RegExp; readonly encoded: boolean }[];
}

/** The sensitive values of a case and what stands in for each; finds them within other texts. */
export class Originals {
  readonly #standIns = new Map<Scalar, Scalar>();
  readonly #originals: ReadonlySet<Scalar>;
  /** Longest first, so that a part of another one does not tear it. */
  readonly #parts: readonly Part[];

  constructor(values: readonly Scalar[]) {
    this.#originals = new Set(values.filter((value) => typeof value !== 'boolean'));
    const texts = [...new Set([...this.#originals].map(String))];
    this.#parts = texts
      .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
      .flatMap((text) => partOf(text) ?? []);
  }

  /** How many stand-ins there are. */
  get made(): number {
    return this.#standIns.size;
  }

  standInOf(value: Scalar): Scalar | undefined {
    return this.#standIns.get(value);
  }

  replace(value: Scalar, standIn: Scalar): void {
    this.#standIns.set(value, standIn);
  }

  /** Whether a candidate is no original, holds none, and stands in for nothing else yet. */
  isFree(candidate: unknown): boolean {
    if (this.#originals.has(candidate as Scalar) || this.#holds(String(candidate))) return false;
    return ![...this.#standIns.values()].includes(candidate as Scalar);
  }

  /** A value that is not sensitive by itself, without the sensitive texts in it. */
  without(value: unknown): unknown {
    if (typeof value === 'string') return this.#rewrite(value);
    if (typeof value !== 'number' || String(Math.abs(value)).length < PART_LENGTH) return value;
    const standIn = Number(this.#standIns.get(value) ?? this.#standIns.get(String(value)) ?? NaN);
    return Number.isNaN(standIn) ? value : standIn;
  }

  /** A member's name, which is a word of the system more often than a person's data. */
  withoutInName(name: string): string {
    const standIn = this.#standIns.get(name);
    if (standIn !== undefined) return String(standIn);
    const isTelling = this.#parts.some(({ text }) => /[^\p{L}]/u.test(text) && name.includes(text));
    return isTelling ? this.#rewrite(name) : name;
  }

  /** Paths whose values still hold an original. */
  survivors(value: unknown, path = ''): readonly string[] {
    if (Array.isArray(value)) return value.flatMap((item, at) => this.survivors(item, `${path}[${at}]`));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([name, member]) =>
        this.survivors(member, memberPath(path, name)),
      );
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return this.#holds(String(value)) ? [path] : [];
  }

  #holds(text: string): boolean {
    return this.#parts.some(({ forms }) => forms.some(({ pattern }) => text.search(pattern) >= 0));
  }

  #rewrite(text: string): string {
    const whole = this.#standIns.get(text);
    if (whole !== undefined) return String(whole);
    let result = text;
    for (const part of this.#parts) {
      const standIn = String(this.#standIns.get(part.text) ?? this.#standIns.get(Number(part.text)) ?? '');
      for (const { pattern, encoded } of part.forms)
        result = result.replace(pattern, (found) =>
          inCaseOf(found, encoded ? encodeURIComponent(standIn) : standIn, part.text),
        );
    }
    return result;
  }
}

/** Undefined for what is too short to be looked for. */
function partOf(text: string): Part | undefined {
  const isLong = text.trim().length >= PART_LENGTH;
  if (!isLong && !/^(?=.*\p{Lu})(?=.*\p{Ll})\p{L}{2,}$/u.test(text)) return undefined;
  const pattern = (form: string): RegExp =>
    isLong
      ? new RegExp(escaped(form), 'giu')
      : new RegExp(`(?<![\\p{L}\\p{N}])${escaped(form)}(?![\\p{L}\\p{N}])`, 'gu');
  const inAddress = encodeURIComponent(text.toWellFormed());
  return {
    text,
    forms: [
      { pattern: pattern(text), encoded: false },
      ...(inAddress === text ? [] : [{ pattern: pattern(inAddress), encoded: true }]),
    ],
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A copy in capitals stays in capitals. */
function inCaseOf(found: string, standIn: string, text: string): string {
  if (found === text) return standIn;
  if (found === found.toUpperCase()) return standIn.toUpperCase();
  return found === found.toLowerCase() ? standIn.toLowerCase() : standIn;
}
