import { FunctionFault } from '../functions/index.ts';
import { MESSAGES } from './messages.ts';

/** What the text of an error is made of, beside its code. */
export interface ErrorFacts {
  readonly value?: unknown;
  readonly value2?: unknown;
  readonly index?: number;
  readonly type?: string;
  readonly exp?: unknown;
  readonly functionName?: string;
  /** For the codes whose text the expression itself gives: `$error`, `$assert`. */
  readonly message?: string;
}

/** Where an error belongs to: a call or an operator. */
export interface Site {
  readonly position: number | undefined;
  /** The operator, or the name of the function. */
  readonly token: string | undefined;
}

/** A failed evaluation, with JSONata's code. Place and token may be known only further out. */
export class EngineError extends Error {
  readonly code: string;
  position: number | undefined;
  token: string | undefined;
  readonly #facts: ErrorFacts;

  constructor(code: string, facts: ErrorFacts = {}, site?: Site) {
    super();
    this.name = 'EngineError';
    this.code = code;
    this.position = site?.position;
    this.token = site?.token;
    this.#facts = facts;
    // The text names the token, which may come later.
    Object.defineProperty(this, 'message', { get: () => this.#text() });
  }

  #text(): string {
    const facts: Readonly<Record<string, unknown>> = { ...this.#facts, token: this.token };
    return (MESSAGES[this.code] ?? this.#facts.message ?? this.code).replace(
      /\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}/g,
      (_all, plain: string | undefined, json: string | undefined) =>
        plain === undefined ? show(facts[json ?? '']) : String(facts[plain]),
    );
  }
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return 'a value';
  }
}

/** An error of one of JSONata's own functions, which throws plain objects, as one of ours; any other as it is. */
function asEngineError(thrown: unknown): unknown {
  if (thrown instanceof Error || typeof thrown !== 'object' || thrown === null) return thrown;
  const { code, ...facts } = thrown as { code?: unknown } & ErrorFacts;
  return typeof code === 'string' ? new EngineError(code, facts) : thrown;
}

/**
 * An error that comes out of a called function, as JSONata gives it to the caller: the place becomes that of the
 * outermost call, the token stays the innermost one.
 */
export function fromCall(thrown: unknown, site: Site): unknown {
  const error = asEngineError(thrown);
  if (!isLocated(error)) return error;
  if (error.token === undefined && site.token !== undefined) error.token = site.token;
  if (site.position !== undefined) error.position = site.position;
  return error;
}

/** An error that gets this place and token, whatever it had. */
export function blamed(thrown: unknown, site: Site): unknown {
  const error = asEngineError(thrown);
  return isLocated(error) ? Object.assign(error, site) : error;
}

/** An error that gets a place if it has none. */
export function located(thrown: unknown, site: Site): unknown {
  const error = asEngineError(thrown);
  if (!isLocated(error)) return error;
  if (error.token === undefined && site.token !== undefined) error.token = site.token;
  if (error.position === undefined && site.position !== undefined) error.position = site.position;
  return error;
}

type Located = EngineError | FunctionFault;

function isLocated(error: unknown): error is Located {
  return error instanceof EngineError || error instanceof FunctionFault;
}
