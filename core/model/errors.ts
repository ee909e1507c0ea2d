/**
 * What an error means for the delivery that met it:
 * - `permanent`: no retry can help; dead at once
 * - `transient`: may pass; uses up an attempt
 * - `throttled`: the target asked to wait (Retry-After); no attempt used
 * - `outage`: the target can't be reached or refuses us altogether; opens the connection's breaker, no attempt used
 * - `in_doubt`: it may have happened; the action's effect class decides what is safe
 * - `none`: not about a delivery (project, API, start)
 */
export type Fate = 'permanent' | 'transient' | 'throttled' | 'outage' | 'in_doubt' | 'none';

export interface ErrorRow {
  readonly fate: Fate;
  /** HTTP status where it is answered over HTTP (RFC 9457 problem document). */
  readonly status: number;
  /** One line, the same for every occurrence: the problem document's title. */
  readonly title: string;
  /** What a person can do about it. */
  readonly help: string;
}

/**
 * Every error the hub knows, and its fate. docs/reference/errors.md is generated from this table. A code is never
 * reused for another meaning.
 */
export const ERRORS = {
  // What a sender did wrong
  SOURCE_UNKNOWN: {
    fate: 'none',
    status: 404,
    title: 'No such source',
    help: 'Check the URL: a webhook is served at /in/<mapping>.',
  },
  METHOD_NOT_ALLOWED: {
    fate: 'none',
    status: 405,
    title: 'Method not allowed',
    help: 'The Allow header names the methods that are served here. Webhooks are sent with POST.',
  },
  SIGNATURE_INVALID: {
    fate: 'none',
    status: 401,
    title: 'Signature or credentials are not valid',
    help: 'Compare the secret on both sides, and the clock if a timestamp is signed.',
  },
  BODY_UNREADABLE: {
    fate: 'permanent',
    status: 400,
    title: 'The body can not be read',
    help: 'Send a body that is well-formed for its content type.',
  },
  BODY_TOO_LARGE: {
    fate: 'permanent',
    status: 413,
    title: 'The body is too large',
    help: 'Send less, or raise intake.max_body in config/hub.yaml.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    fate: 'permanent',
    status: 415,
    title: 'Content type not supported',
    help: 'Send application/json, application/x-www-form-urlencoded, application/xml or text/xml.',
  },
  MESSAGE_ID_MISSING: {
    fate: 'none',
    status: 400,
    title: 'The message has no id',
    help: 'The expression `message.id` of the mapping found nothing in this body.',
  },
  OVERLOADED: {
    fate: 'none',
    status: 503,
    title: 'The hub takes no more messages right now',
    help: 'Send it again after Retry-After seconds.',
  },
  STORE_UNAVAILABLE: {
    fate: 'none',
    status: 503,
    title: 'The hub can not store messages right now',
    help: 'Send it again after Retry-After seconds. Operators: see /readyz.',
  },

  // What a message met on its way
  MESSAGE_INVALID: {
    fate: 'permanent',
    status: 422,
    title: 'The message does not fit its schema',
    help: 'Mend the sender or the schema, then retry; or edit the message.',
  },
  EXPRESSION_FAILED: {
    fate: 'permanent',
    status: 422,
    title: 'An expression of the mapping failed',
    help: 'Mend the mapping for this kind of message, then retry the failure.',
  },
  EXPRESSION_LIMIT: {
    fate: 'permanent',
    status: 422,
    title: 'An expression ran too long or too deep',
    help: 'Simplify the expression, or raise limits.expression in config/hub.yaml.',
  },
  OUTPUT_INVALID: {
    fate: 'permanent',
    status: 422,
    title: 'The mapped output does not fit the action',
    help: 'Mend the mapping, then retry the failure.',
  },
  PAYLOAD_GONE: {
    fate: 'permanent',
    status: 410,
    title: 'The payload is no longer kept',
    help: 'Payload retention has passed; the message can only be discarded.',
  },
  ROUTE_UNKNOWN: {
    fate: 'permanent',
    status: 404,
    title: 'The route no longer exists',
    help: 'Restore the mapping or the target and retry, or discard the failure.',
  },
  DELIVERY_LIMIT: {
    fate: 'permanent',
    status: 500,
    title: 'The delivery was given up',
    help: 'Again and again the process ended that had it in hand: it may be the reason. Look at the message before you retry it.',
  },

  // What a target did
  TARGET_REJECTED: {
    fate: 'permanent',
    status: 422,
    title: 'The target refused the request',
    help: 'Read the response excerpt; mend the data or the mapping, then retry.',
  },
  TARGET_FAILED: {
    fate: 'transient',
    status: 502,
    title: 'The target failed',
    help: 'It is retried by itself.',
  },
  TARGET_THROTTLED: {
    fate: 'throttled',
    status: 503,
    title: 'The target asked to slow down',
    help: 'It is sent again when the target said. Lower limits.rate of the connection if it happens often.',
  },
  TARGET_UNAVAILABLE: {
    fate: 'outage',
    status: 503,
    title: 'The target is unavailable',
    help: 'The connection is paused and probed; nothing to do unless it lasts.',
  },
  TARGET_UNREACHABLE: {
    fate: 'outage',
    status: 502,
    title: 'The target can not be reached',
    help: 'Check address, DNS, firewall and certificate with `crossdock connections check`.',
  },
  CREDENTIALS_REFUSED: {
    fate: 'outage',
    status: 502,
    title: 'The target refused our credentials',
    help: 'Renew the secret of the connection, then `crossdock connections check`.',
  },
  TARGET_TIMEOUT: {
    fate: 'in_doubt',
    status: 504,
    title: 'The target did not answer in time',
    help: 'It may have acted. Look there before you retry an action that is not idempotent.',
  },
  TARGET_LOST: {
    fate: 'in_doubt',
    status: 502,
    title: 'The connection was lost after the request was sent',
    help: 'It may have acted. Look there before you retry an action that is not idempotent.',
  },
  RESPONSE_UNREADABLE: {
    fate: 'in_doubt',
    status: 502,
    title: 'The answer of the target can not be read',
    help: "It probably acted. Compare the answer with the connection's settings.",
  },
  ADDRESS_REFUSED: {
    fate: 'permanent',
    status: 502,
    title: 'The address is not allowed',
    help: 'Internal addresses need an entry in outbound.allow of config/hub.yaml.',
  },
  UNEXPECTED: {
    fate: 'transient',
    status: 500,
    title: 'Something unexpected went wrong',
    help: 'This is a defect of a connector or of the hub; the log has the stack.',
  },

  // What the project or the machine lacks
  PROJECT_INVALID: {
    fate: 'none',
    status: 422,
    title: 'The project has mistakes',
    help: '`crossdock check` lists them all with file and line.',
  },
  CONFIG_INVALID: {
    fate: 'none',
    status: 422,
    title: 'A setting is not valid',
    help: 'Correct the setting that is named.',
  },
  FOLDER_IN_USE: {
    fate: 'none',
    status: 409,
    title: 'Another hub uses this data folder',
    help: 'Stop the other process, or give this one another --data folder.',
  },
  ADDRESS_IN_USE: {
    fate: 'none',
    status: 409,
    title: 'The address is taken',
    help: 'Another program listens there; stop it or choose another --listen.',
  },
  STORE_REFUSED: {
    fate: 'none',
    status: 503,
    title: 'The database can not be used',
    help: 'Check CROSSDOCK_DATABASE_URL and the server behind it.',
  },
  STORE_OUTDATED: {
    fate: 'none',
    status: 409,
    title: 'The database has another version of the schema',
    help: 'Run `crossdock migrate`, or start the version that made it.',
  },
  BROKER_REFUSED: {
    fate: 'none',
    status: 503,
    title: 'The broker can not be used',
    help: 'Check CROSSDOCK_AMQP_URL, its rights and its queues.',
  },

  // What an API client did
  UNAUTHENTICATED: {
    fate: 'none',
    status: 401,
    title: 'Who are you?',
    help: 'Send a token: Authorization: Bearer <token>.',
  },
  FORBIDDEN: {
    fate: 'none',
    status: 403,
    title: 'Not allowed',
    help: 'Ask for a role that grants the action named in `action`.',
  },
  NOT_FOUND: {
    fate: 'none',
    status: 404,
    title: 'Not found',
    help: 'It does not exist, or you may not see it.',
  },
  REQUEST_INVALID: {
    fate: 'none',
    status: 400,
    title: 'The request is not valid',
    help: 'See `errors` and the OpenAPI document at /api/v1/openapi.json.',
  },
  CONFLICT: {
    fate: 'none',
    status: 409,
    title: 'Not possible in its present state',
    help: 'Read it again and decide anew.',
  },
  HUB_UNREACHABLE: {
    fate: 'none',
    status: 502,
    title: 'No hub answers there',
    help: 'Start one with `crossdock start`, or name it with --url.',
  },
  INTERNAL: {
    fate: 'none',
    status: 500,
    title: 'Something went wrong in the hub',
    help: 'The log has the details under this request id.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorFacts {
  readonly cause?: unknown;
  /** How long the target asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The head of the target's answer, at most 2 KiB, for the operator who looks at the failure. */
  readonly response?: string;
  /** Where in the data or the file: a JSON pointer or an expression position. */
  readonly path?: string;
  /** More facts for the problem document; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class. Its code says what happens next; its message says what happened, without secrets. */
export class CrossdockError extends Error {
  override readonly name = 'CrossdockError';
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
  readonly response?: string;
  readonly path?: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    // Connectors need not be written in TypeScript.
    this.code = Object.hasOwn(ERRORS, code) ? code : 'UNEXPECTED';
    this.retryAfterMs = Number.isFinite(facts.retryAfterMs) ? facts.retryAfterMs : undefined;
    this.response = facts.response?.slice(0, 2048);
    this.path = facts.path;
    this.details = facts.details ?? {};
  }

  get fate(): Fate {
    return ERRORS[this.code].fate;
  }

  /** Whatever was thrown, as an error with a code; what we do not know is UNEXPECTED. */
  static from(thrown: unknown, code: ErrorCode = 'UNEXPECTED'): CrossdockError {
    if (thrown instanceof CrossdockError) return thrown;
    return new CrossdockError(code, textOf(thrown), { cause: thrown });
  }
}

/** Anything can be thrown, also what has no text. */
function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'something was thrown that can not be shown';
  }
}
