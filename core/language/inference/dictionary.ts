import type { Observation } from './observation.ts';
import { newObservation } from './observation.ts';

/** Names from which on an object may be a map by their number alone. */
const MANY_NAMES = 20;

/** Names that are data: numbers, UUIDs, dates. */
const DATA_NAME =
  /^(?:[0-9]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.*)?)$/i;

/**
 * An object whose names are data and not members is a map (name → value), and all its values look like one. It is taken
 * for one when all values are of one type (null aside) and
 * - its names are all numbers, UUIDs or dates, three of them or more, or
 * - more than 20 names were seen, over three objects or more, and none in more than half of these.
 */
export function isDictionary(at: Observation): boolean {
  const members = [...at.members];
  const types = new Set(members.map(([, member]) => typeOf(member)).filter((type) => type !== 'null'));
  if (types.size > 1 || types.has('mixed')) return false;
  if (members.length >= 3 && members.every(([name]) => DATA_NAME.test(name))) return true;
  return (
    members.length > MANY_NAMES &&
    at.objects >= 3 &&
    members.every(([, member]) => member.count <= at.objects / 2)
  );
}

/** What the values of a map have in common. */
export function valuesOf(at: Observation): Observation {
  const values = newObservation();
  for (const member of at.members.values()) merge(values, member);
  return values;
}

/** The one type that was seen, `mixed` for several. */
function typeOf(at: Observation): string {
  const types = [
    at.texts.count > 0 ? 'string' : '',
    at.integers + at.fractions > 0 ? 'number' : '',
    at.booleans > 0 ? 'boolean' : '',
    at.objects > 0 ? 'object' : '',
    at.arrays > 0 ? 'array' : '',
  ].filter((type) => type !== '');
  return types.length > 1 ? 'mixed' : (types[0] ?? 'null');
}

/** Takes what was seen at one place as seen at another. */
export function merge(into: Observation, other: Observation): void {
  into.count += other.count;
  into.nulls += other.nulls;
  into.booleans += other.booleans;
  into.integers += other.integers;
  into.fractions += other.fractions;
  into.numberExample ??= other.numberExample;
  into.texts.merge(other.texts);
  into.objects += other.objects;
  into.arrays += other.arrays;
  for (const [name, member] of other.members) {
    let place = into.members.get(name);
    if (place === undefined) into.members.set(name, (place = newObservation()));
    merge(place, member);
  }
  if (other.items !== undefined) merge((into.items ??= newObservation()), other.items);
}
