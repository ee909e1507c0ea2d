import type { ActionSpec } from '../model/connector.ts';
import { CrossdockError } from '../model/errors.ts';
import type { ExpressionText, Mapping, Step, Target } from '../model/mapping.ts';
import { routeName } from '../model/mapping.ts';
import type { Message } from '../model/message.ts';
import { compileExpression, compileMap, shaper } from '../language/index.ts';
import type { Expression, ExpressionLimits, SchemaRegistry, Validator } from '../language/index.ts';

/** What the steps of a route made of a message. */
export type Routed =
  | { readonly kind: 'filtered'; readonly step: string }
  | {
      readonly kind: 'split';
      readonly step: string;
      readonly items: readonly unknown[];
      readonly next: number;
    }
  | { readonly kind: 'output'; readonly output: unknown };

/** Asks a connection for what an `enrich` step wants. */
export type Enrich = (connection: string, action: string, input: unknown) => Promise<unknown>;

/** Told of each step as it ends, for `crossdock map` and debugging. `value` is the body after it. */
export type Watch = (step: string, value: unknown) => void;

/** A mapping's way to one target, compiled. Run by a worker, by `crossdock test` and by `crossdock map` alike. */
export interface RouteProgram {
  readonly route: string;
  readonly mapping: Mapping;
  readonly target: Target;
  /** Names of the connections that it needs, enriching ones included. */
  readonly connections: readonly string[];
  /**
   * Runs the steps from `step` on. Strict: whatever throws ends the delivery, with EXPRESSION_FAILED, EXPRESSION_LIMIT,
   * MESSAGE_INVALID, OUTPUT_INVALID or what `enrich` throws. A promise only where something has to be waited for.
   */
  run(message: Message, step: number, enrich: Enrich, watch?: Watch): Routed | Promise<Routed>;
}

export interface ProgramEnv {
  readonly schemas: SchemaRegistry;
  /** Names of the known schemas: a topic that bears a schema's name carries only what fits it. */
  readonly schemaNames: ReadonlySet<string>;
  readonly limits: ExpressionLimits;
  readonly action: (connection: string, action: string) => ActionSpec | undefined;
  /** Told of each part of each expression that is evaluated, for measuring what tests reach. */
  readonly onEvaluate?: (text: ExpressionText, offset: number) => void;
}

type Context = {
  readonly message: Message;
  readonly enrich: Enrich;
  readonly bindings: Readonly<Record<string, unknown>>;
};
/** The next body, or how the run ends. */
type Turn = { readonly body: unknown } | Routed;
type Run = (body: unknown, context: Context) => Turn | Promise<Turn>;

/** Compiles a mapping into one program per target. The mapping was checked before: it throws only on defects. */
export function compileMapping(mapping: Mapping, env: ProgramEnv): readonly RouteProgram[] {
  const validate =
    mapping.message.schema === undefined ? undefined : env.schemas.compile(mapping.message.schema);
  const steps = mapping.steps.map((step, index) => ({
    name: stepName(step, index),
    run: compileStep(step, index, env),
  }));
  return mapping.targets.map((target) => {
    const finish = compileTarget(target, env);
    const enriching = mapping.steps.flatMap((step) => (step.kind === 'enrich' ? [step.connection] : []));
    const connections = [
      ...new Set([...(target.to.kind === 'action' ? [target.to.connection] : []), ...enriching]),
    ];
    return {
      route: routeName(mapping.name, target.name),
      mapping,
      target,
      connections,
      run: (message, from, enrich, watch) => {
        const context: Context = { message, enrich, bindings: { message: attributes(message) } };
        const { body } = message;
        if (from === 0 && validate !== undefined)
          requireValid(
            validate,
            body,
            'MESSAGE_INVALID',
            `the message does not fit ${mapping.message.schema}`,
          );
        const goOn = (index: number, before: unknown): Routed | Promise<Routed> => {
          const step = steps[index];
          if (step === undefined) return finish(before, context);
          return after(step.run(before, context), (turn) => {
            if ('kind' in turn) return turn;
            watch?.(step.name, turn.body);
            return goOn(index + 1, turn.body);
          });
        };
        return goOn(from, body);
      },
    };
  });
}

/** What expressions see of the message itself, as `$message`. */
function attributes(message: Message): unknown {
  const { id, source, type, time, journeyId, key, keys, headers } = message;
  return { id, source, type, time, journeyId, key, keys, headers };
}

/** How a step is called in events, errors and on the screen: `filter#0`, `enrich account#1`. */
export function stepName(step: Step, index: number): string {
  return step.kind === 'enrich' ? `enrich ${step.as}#${index}` : `${step.kind}#${index}`;
}

