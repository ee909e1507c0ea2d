import type { JsonSchema } from './json-schema.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { EffectClass } from './outcome.ts';

/**
 * One kind of system. This one object is the source for the registry, the checks of a project's files, the reference
 * pages and `connectors describe`. It does nothing on import; `open` is called once per connection at start.
 * A connector throws CrossdockErrors and never retries, schedules, queues or audits by itself.
 */
export interface Connector<C = unknown> {
  /** What `connector:` in connections.yaml names. Lower case. */
  readonly name: string;
  /** One sentence for lists and the head of its page. */
  readonly summary: string;
  readonly status: 'stable' | 'beta' | 'deprecated';
  /** Schema of `with:` in connections.yaml. Every property has a description; secrets are marked `x-secret`. */
  readonly config: JsonSchema;
  readonly sources: Readonly<Record<string, SourceSpec>>;
  readonly actions: Readonly<Record<string, ActionSpec>>;
  readonly examples: readonly Example[];
  /**
   * For connectors whose sources and actions follow from the connection's settings (endpoints of a REST API, operations
   * of a WSDL). Called while the project is checked: reads project files, never the network. What it offers is added
   * to `sources` and `actions`. Throws CONFIG_INVALID with `path` pointing into the settings.
   */
  describe?(config: C, files: ProjectFiles): Promise<Offer>;
  /** Opens a live connection. It need not connect yet, but must refuse settings that can't work (CONFIG_INVALID). */
  open(config: C, host: Host): Promise<Connection>;
}

export interface Offer {
  readonly sources?: Readonly<Record<string, SourceSpec>>;
  readonly actions?: Readonly<Record<string, ActionSpec>>;
}

export interface SourceSpec {
  /** `push`: the system sends requests to /in/<mapping>. `pull`: the hub asks, on the mapping's `schedule`. */
  readonly kind: 'push' | 'pull';
  readonly summary: string;
  /** Schema of `from.with` in a mapping. */
  readonly options: JsonSchema;
  /** Schema of the bodies that come out, where it is known. */
  readonly body?: JsonSchema;
}

export interface ActionSpec {
  readonly summary: string;
  /** What a repeat would do; decides what happens to a delivery in doubt. */
  readonly effect: EffectClass;
  /** True for an action that changes nothing: the only kind that a mapping may `enrich` with. */
  readonly reads?: boolean;
  /** What the mapping must produce. The output is shaped to it (a single item becomes an array where one is wanted). */
  readonly input?: JsonSchema;
  /** What comes back, for `enrich`. */
  readonly output?: JsonSchema;
}

export interface Example {
  readonly title: string;
  /** A connections.yaml entry or a mapping file, as the title says; a test checks that it is accepted. */
  readonly yaml: string;
}

/** Files of the project, by path relative to its root; anything outside is refused. */
export interface ProjectFiles {
  read(path: string): Promise<Buffer>;
  /** Absolute path, for connectors that work on folders. */
  resolve(path: string): string;
}

/** All that a connector gets of the hub. One more member needs an ADR. */
export interface Host {
  readonly log: Logger;
  readonly clock: Clock;
  readonly files: ProjectFiles;
  /** The guarded HTTP client, with the connection's credentials built in. The only way out over HTTP. */
  http(options: HttpOptions): HttpClient;
}

/** One live, credentialed session with one system, shared by all routes that use it. */
export interface Connection {
  /** For push sources: how a request to this source is proven and understood. Called once per mapping at start. */
  receive?(source: string, options: unknown): Receiver;
  /** For pull sources. Called once per mapping at start. */
  pull?(source: string, options: unknown): Puller;
  /** Performs an action once. Resolves when the target has confirmed it; throws a CrossdockError whose fate says what next. */
  perform?(action: string, input: unknown, call: Call): Promise<ActionResult>;
  /** For actions of effect class `probe`: the result if it already happened, undefined if it certainly did not. */
  probe?(action: string, input: unknown, call: Call): Promise<ActionResult | undefined>;
  /** Proves address, credentials and rights without side effects. Never throws for what it finds: it says so. */
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  close(): Promise<void>;
}

/** Decides on one inbound request. Throws SIGNATURE_INVALID and the like; must not do I/O. */
export type Receiver = (request: InboundRequest) => Receipt;

export interface InboundRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** Lower-case names; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw bytes. Signatures are made over these. */
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

export type Receipt =
  /** `body` is the parsed body; `key` the delivery id that the provider sends along, if it does. */
  | {
      readonly kind: 'message';
      readonly body: unknown;
      readonly key?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Proven, but not one of the events that the mapping wants: answered 200, not stored. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** A handshake of the provider (Slack's url_verification): answered as given, not stored. */
  | { readonly kind: 'reply'; readonly status: number; readonly contentType: string; readonly body: string };

/**
 * Yields pages, oldest first. The next page is asked for only after the last one is committed together with its
 * cursor, so code behind a `yield` may delete or move what was yielded. `cursor` is what the last committed page said;
 * undefined at the very first run. The generator ends when there is nothing more for now. `fire` is the time for which
 * the schedule planned this run, in milliseconds since the epoch: the same when the run comes late or is repeated.
 */
export type Puller = (cursor: unknown, signal: AbortSignal, fire: number) => AsyncIterable<Page>;

export interface Page {
  readonly records: readonly PulledRecord[];
  /** Plain JSON; where to go on after this page. */
  readonly cursor: unknown;
}

export interface PulledRecord {
  readonly body: unknown;
  /** The bytes as they came, if the record has bytes of its own; default: the body as JSON. */
  readonly payload?: Buffer;
  readonly contentType?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an action may know of the delivery that it performs. */
export interface Call {
  /** Aborted when the delivery's time is up or the hub must end. */
  readonly signal: AbortSignal;
  /** The same for every attempt of one delivery: derived from message and route. At most 64 characters, URL-safe. */
  readonly idempotencyKey: string;
  readonly messageId: string;
  readonly journeyId: string;
  readonly attempt: number;
}

export interface ActionResult {
  /** What the target answered, parsed; joins the message on `enrich`. */
  readonly output?: unknown;
  /** The target's own id for what was made, for the journey. */
  readonly ref?: string;
}

export interface CheckResult {
  /** `address`, `credentials`, `rights`, or a connector's own word. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, or what to do; never a secret. */
  readonly detail: string;
}

/** How a connection speaks HTTP. Times in milliseconds. */
export interface HttpOptions {
  readonly baseUrl?: string;
  readonly auth?: Auth;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** From first byte out to last byte in. Default 30000. */
  readonly timeoutMs?: number;
  /** Default 10 MiB. */
  readonly maxResponseBytes?: number;
}

/** Credentials by scheme; settings marked `x-secret` in the schema that connectors share (`authSchema` of the sdk). */
export type Auth =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'api_key';
      readonly name: string;
      readonly value: string;
      readonly in?: 'header' | 'query';
    }
  | {
      readonly type: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
      readonly audience?: string;
      readonly clientAuth?: 'basic' | 'body';
    }
  | {
      readonly type: 'hmac';
      readonly secret: string;
      readonly header: string;
      readonly algorithm?: 'sha256' | 'sha512';
      readonly encoding?: 'hex' | 'base64';
      readonly prefix?: string;
      readonly timestampHeader?: string;
    };

export interface HttpClient {
  /**
   * Sends one request. Resolves with any HTTP status. Throws TARGET_UNREACHABLE (nothing was sent), TARGET_TIMEOUT or
   * TARGET_LOST (it may have been acted on), ADDRESS_REFUSED, CREDENTIALS_REFUSED (the token endpoint said no).
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute, or relative to `baseUrl`. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
