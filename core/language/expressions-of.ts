import type { ExpressionText, MapTemplate, Mapping } from '../model/mapping.ts';
import { formatPath, type Path } from './problem.ts';

/** An expression of a mapping, and its path in the mapping's file. */
export interface PlacedExpression {
  /** `to[0].map.Buyer.Code`. */
  readonly path: string;
  readonly text: ExpressionText;
}

/** Every expression of a mapping, in the order of its file. */
export function expressionsOf({ message, steps, targets }: Mapping): readonly PlacedExpression[] {
  const found: PlacedExpression[] = [];
  const add = (text: ExpressionText | undefined, path: Path): void => {
    if (text !== undefined) found.push({ path: formatPath(path), text });
  };
  const addMap = (map: MapTemplate | undefined, path: Path): void => {
    if (map?.kind === 'expression') add(map.expression, path);
    else if (map?.kind === 'object')
      for (const [name, field] of Object.entries(map.fields)) addMap(field, [...path, name]);
    else if (map?.kind === 'array') for (const [i, item] of map.items.entries()) addMap(item, [...path, i]);
  };
  add(message.id, ['message', 'id']);
  for (const [key, text] of Object.entries(message.keys)) add(text, ['message', 'keys', key]);
  for (const [i, step] of steps.entries()) {
    const path: Path = ['steps', i];
    if (step.kind === 'filter') add(step.when, [...path, 'filter']);
    if (step.kind === 'split') add(step.items, [...path, 'split']);
    if (step.kind === 'map') addMap(step.map, [...path, 'map']);
    if (step.kind === 'enrich') addMap(step.input, [...path, 'enrich', 'with']);
  }
  for (const [i, { when, map }] of targets.entries()) {
    add(when, ['to', i, 'when']);
    addMap(map, ['to', i, 'map']);
  }
  return found;
}