function compileStep(step: Step, index: number, env: ProgramEnv): Run {
  const name = stepName(step, index);
  switch (step.kind) {
    case 'filter': {
      const when = expressionOf(step.when, env);
      return (body, context) =>
        after(evaluate(when, body, context), (found) =>
          truthy(found) ? { body } : { kind: 'filtered', step: name },
        );
    }
    case 'validate': {
      const validator = env.schemas.compile(step.schema);
      return (body) => {
        requireValid(
          validator,
          body,
          'MESSAGE_INVALID',
          `the message does not fit ${step.schema} at ${name}`,
        );
        return { body };
      };
    }
    case 'map': {
      const map = compileMap(step.map, env.limits, env.onEvaluate);
      return (body, context) => after(evaluate(map, body, context), (mapped) => ({ body: mapped }));
    }
    case 'enrich': {
      const input = step.input === undefined ? undefined : compileMap(step.input, env.limits, env.onEvaluate);
      return async (body, context) => {
        const answer = await context.enrich(
          step.connection,
          step.action,
          input === undefined ? body : await evaluate(input, body, context),
        );
        return { body: { ...(isObject(body) ? body : { body }), [step.as]: answer } };
      };
    }
    case 'split': {
      const items = expressionOf(step.items, env);
      return (body, context) =>
        after(evaluate(items, body, context), (found) => {
          const list =
            found === undefined ? [] : Array.isArray(found) ? (found as readonly unknown[]) : [found];
          return { kind: 'split', step: name, items: list, next: index + 1 };
        });
    }
  }
}

function expressionOf(text: ExpressionText, { limits, onEvaluate }: ProgramEnv): Expression {
  return compileExpression(text, limits, onEvaluate && { onEvaluate: (offset) => onEvaluate(text, offset) });
}

function compileTarget(
  target: Target,
  env: ProgramEnv,
): (body: unknown, context: Context) => Routed | Promise<Routed> {
  const when = target.when === undefined ? undefined : expressionOf(target.when, env);
  const map = target.map === undefined ? undefined : compileMap(target.map, env.limits, env.onEvaluate);
  const { shape, validate } = outputOf(target, env);
  const finish = (mapped: unknown): Routed => {
    const output = shape === undefined ? mapped : shape(mapped);
    if (validate !== undefined)
      requireValid(validate, output, 'OUTPUT_INVALID', `the output does not fit ${describe(target)}`);
    return { kind: 'output', output };
  };
  const translate = (body: unknown, context: Context): Routed | Promise<Routed> =>
    map === undefined ? finish(body) : after(evaluate(map, body, context), finish);
  if (when === undefined) return translate;
  return (body, context) =>
    after(evaluate(when, body, context), (found) =>
      truthy(found) ? translate(body, context) : { kind: 'filtered', step: 'when' },
    );
}

function outputOf(
  target: Target,
  env: ProgramEnv,
): { shape?: (value: unknown) => unknown; validate?: Validator } {
  if (target.to.kind === 'topic') {
    return env.schemaNames.has(target.to.topic) ? { validate: env.schemas.compile(target.to.topic) } : {};
  }
  const input = env.action(target.to.connection, target.to.action)?.input;
  return input === undefined ? {} : { shape: shaper(input), validate: env.schemas.compile(input) };
}

function describe({ to }: Target): string {
  return to.kind === 'topic' ? `the topic ${to.topic}` : `${to.connection} ${to.action}`;
}

/** Goes on with a value, at once if it is there already: most mappings wait for nothing. */
function after<T, R>(value: T | Promise<T>, goOn: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

function evaluate(expression: Expression, body: unknown, context: Context): unknown {
  return expression.evaluateSync === undefined
    ? expression.evaluate(body, context.bindings)
    : expression.evaluateSync(body, context.bindings);
}

function requireValid(
  validate: Validator,
  value: unknown,
  code: 'MESSAGE_INVALID' | 'OUTPUT_INVALID',
  text: string,
): void {
  const faults = validate(value);
  if (faults.length === 0) return;
  const shown = faults.slice(0, 20).map(({ path, message }) => `${path === '' ? '/' : path} ${message}`);
  throw new CrossdockError(code, `${text}: ${shown.join('; ')}`, {
    path: faults[0]?.path,
    details: { faults: faults.slice(0, 20) },
  });
}

/** JSONata's own idea of truth ($boolean): empty strings, arrays and objects are false, and so is an array of falsehoods. */
function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 1 ? truthy(value[0]) : value.some(truthy);
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
