import { FunctionFault, isDecimal, type OwnFunction, type OwnType } from '../../functions/index.ts';
import type { Run } from '../run.ts';
import { SLOW, type Quick } from './builtin.ts';

/** Calls of a function of Crossdock's own with all it needs, of the right types: its signature need not be asked. */
export function quickCalls({ parameters, call }: OwnFunction): Quick {
  const fits = parameters.map(({ takes }) => fitting(takes));
  const needed = parameters.filter(({ optional }) => optional !== true).length;
  const covers = (count: number): boolean => count >= needed && count <= parameters.length;
  const quick = (args: readonly unknown[], run: Run): unknown => {
    for (let i = 0; i < args.length; i++) if (fits[i]?.(args[i]) !== true) return SLOW;
    try {
      return call(args, run);
    } catch (error) {
      // It fails again, in the place where errors learn where they are.
      if (error instanceof FunctionFault) return SLOW;
      throw error;
    }
  };
  return {
    ...(covers(1) ? { 1: (a, run) => quick([a], run) } : {}),
    ...(covers(2) ? { 2: (a, b, run) => quick([a, b], run) } : {}),
    ...(covers(3) ? { 3: (a, b, c, run) => quick([a, b, c], run) } : {}),
  };
}

function fitting(takes: readonly OwnType[]): (value: unknown) => boolean {
  const types: readonly string[] = takes.filter((type) => type !== 'decimal' && type !== 'array');
  const decimals = takes.includes('decimal');
  // Lists may be marked, and their items are checked by the function: they go the slow way.
  return (value) => types.includes(typeof value) || (decimals && isDecimal(value));
}
