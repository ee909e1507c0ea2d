import { hash } from 'node:crypto';
import { CrossdockError } from '../model/errors.ts';
import type { Draft } from '../model/message.ts';
import { sourceName } from '../model/mapping.ts';
import type { Mapping } from '../model/mapping.ts';
import type { Expression, ExpressionLimits } from '../language/index.ts';
import { compileExpression } from '../language/index.ts';

/** A draft with all that acceptance has to know of it; what `Acceptor.accept` takes. */
export interface Arrival {
  readonly source: string;
  readonly type: string;
  readonly contentType: string;
  readonly payload: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** De-duplication key within the source; without one it is not de-duplicated. At most 512 characters. */
  readonly key?: string;
  readonly keys: Readonly<Record<string, string>>;
  /** The deliveries that this message becomes. */
  readonly routes: readonly string[];
  readonly revision: string;
  /** For what descends from another message: its id (deterministic), its journey and its parent. */
  readonly descent?: {
    readonly id: string;
    readonly journeyId: string;
    readonly causationId: string;
    readonly step: number;
  };
}

/** Turns what a mapping's source hands over into an arrival. Throws MESSAGE_ID_MISSING, EXPRESSION_FAILED. */
export type Arrive = (draft: Draft) => Promise<Arrival>;

export interface ArriveOptions {
  readonly routes: readonly string[];
  readonly revision: string;
  readonly limits: ExpressionLimits;
  /** A webhook without an id is refused; what is pulled can't be, and goes on without de-duplication. */
  readonly idRequired: boolean;
}

const MAX_KEY = 512;
const MAX_KEYS_VALUE = 200;

/** Prepares a mapping's source: its `message.id` and `message.keys` expressions are compiled once. */
export function compileArrive(mapping: Mapping, options: ArriveOptions): Arrive {
  const id =
    mapping.message.id === undefined ? undefined : compileExpression(mapping.message.id, options.limits);
  const keys = Object.entries(mapping.message.keys).map(
    ([name, text]) => [name, compileExpression(text, options.limits)] as const,
  );
  // A webhook's sender learns what is wrong; a record that was pulled must not hold up those behind it.
  const valueOfId = options.idRequired ? valueOf : valueOrNothing;
  const source = sourceName(mapping);
  const type = mapping.message.schema ?? mapping.name;
  return async (draft) => {
    const given = id === undefined ? undefined : valueOfId(id, draft);
    const found = idText(given instanceof Promise ? await given : given, draft.payload);
    if (id !== undefined && found === undefined && options.idRequired) {
      throw new CrossdockError(
        'MESSAGE_ID_MISSING',
        `message.id (${mapping.message.id?.source}) found nothing in this body`,
      );
    }
    const texts: Record<string, string> = {};
    for (const [name, expression] of keys) {
      const value = valueOrNothing(expression, draft);
      const text = keyText(value instanceof Promise ? await value : value);
      if (text !== undefined) texts[name] = text.slice(0, MAX_KEYS_VALUE);
    }
    const { contentType, payload, headers } = draft;
    // What a source has without the id that the mapping looks for is still known by the source's own.
    const key = found ?? keyText(draft.key);
    return {
      source,
      type,
      contentType,
      payload,
      headers,
      key: key === undefined ? undefined : shortKey(key),
      keys: texts,
      routes: options.routes,
      revision: options.revision,
    };
  };
}

/** A promise only of what JSONata's interpreter evaluates: every message comes through here. */
function valueOf(expression: Expression, { body }: Draft): unknown {
  return expression.evaluateSync === undefined ? expression.evaluate(body) : expression.evaluateSync(body);
}

/** A key to search by is a convenience: an expression that fails finds nothing, and the message is accepted without it. */
function valueOrNothing(expression: Expression, draft: Draft): unknown {
  try {
    const value = valueOf(expression, draft);
    return value instanceof Promise ? value.catch(() => undefined) : value;
  } catch {
    return undefined;
  }
}

/**
 * Whole numbers beyond 2^53 have lost their last digits when they come out of JSON (RFC 8259, section 6), and neighbours
 * look the same: with them, the payload tells messages apart. One that is sent again has the same.
 */
function idText(value: unknown, payload: Buffer): string | undefined {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return keyText(value);
  return `${String(value)}/${hash('sha256', payload, 'base64url')}`;
}

/** Ids and keys are strings and numbers; anything else is no key. NUL can't be stored in text and is dropped. */
function keyText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value.replaceAll('\u0000', '') : '';
  return text === '' ? undefined : text;
}

/** A long key ends in the hash of it all: those that begin alike are different messages. */
function shortKey(key: string): string {
  if (key.length <= MAX_KEY) return key;
  const digest = hash('sha256', key, 'base64url');
  return `${key.slice(0, MAX_KEY - digest.length)}${digest}`;
}
