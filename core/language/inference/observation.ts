import { CrossdockError } from '../../model/errors.ts';
import { TextFacts } from './text-facts.ts';

const MAX_PLACES = 50_000;
const MAX_DEPTH = 100;

/** What was seen at one place of the samples, over all of them. */
export interface Observation {
  /** Values seen here, of any type. */
  count: number;
  nulls: number;
  booleans: number;
  integers: number;
  /** Numbers that are not whole. */
  fractions: number;
  numberExample: number | undefined;
  readonly texts: TextFacts;
  objects: number;
  /** In the order in which they came up. */
  readonly members: Map<string, Observation>;
  arrays: number;
  /** All items of all arrays, as one. */
  items: Observation | undefined;
}

/** Looks at samples one by one. Throws CONFIG_INVALID for samples that have too many different members. */
export class Observer {
  readonly root: Observation = newObservation();
  #places = 1;

  add(sample: unknown): void {
    this.#see(this.root, sample, 0);
  }

  #see(at: Observation, value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) throw tooMuch(`is nested deeper than ${MAX_DEPTH} levels`);
    at.count++;
    switch (typeof value) {
      case 'string':
        at.texts.add(value);
        return;
      case 'boolean':
        at.booleans++;
        return;
      case 'number':
        if (Number.isInteger(value)) at.integers++;
        else at.fractions++;
        at.numberExample ??= value;
        return;
      default:
    }
    if (value === null || value === undefined) {
      at.nulls++;
    } else if (Array.isArray(value)) {
      at.arrays++;
      for (const item of value) this.#see((at.items ??= this.#place()), item, depth + 1);
    } else {
      at.objects++;
      for (const [name, member] of Object.entries(value)) {
        // No reader lets it in; what came another way must not get a schema either.
        if (name === '__proto__') continue;
        let place = at.members.get(name);
        if (place === undefined) at.members.set(name, (place = this.#place()));
        this.#see(place, member, depth + 1);
      }
    }
  }

  #place(): Observation {
    if (++this.#places > MAX_PLACES) throw tooMuch(`has more than ${MAX_PLACES} different members`);
    return newObservation();
  }
}

export function newObservation(): Observation {
  return {
    count: 0,
    nulls: 0,
    booleans: 0,
    integers: 0,
    fractions: 0,
    numberExample: undefined,
    texts: new TextFacts(),
    objects: 0,
    members: new Map(),
    arrays: 0,
    items: undefined,
  };
}

function tooMuch(how: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', `No schema can be made: the sample ${how}.`);
}
