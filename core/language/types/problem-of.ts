import type { ExpressionText, MapTemplate, Position } from '../../model/mapping.ts';
import { positionIn } from '../expression-position.ts';
import { formatPath, type NewProblem, type Path } from '../problem.ts';
import type { Place } from '../project.ts';
import type { Mismatch } from './check-value.ts';
import type { Finding } from './walk.ts';

/** Where the parts of a mapping's file stand. */
export interface Places {
  readonly position: (path: Path, part?: 'key' | 'value') => Position;
  /** Where it ends, if it is a scalar. */
  readonly end: (path: Path, part?: 'key' | 'value') => Place | undefined;
}

/** What is held against a schema: where it stands, and the map that makes it if one does. */
export interface Held {
  readonly path: Path;
  readonly template: MapTemplate | undefined;
}

/** What is wrong with an expression, where it stands in the file. */
export function problemOfFinding(finding: Finding, text: ExpressionText, path: Path): NewProblem {
  const { offset, length, code, severity, message, hint, replacement } = finding;
  const at = positionIn(text, offset);
  const { line, column } = positionIn(text, offset + length);
  const to = { line, column };
  const fix =
    replacement === undefined || text.folded === true
      ? undefined
      : { from: { line: at.line, column: at.column }, to, text: replacement };
  return { ...at, path: formatPath(path), code, severity, message, hint, end: to, fix };
}

/** What does not fit, at the line of the map (or the place in an expression) that makes it. */
export function problemOfMismatch(
  { where, part, near, possible: _, ...mismatch }: Mismatch,
  held: Held,
  places: Places,
): NewProblem {
  // As deep as the map itself goes; the rest is inside of an expression.
  let { template } = held;
  const path: (string | number)[] = [...held.path];
  for (const name of where.path) {
    if (template?.kind !== 'object' || typeof name !== 'string' || !Object.hasOwn(template.fields, name))
      break;
    template = template.fields[name];
    path.push(name);
  }
  const whole = path.length - held.path.length === where.path.length;
  const at =
    template?.kind === 'expression' && whole
      ? template.expression.at
      : template?.kind === 'expression' && where.at !== undefined
        ? where.at
        : places.position(path, whole ? part : 'value');
  const problem = { ...mismatch, path: formatPath(path) };
  if (!whole || part !== 'key' || template === undefined) return { ...problem, ...at };
  const from = places.position(path, 'key');
  const end = places.end(path, 'key');
  const fix =
    near === undefined || end === undefined
      ? undefined
      : { from: { line: from.line, column: from.column }, to: end, text: near };
  return { ...problem, ...from, end, fix };
}
