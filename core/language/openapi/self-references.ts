import type { JsonSchema } from '../../model/json-schema.ts';
import type { PlacedSchema } from '../schema-walk.ts';
import { partsInPlace, selfRefs } from '../self-refs.ts';

/**
 * Takes out of a schema what leads back to itself without going into the value: that says nothing, and a hub could not
 * check it. No more than ends each circle. Says whether there was any.
 */
export function leaveOutCircles(schema: JsonSchema): boolean {
  const closing = selfRefs(new Map([['', schema]])).filter(({ closes }) => closes);
  for (const { place } of closing) delete (place.schema as Record<string, unknown>)['$ref'];
  for (const { place } of closing) tidy(place);
  return closing.length > 0;
}

/** Without its reference a part of a whole may be empty, and what is decided by itself decides nothing. */
function tidy(place: PlacedSchema): void {
  for (let { schema, above } = place; above !== undefined; { schema, above } = above) {
    const around = above.schema as Record<string, unknown>;
    if (!partsInPlace(around).includes(schema)) return;
    const { not, if: condition, allOf: whole } = around;
    if (not === schema) delete around['not'];
    if (condition === schema) for (const keyword of ['if', 'then', 'else']) delete around[keyword];
    if (!Array.isArray(whole) || !whole.includes(schema) || Object.keys(schema).length > 0) continue;
    const rest: readonly unknown[] = whole.filter((part) => part !== schema);
    if (rest.length > 0) around['allOf'] = rest;
    else delete around['allOf'];
  }
}
