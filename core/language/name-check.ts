import { distance } from 'fastest-levenshtein';
import jsonata from 'jsonata';
import type { JsonSchema } from '../model/json-schema.ts';
import type { ExpressionText, MapTemplate } from '../model/mapping.ts';
import type { ExpressionMistake } from './expression-check.ts';
import { positionIn, startOf } from './expression-position.ts';
import { isSchema, lookUp } from './local-ref.ts';
import { nearest } from './nearest.ts';

/** What is known of a value before there is one: the members it can have. Undefined is: anything. */
export type Shape = ObjectShape | undefined;

export interface ObjectShape {
  /** Members by name. */
  readonly members: ReadonlyMap<string, () => Shape>;
  /** Whether it can have no others. In an open one only what looks like a slip of the pen is a mistake. */
  readonly closed: boolean;
}

/**
 * The shape that a schema describes. Lists are seen through, as paths do. A schema that decides by its value (oneOf,
 * if, patternProperties, ...) can not be told from outside: anything.
 */
export function shapeOf(schema: JsonSchema | undefined, schemas: ReadonlyMap<string, JsonSchema>): Shape {
  return schema === undefined ? undefined : shapeIn(schema, schema, schemas, 0);
}

const UNDECIDED = [
  'oneOf',
  'anyOf',
  'allOf',
  'if',
  'not',
  'patternProperties',
  'dependentSchemas',
  '$dynamicRef',
];

function shapeIn(
  schema: JsonSchema,
  root: JsonSchema,
  schemas: ReadonlyMap<string, JsonSchema>,
  depth: number,
): Shape {
  if (depth > 20 || UNDECIDED.some((keyword) => schema[keyword] !== undefined)) return undefined;
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const local = lookUp(root, ref);
    if (local !== undefined) return shapeIn(local, root, schemas, depth + 1);
    const named = schemas.get(ref);
    return named === undefined ? undefined : shapeIn(named, named, schemas, depth + 1);
  }
  if (isSchema(schema['items'])) return shapeIn(schema['items'], root, schemas, depth + 1);
  const { properties, additionalProperties } = schema;
  if (!isSchema(properties) || additionalProperties === true || isSchema(additionalProperties))
    return undefined;
  return {
    members: new Map(
      Object.entries(properties).map(([name, property]) => [
        name,
        () => (isSchema(property) ? shapeIn(property, root, schemas, depth + 1) : undefined),
      ]),
    ),
    closed: additionalProperties === false || schema['unevaluatedProperties'] === false,
  };
}

/** The same with one more member, of which nothing more is known unless a shape is given. */
export function withMember(shape: Shape, name: string, member: Shape): Shape {
  return shape === undefined
    ? undefined
    : { ...shape, members: new Map([...shape.members, [name, () => member]]) };
}

/** What a map makes: the names of its objects are known, what its expressions find is not. */
export function shapeOfMap(template: MapTemplate): Shape {
  if (template.kind !== 'object') return undefined;
  const members = Object.entries(template.fields).map(
    ([name, field]) => [name, () => shapeOfMap(field)] as const,
  );
  return { members: new Map(members), closed: true };
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly [key: string]: unknown;
}

/** Names in an expression that the value it is evaluated on can not have. The expression must parse. */
export function checkNames(text: ExpressionText, shape: Shape): readonly ExpressionMistake[] {
  if (shape === undefined) return [];
  const walk = new NameWalk(text, shape);
  walk.visit(jsonata(text.source).ast(), shape);
  return walk.mistakes;
}

/** What an expression finds, if it is a plain path. */
export function shapeAt(text: ExpressionText, shape: Shape): Shape {
  const ast = jsonata(text.source).ast() as unknown as Node;
  return ast.type === 'path' ? new NameWalk(text, shape).visit(ast, shape) : undefined;
}

class NameWalk {
  readonly mistakes: ExpressionMistake[] = [];
  readonly #text: ExpressionText;
  readonly #root: Shape;

  constructor(text: ExpressionText, root: Shape) {
    this.#text = text;
    this.#root = root;
  }

  /** Looks at a node and all below it, in a context of this shape; returns the shape of what it finds. */
  visit(node: unknown, context: Shape): Shape {
    if (Array.isArray(node)) {
      for (const item of node) this.visit(item, context);
      return undefined;
    }
    if (typeof node !== 'object' || node === null || node instanceof RegExp) return undefined;
    const ast = node as Node;
    if (ast.type === 'path') return this.#path(ast, context);
    if (ast.type === 'name') return this.#name(ast, context);
    if (ast.type === 'variable') {
      const found = ast.value === '' ? context : ast.value === '$' ? this.#root : undefined;
      this.visit(ast['predicate'], found);
      return ast['predicate'] === undefined ? found : undefined;
    }
    // What it works on is a copy, and the names in it are new ones.
    if (ast.type === 'transform' || ast.type === 'parent') return undefined;
    for (const [key, child] of Object.entries(ast)) {
      if (!SKIPPED.has(key)) this.visit(child, key === 'predicate' || key === 'group' ? undefined : context);
    }
    return undefined;
  }

  #path(ast: Node, context: Shape): Shape {
    let shape = context;
    for (const step of ast['steps'] as readonly Node[]) {
      const before = shape;
      shape = step.type === 'sort' ? before : this.visit(step, before);
      if (step.type === 'sort')
        for (const { expression } of step['terms'] as readonly { expression: Node }[])
          this.visit(expression, before);
      for (const { expr } of (step['stages'] ?? []) as readonly { expr?: Node }[]) this.visit(expr, shape);
      // Bound variables look elsewhere.
      if (step['focus'] !== undefined || step['tuple'] === true) shape = undefined;
    }
    const group = ast['group'] as Node | undefined;
    if (group === undefined) return shape;
    this.visit(group['lhs'], shape);
    return undefined;
  }

  #name(ast: Node, context: Shape): Shape {
    const name = String(ast.value);
    if (context === undefined) return undefined;
    const member = context.members.get(name);
    if (member !== undefined) return member();
    const known = [...context.members.keys()];
    const near = context.closed ? nearest(name, known) : slipOf(name, known);
    if (context.closed || near !== undefined) {
      const at = positionIn(this.#text, startOf(this.#text.source, ast.position ?? 0, name));
      const hint = near === undefined ? undefined : { hint: `did you mean "${near}"?` };
      this.mistakes.push({ ...at, message: `unknown name "${name}"`, ...hint });
    }
    return undefined;
  }
}

const SKIPPED: ReadonlySet<string> = new Set([
  'slot',
  'ancestor',
  'seekingParent',
  'signature',
  'nextFunction',
]);

/** The known name that this one is most likely a slip of. `line2` is none of `line1`. */
function slipOf(name: string, known: readonly string[]): string | undefined {
  if (name.length < 4) return undefined;
  const allowed = name.length < 7 ? 1 : 2;
  const letters = name.replace(/[0-9]/g, '');
  return known.find(
    (other) =>
      other.length >= 4 &&
      other.replace(/[0-9]/g, '') !== letters &&
      distance(name.toLowerCase(), other.toLowerCase()) <= allowed,
  );
}
