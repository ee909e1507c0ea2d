import { parseBody } from '../formats/index.ts';
import type { Arrival } from '../intake/index.ts';
import type { ActionResult, ActionSpec, Call } from '../model/connector.ts';
import type { Clock } from '../model/clock.ts';
import type { Delivery } from '../model/delivery.ts';
import { CrossdockError } from '../model/errors.ts';
import { topicSource } from '../model/mapping.ts';
import type { EffectClass, Outcome } from '../model/outcome.ts';
import type { RetryPolicy } from '../model/retry.ts';
import { decide } from '../model/retry.ts';
import type { RouteProgram } from '../router/index.ts';
import type { Database } from '../store/index.ts';
import { descendantId } from '../store/index.ts';
import type { Gate } from './gate.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { fetchPayload } from './settled-before.ts';

export interface AttemptEnv {
  readonly database: Database;
  readonly clock: Clock;
  readonly revision: string;
  readonly gates: ReadonlyMap<string, Gate>;
  readonly action: (connection: string, action: string) => ActionSpec | undefined;
  /** Routes of the mappings that start from a topic. */
  readonly subscribers: (topic: string) => readonly string[];
  readonly random: () => number;
}

/** How a delivery's turn with a worker ended. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly attempt: number;
  readonly output?: unknown;
  readonly children: readonly Arrival[];
}

/** Waits up to this long are made in the worker; longer ones in the store. */
const WAIT_HERE_MS = 1_000;

/**
 * Tries a delivery: its steps, then its action, with the immediate retries that its policy allows. Never throws for what
 * the message or the target does; throws STORE_UNAVAILABLE and when `signal` ends it, and then nothing is settled.
 */
export async function attemptDelivery(
  program: RouteProgram,
  delivery: Delivery,
  env: AttemptEnv,
  signal: AbortSignal,
): Promise<Attempted> {
  const effect = effectOf(program, env);
  for (let attempt = delivery.attempts + 1; ; attempt += 1) {
    const progress: { output?: unknown } = {};
    try {
      const done = await attemptOnce({ program, delivery, env, signal, attempt, progress });
      return { ...done, attempt };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = CrossdockError.from(thrown);
      if (error.code === 'STORE_UNAVAILABLE') throw error;
      const outcome = decide(
        program.target.retry,
        { attempt, ageMs: ageOf(delivery, env.clock), effect, random: env.random() },
        error,
      );
      if (
        outcome.kind !== 'retry' ||
        !outcome.usesAttempt ||
        outcome.afterMs > WAIT_HERE_MS ||
        !isImmediate(program.target.retry, attempt)
      ) {
        return { outcome, attempt, output: progress.output, children: [] };
      }
      await env.clock.sleep(outcome.afterMs, signal);
    }
  }
}

interface Once {
  readonly program: RouteProgram;
  readonly delivery: Delivery;
  readonly env: AttemptEnv;
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly progress: { output?: unknown };
}

async function attemptOnce(once: Once): Promise<Omit<Attempted, 'attempt'>> {
  const { program, delivery, env, progress } = once;
  const payload = delivery.payload ?? (await fetchPayload(env.database, delivery));
  if (payload === undefined)
    throw new CrossdockError('PAYLOAD_GONE', 'the payload of this message is no longer kept');
  // How large it may be was decided when it was accepted.
  const body = parseBody(delivery.message.contentType, payload, { maxBytes: payload.length });
  const call = callOf(once);
  const running = program.run({ ...delivery.message, body }, delivery.step, (connection, action, input) =>
    look(gateOf(env, connection), action, input, call),
  );
  const routed = running instanceof Promise ? await running : running;
  switch (routed.kind) {
    case 'filtered':
      return { outcome: { kind: 'filtered', step: routed.step }, children: [] };
    case 'split':
      return {
        outcome: { kind: 'split', count: routed.items.length, step: routed.step },
        children: routed.items.map((item, index) => part(once, item, index, routed.next)),
      };
    case 'output': {
      progress.output = routed.output;
      const { to } = program.target;
      if (to.kind === 'topic')
        return {
          outcome: { kind: 'delivered', ref: to.topic },
          output: routed.output,
          children: [topicMessage(once, to.topic, routed.output)],
        };
      const triedBefore = once.attempt > 1 || delivery.repeat || delivery.retriedAt !== undefined;
      const probeFirst = triedBefore && effectOf(program, env) === 'probe';
      const result: ActionResult = await gateOf(env, to.connection).perform(
        to.action,
        routed.output,
        call,
        probeFirst,
      );
      return { outcome: { kind: 'delivered', ref: result.ref }, children: [] };
    }
  }
}

/** An answer for an `enrich` step. Nothing has happened yet, so a question without an answer is asked again: it leaves no doubt. */
async function look(gate: Gate, action: string, input: unknown, call: Call): Promise<unknown> {
  try {
    return (await gate.perform(action, input, call, false)).output;
  } catch (thrown) {
    const error = CrossdockError.from(thrown);
    if (error.fate !== 'in_doubt') throw error;
    throw new CrossdockError('TARGET_FAILED', error.message, { cause: error, response: error.response });
  }
}

function callOf({ delivery, signal, attempt }: Once): Call {
  const { message, route } = delivery;
  return {
    signal,
    idempotencyKey: idempotencyKey(message.id, route),
    messageId: message.id,
    journeyId: message.journeyId,
    attempt,
  };
}

/** One item of a split, as a message of its own that goes on behind the split step on the same route. */
function part(once: Once, item: unknown, index: number, step: number): Arrival {
  const { message, route } = once.delivery;
  return {
    ...descendant(once, item),
    source: message.source,
    type: message.type,
    routes: [route],
    descent: {
      id: descendantId(message.id, route, once.delivery.step, index),
      journeyId: message.journeyId,
      causationId: message.id,
      step,
    },
  };
}

function topicMessage(once: Once, topic: string, output: unknown): Arrival {
  const { message, route } = once.delivery;
  return {
    ...descendant(once, output),
    source: topicSource(topic),
    type: topic,
    routes: once.env.subscribers(topic),
    descent: {
      id: descendantId(message.id, route, 'topic'),
      journeyId: message.journeyId,
      causationId: message.id,
      step: 0,
    },
  };
}

function descendant(
  { delivery, env }: Once,
  body: unknown,
): Pick<Arrival, 'contentType' | 'payload' | 'headers' | 'keys' | 'revision'> {
  return {
    contentType: 'application/json',
    payload: Buffer.from(JSON.stringify(body ?? null)),
    headers: {},
    keys: delivery.message.keys,
    revision: env.revision,
  };
}

function gateOf(env: AttemptEnv, connection: string): Gate {
  const gate = env.gates.get(connection);
  if (gate === undefined)
    throw new CrossdockError('ROUTE_UNKNOWN', `the connection ${connection} no longer exists`);
  return gate;
}

function effectOf({ target }: RouteProgram, env: AttemptEnv): EffectClass {
  return target.to.kind === 'topic'
    ? 'idempotent'
    : (env.action(target.to.connection, target.to.action)?.effect ?? 'none');
}

function isImmediate(policy: RetryPolicy, attempt: number): boolean {
  return attempt <= policy.immediate;
}

function ageOf(delivery: Delivery, clock: Clock): number {
  return clock.now() - (delivery.retriedAt ?? Date.parse(delivery.message.time));
}
