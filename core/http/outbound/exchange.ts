import type { Dispatcher } from 'undici';
import type { HttpResponse } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { Deadlines, Expiring } from './deadlines.ts';
import { lostAfterStart, refusedBeforeStart } from './failures.ts';

/** A request with everything decided: what goes onto the wire. */
export interface Prepared {
  readonly method: string;
  readonly origin: string;
  /** Path and query, encoded. */
  path: string;
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly maxResponseBytes: number;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer. It speaks undici's dispatch interface and not its `request`, because only a handler is
 * told when the request begins to be written: what fails before that certainly had no effect on the target, what fails
 * after it may have had one.
 */
export class Exchange implements Dispatcher.DispatchHandler, Expiring {
  readonly response: Promise<HttpResponse>;
  readonly #request: Prepared;
  readonly #deadlines: Deadlines;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: CrossdockError) => void;
  /** Its place among the deadlines. */
  #slot: number | undefined;
  #settled = false;
  #started = false;
  #answered = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(request: Prepared, deadlines: Deadlines) {
    this.#request = request;
    this.#deadlines = deadlines;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** True once the first byte of an answer was understood. */
  get answered(): boolean {
    return this.#answered;
  }

  start(dispatcher: Dispatcher): void {
    const { method, origin, path, headers, body, signal } = this.#request;
    if (signal?.aborted === true) {
      this.#fail(this.#aborted());
      return;
    }
    this.#slot = this.#deadlines.add(this);
    dispatcher.dispatch(
      {
        method: method,
        origin,
        path,
        headers,
        body: body ?? null,
        // One limit for the whole exchange stands above both, and holds against a trickle of bytes too.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      this,
    );
  }

  look(now: number): void {
    if (this.#request.signal?.aborted === true) this.#fail(this.#aborted());
    else if (this.#request.deadline <= now) this.#expire();
  }

  #expire(): void {
    this.#fail(
      this.#started
        ? new CrossdockError('TARGET_TIMEOUT', `${this.#name} did not answer in time.`)
        : new CrossdockError('TARGET_UNREACHABLE', `No connection to ${this.#name} in time.`),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('given up before it was sent'));
    else this.#started = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#settled || status < 200) return;
    this.#answered = true;
    this.#status = status;
    this.#headers = flatten(headers);
    if (Number(this.#headers['content-length'] ?? 0) > this.#request.maxResponseBytes)
      this.#fail(this.#tooLarge());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.#request.maxResponseBytes) this.#fail(this.#tooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const body =
      this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#size);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(this.#started ? lostAfterStart(this.#name, error) : refusedBeforeStart(this.#name, error));
  }

  #fail(error: CrossdockError): void {
    if (this.#settled) return;
    this.#settle();
    this.#chunks = [];
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    this.#settled = true;
    if (this.#slot !== undefined) this.#deadlines.remove(this.#slot);
  }

  #aborted(): CrossdockError {
    const cause: unknown = this.#request.signal?.reason;
    return this.#started
      ? new CrossdockError('TARGET_TIMEOUT', `Given up while ${this.#name} had not answered yet.`, { cause })
      : new CrossdockError('TARGET_UNREACHABLE', `Given up before anything was sent to ${this.#name}.`, {
          cause,
        });
  }

  #tooLarge(): CrossdockError {
    return new CrossdockError(
      'RESPONSE_UNREADABLE',
      `The answer of ${this.#name} has more than ${this.#request.maxResponseBytes} bytes.`,
    );
  }

  get #name(): string {
    return this.#request.origin;
  }
}

function flatten(headers: Headers): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
