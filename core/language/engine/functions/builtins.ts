import { OWN_FUNCTIONS, type OwnFunction } from '../../functions/index.ts';
import type { Signature } from '../ast.ts';
import { withDecimals } from '../decimals.ts';
import { located } from '../error.ts';
import { functionValue } from '../function-value.ts';
import type { Run } from '../run.ts';
import { isSequence } from '../sequence.ts';
import type { Builtin, Implementation } from './builtin.ts';
import { QUICK } from './quick.ts';
import { HIGHER } from './higher.ts';
import { LISTS } from './lists.ts';
import { LOGIC } from './logic.ts';
import { MATCHING } from './matching.ts';
import { declaredParameters, implementationOf, nativeFunction, parseSignature } from './native.ts';
import { NUMBERS } from './numbers.ts';
import { OBJECTS } from './objects.ts';
import { quickCalls } from './own.ts';
import { TEXTS } from './texts.ts';

/** Those of JSONata's functions that wait for promises, or are called often. */
const OURS: Readonly<Record<string, Implementation>> = {
  ...LISTS,
  ...LOGIC,
  ...TEXTS,
  ...NUMBERS,
  ...MATCHING,
  ...OBJECTS,
  ...HIGHER,
};

/** Those that are called as they are: pictures, encodings, chance. */
const NATIVE: readonly string[] = (
  'formatNumber formatBase formatInteger parseInteger toMillis fromMillis random shuffle ' +
  'base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl'
).split(' ');

let table: ReadonlyMap<string, Builtin> | undefined;

/** All functions of expressions by name, without the `$`; `$eval` is not among them. */
export function builtins(): ReadonlyMap<string, Builtin> {
  table ??= new Map(
    [
      ...[...Object.keys(OURS), ...NATIVE].map(ofLanguage),
      ofPicture(),
      ...OWN_FUNCTIONS.map(ofCrossdock),
    ].map((builtin) => [builtin.name, builtin]),
  );
  return table;
}

function ofLanguage(name: string): Builtin {
  if (name === 'millis')
    return builtin(name, parseSignature('<:n>'), OURS['millis'] as Implementation, [0, 0]);
  const native = nativeFunction(name);
  return builtin(name, native.signature, OURS[name] ?? implementationOf(native), [
    native.implementation.length,
    declaredParameters(native),
  ]);
}

/** `$now` is `$fromMillis` of the time of the evaluation. */
function ofPicture(): Builtin {
  const format = implementationOf(nativeFunction('fromMillis'));
  const implement: Implementation = ([picture, zone], context, run) =>
    format([run.now(), picture, zone], context, run);
  return builtin('now', parseSignature('<s?s?:s>'), implement, [2, 2]);
}

function ofCrossdock(own: OwnFunction): Builtin {
  const implement: Implementation = (args, _context, run) => own.call(args, run);
  const { length } = own.parameters;
  return {
    ...builtin(own.name, parseSignature(own.signature), implement, [length, length]),
    quick: quickCalls(own),
  };
}

function builtin(
  name: string,
  signature: Signature | undefined,
  implement: Implementation,
  [arity, parameters]: readonly [arity: number, parameters: number],
): Builtin {
  const definition = signature?.definition ?? '';
  const contextual = definition.includes('-');
  const ofList = OF_LIST_AND_FUNCTION.has(name);
  const ofDecimals = withDecimals(name);
  const checked: Implementation = (args, context, run) => {
    if (ofList && args.length === 2 && Array.isArray(args[0]) && typeof args[1] === 'function')
      return implement(args, context, run);
    const decimal = ofDecimals?.(args);
    if (decimal !== undefined) return decimal;
    return implement(signature === undefined ? args : signature.validate(args, context), context, run);
  };
  const site = { position: undefined, token: name };
  const leaking: Implementation = (args, context, run) => {
    try {
      return seen(checked(args, context, run), run);
    } catch (error) {
      throw located(error, site);
    }
  };
  return {
    name,
    contextual,
    parameters,
    implement: checked,
    quick: QUICK[name],
    value: functionValue(leaking, {
      arity,
      parameters,
      contextual,
      bare: (args, run) => seen(implement(args, null, run), run),
    }),
  };
}

/** With a list and a function their arguments are right: the signature has nothing to add. */
const OF_LIST_AND_FUNCTION: ReadonlySet<string> = new Set(['map', 'filter', 'single', 'reduce', 'sort']);

/** What a function gives to another one may end up in the result as it is. */
function seen(value: unknown, run: Run): unknown {
  return Array.isArray(value) && isSequence(value) ? run.leak(value) : value;
}
