import { CrossdockError } from '../../model/errors.ts';
import { EngineError } from './error.ts';

/** What an evaluation may use; 0 is no limit. */
export interface Limits {
  readonly timeoutMs: number;
  /** How deep evaluation may nest. */
  readonly stack: number;
  /** Members of a sequence. */
  readonly sequence: number;
}

export type Bindings = Readonly<Record<string, unknown>>;

/** What holds for all evaluations of a program. */
export interface RunSettings {
  readonly limits: Limits;
  /** All sequences are marked, for `$distinct`. */
  readonly marksAll: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const MAX_CHARS = 64 * 1024 * 1024;
const STEPS_BETWEEN_LOOKS = 1_024;

/** One evaluation: its data, its limits and what it did that the way out must know. */
export class Run {
  readonly root: unknown;
  readonly bindings: Bindings | undefined;
  /** A message that is a list is one item, not many: it goes in wrapped. */
  readonly wrapper: readonly unknown[] | undefined;
  readonly maxSequence: number;
  readonly marksAll: boolean;
  /** Levels of the tree above the body that is evaluated now. */
  depth = 0;
  /** The result needs a look before it leaves: marked lists, numbers out of range. */
  unclean = false;
  readonly #settings: RunSettings;
  readonly #maxDepth: number;
  #steps = 0;
  #began = -1;
  #now = -1;

  constructor(
    root: unknown,
    bindings: Bindings | undefined,
    wrapper: readonly unknown[] | undefined,
    settings: RunSettings,
  ) {
    this.root = root;
    this.bindings = bindings;
    this.wrapper = wrapper;
    this.#settings = settings;
    this.maxSequence = settings.limits.sequence > 0 ? settings.limits.sequence : Number.POSITIVE_INFINITY;
    this.#maxDepth = settings.limits.stack > 0 ? settings.limits.stack : Number.POSITIVE_INFINITY;
    this.marksAll = settings.marksAll;
  }

  /** Called for each item and call; looks at the clock now and then. Throws D1012. */
  step(): void {
    if (++this.#steps % STEPS_BETWEEN_LOOKS === 0) this.#look();
  }

  #look(): void {
    const { timeoutMs } = this.#settings.limits;
    if (timeoutMs <= 0) return;
    const now = this.#settings.now();
    if (this.#began < 0) this.#began = now;
    else if (now - this.#began > timeoutMs) throw new EngineError('D1012', { value: timeoutMs });
  }

  /** Throws D1011 when evaluation gets to `levels` below what is evaluated now, and that is too deep. */
  reach(levels: number): void {
    if (this.depth + levels > this.#maxDepth) throw new EngineError('D1011', { value: this.#maxDepth });
  }

  /** Throws D2015 for a sequence that has grown too long. */
  bound(length: number): void {
    if (length > this.maxSequence) throw new EngineError('D2015', { value: this.maxSequence });
  }

  /** A text that the expression puts together. Throws EXPRESSION_LIMIT when it has grown too long. */
  text<T extends string | undefined>(value: T): T {
    if (value !== undefined) this.chars(value.length);
    return value;
  }

  /** Throws EXPRESSION_LIMIT for a text that would be too long. */
  chars(length: number): void {
    if (length > MAX_CHARS)
      throw new CrossdockError('EXPRESSION_LIMIT', 'A text of the expression is too long.');
  }

  /** A number that may be out of range: that is no error as long as it does not leave the expression. */
  number(value: number): number {
    if (!Number.isFinite(value)) this.unclean = true;
    return value;
  }

  /** Something that must not leave as it is. */
  leak<T>(value: T): T {
    this.unclean = true;
    return value;
  }

  /** The one time that the whole evaluation sees. */
  now(): number {
    if (this.#now < 0) this.#now = this.#settings.now();
    return this.#now;
  }
}
