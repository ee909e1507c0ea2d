import jsonata from 'jsonata';
import type { Signature } from '../ast.ts';
import type { Implementation } from './builtin.ts';

/** A function as JSONata defines it. */
export interface Native {
  readonly implementation: (this: unknown, ...args: unknown[]) => unknown;
  readonly signature?: Signature;
}

interface Environment {
  lookup(name: string): unknown;
}

/**
 * JSONata's own functions: their signatures are all used, and the implementations of those that are pictures,
 * encodings and the like. They keep no state that matters here.
 */
export function nativeFunction(name: string): Native {
  const found = environment().lookup(name);
  if (typeof found !== 'object' || found === null || !('implementation' in found))
    throw new TypeError(`JSONata has no function $${name}`);
  return found as Native;
}

/** How many names its source declares, which is how many a partial application can fill. */
export function declaredParameters(native: Native): number {
  return /\(([^)]*)\)/.exec(String(native.implementation))?.[1]?.split(',').length ?? 0;
}

/** It is called as the interpreter calls it. */
export function implementationOf(native: Native): Implementation {
  return (args, input, run) =>
    native.implementation.apply(
      { input, environment: { timestamp: new Date(run.now()) } },
      args as unknown[],
    );
}

/** A signature of our own, compiled by JSONata. */
export function parseSignature(signature: string): Signature {
  const lambda = jsonata(`function()${signature}{0}`).ast() as unknown as { signature: Signature };
  return lambda.signature;
}

let known: Environment | undefined;

/** The interpreter shows its environment to whoever watches an evaluation, before it waits for anything. */
function environment(): Environment {
  if (known !== undefined) return known;
  const probe = jsonata('0');
  const watch = (_node: unknown, _input: unknown, seen: Environment): void => {
    known = seen;
  };
  probe.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, watch);
  void probe.evaluate(undefined);
  if (known === undefined) throw new TypeError('JSONata does not show its functions any more');
  return known;
}
