import type { Mapping, Position } from '../model/mapping.ts';
import type { Offer, ProjectFiles } from '../model/connector.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { RetryPolicy } from '../model/retry.ts';
import type { CheckCode, Severity } from './check-codes.ts';

/** Everything that a project folder says, checked and frozen. Nothing is started before all of it is right. */
export interface Project {
  /** Absolute. */
  readonly root: string;
  readonly hub: HubConfig;
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  /** By name, `sales/order@1`. */
  readonly schemas: ReadonlyMap<string, JsonSchema>;
  readonly mappings: readonly Mapping[];
  /** SHA-256 over the files, before secrets are filled in: the name of this version of the project. */
  readonly revision: string;
  /** The files that make up the revision, by path, as they are written. */
  readonly sources: ReadonlyMap<string, string>;
  readonly files: ProjectFiles;
}

/** `config/hub.yaml`; every key has a default, the file may be missing. Durations in milliseconds. */
export interface HubConfig {
  /** Separates hubs on one broker and in one database: prefix of queues, name of the schema. Default `crossdock`. */
  readonly namespace: string;
  readonly intake: {
    /** Default 1 MiB. */
    readonly maxBodyBytes: number;
  };
  readonly limits: {
    readonly expression: { readonly timeoutMs: number; readonly stack: number; readonly sequence: number };
  };
  readonly outbound: {
    /** Internal addresses that connections may reach: `127.0.0.1:7401`, `10.1.0.0/16`, `10.2.0.7:443`. Default none. */
    readonly allow: readonly string[];
  };
  readonly retry: RetryPolicy;
  readonly retention: { readonly messages: number; readonly payloads: number; readonly dedupe: number };
  readonly queues: { readonly maxLength: number; readonly deliveryLimit: number };
  readonly shutdown: { readonly graceMs: number };
  /** Roles beside the built-in ones: name → what it grants. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** One entry of `config/connections.yaml`. */
export interface ConnectionConfig {
  readonly name: string;
  readonly connector: string;
  /** Checked against the connector's schema, defaults and secrets filled in. Never log it. */
  readonly settings: unknown;
  /** What the connector offers with these settings. */
  readonly offer: Required<Offer>;
  readonly limits: ConnectionLimits;
  readonly breaker: BreakerConfig;
  readonly at: Position;
}

export interface ConnectionLimits {
  /** Deliveries in hand at a time, per process. Default 16. */
  readonly concurrency: number;
  /** Requests a second, per process; undefined is no limit. */
  readonly rate?: number;
  /** For one action, in milliseconds. Default 30s. */
  readonly timeoutMs: number;
}

export interface BreakerConfig {
  /** Outages in a row that pause the connection. Default 5. */
  readonly failures: number;
  /** Until the first probe, in milliseconds; doubles up to `maxPauseMs`. Default 5s and 1m. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** Something wrong in a project file. Plain data, so that the terminal, an editor and the API can show it. */
export interface Problem extends Position {
  /** What kind of mistake it is: one of docs/reference/checks.md. */
  readonly code: CheckCode;
  readonly severity: Severity;
  /** Behind the last character that is meant, where that is known. */
  readonly end?: Place;
  /** Path inside the file: `to[0].map.Buyer`. */
  readonly path: string;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** The nearest known name, or what to do. */
  readonly hint?: string;
  /** An edit of the file that puts it right, where one can be told. */
  readonly fix?: Fix;
}

/** A place in a file that is known; line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A piece of the file, and what should stand there instead. */
export interface Fix {
  readonly from: Place;
  /** Behind its last character. */
  readonly to: Place;
  readonly text: string;
}
