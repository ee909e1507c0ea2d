import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText, MapTemplate } from '../model/mapping.ts';
import { compileExpression, type Expression, type ExpressionLimits } from './expression.ts';

type Bindings = Readonly<Record<string, unknown>> | undefined;
type Fill<T> = (input: unknown, bindings: Bindings) => T;

/**
 * Compiles a map: the whole is built anew for each message, a leaf that finds nothing is left out of its object or
 * list. An error of a leaf names it in `path` (`Buyer.Code`) and in its message. Throws like `compileExpression`.
 * `onEvaluate` is told of each part of each expression that is evaluated.
 */
export function compileMap(
  template: MapTemplate,
  limits: ExpressionLimits,
  onEvaluate?: (text: ExpressionText, offset: number) => void,
): Expression {
  const leaf = (source: Extract<MapTemplate, { kind: 'expression' }>, path: string): Leaf => ({
    expression: compileExpression(
      source.expression,
      limits,
      onEvaluate && { onEvaluate: (offset) => onEvaluate(source.expression, offset) },
    ),
    path,
  });
  const compiled = compileNode(template, '', leaf);
  return {
    evaluate: compiled.async,
    ...(compiled.sync === undefined ? {} : { evaluateSync: compiled.sync }),
  };
}

interface Leaf {
  readonly expression: Expression;
  readonly path: string;
}

interface Compiled {
  readonly async: Fill<Promise<unknown>>;
  /** Undefined when an expression below needs the interpreter. */
  readonly sync?: Fill<unknown>;
}

type MakeLeaf = (source: Extract<MapTemplate, { kind: 'expression' }>, path: string) => Leaf;

function compileNode(template: MapTemplate, path: string, leaf: MakeLeaf): Compiled {
  switch (template.kind) {
    case 'const':
      return constant(template.value);
    case 'expression':
      return compileLeaf(leaf(template, path));
    case 'object':
      return objectOf(
        Object.entries(template.fields).map(
          ([name, field]) =>
            [name, compileNode(field, path === '' ? name : `${path}.${name}`, leaf)] as const,
        ),
      );
    case 'array':
      return arrayOf(template.items.map((item, i) => compileNode(item, `${path}[${i}]`, leaf)));
  }
}

function constant(value: unknown): Compiled {
  const sync = (): unknown => value;
  return { sync, async: () => Promise.resolve(value) };
}

function compileLeaf({ expression, path }: Leaf): Compiled {
  const fast = expression.evaluateSync;
  const async: Fill<Promise<unknown>> = async (input, bindings) => {
    try {
      return await expression.evaluate(input, bindings);
    } catch (error) {
      throw inLeaf(error, path);
    }
  };
  if (fast === undefined) return { async };
  const sync: Fill<unknown> = (input, bindings) => {
    try {
      return fast(input, bindings);
    } catch (error) {
      throw inLeaf(error, path);
    }
  };
  return { sync, async: async (input, bindings) => sync(input, bindings) };
}

function objectOf(fields: readonly (readonly [string, Compiled])[]): Compiled {
  const async: Fill<Promise<unknown>> = async (input, bindings) => {
    const result: Record<string, unknown> = {};
    for (const [name, field] of fields) {
      const value = await (field.sync ?? field.async)(input, bindings);
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
  const syncs = fields.flatMap(([name, { sync }]) => (sync === undefined ? [] : [[name, sync] as const]));
  if (syncs.length < fields.length) return { async };
  return {
    async,
    sync: (input, bindings) => {
      const result: Record<string, unknown> = {};
      for (const [name, fill] of syncs) {
        const value = fill(input, bindings);
        if (value !== undefined) result[name] = value;
      }
      return result;
    },
  };
}

function arrayOf(items: readonly Compiled[]): Compiled {
  const async: Fill<Promise<unknown>> = async (input, bindings) => {
    const result: unknown[] = [];
    for (const item of items) {
      const value = await (item.sync ?? item.async)(input, bindings);
      if (value !== undefined) result.push(value);
    }
    return result;
  };
  const syncs = items.flatMap(({ sync }) => (sync === undefined ? [] : [sync]));
  if (syncs.length < items.length) return { async };
  return {
    async,
    sync: (input, bindings) =>
      syncs.map((fill) => fill(input, bindings)).filter((value) => value !== undefined),
  };
}

function inLeaf(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof CrossdockError) || path === '') return thrown;
  return new CrossdockError(thrown.code, `${path}: ${thrown.message}`, {
    path,
    details: thrown.details,
    cause: thrown,
  });
}
