import type { Authorizer } from '../core/access/index.ts';
import type { Project } from '../core/language/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Connection } from '../core/model/connector.ts';
import type { CrossdockError } from '../core/model/errors.ts';
import type { Logger } from '../core/model/logger.ts';
import type { PartState } from '../core/http/server/index.ts';
import type { Reconciler } from '../core/recovery/index.ts';
import type { Database } from '../core/store/index.ts';
import type { Depth } from '../core/transport/index.ts';

/** What the API works on; given by the composition root. */
export interface ApiDeps {
  readonly database: Database;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly project: Project;
  /** The connections that this process holds open, by name. */
  readonly connections: ReadonlyMap<string, LiveConnection>;
  readonly reconciler: Pick<Reconciler, 'report' | 'redrive'>;
  readonly hub: HubFacts;
  /** The parts of this process, as /readyz names them, with details for those who may see them. */
  readonly parts: () => Promise<readonly PartDetails[]>;
  /** What waits in the transport, by route; undefined where that can't be known right now. */
  readonly queued: () => Promise<ReadonlyMap<string, Depth> | undefined>;
  /** Called after deliveries were put into the outbox, so that they need not wait for the next look. */
  readonly wakeRelay: () => void;
}

/** What is the same for as long as the process lives. */
export interface HubFacts {
  readonly version: string;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface PartDetails extends PartState {
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The part of a connection's gate that the API shows. */
export interface LiveConnection {
  readonly state: 'closed' | 'open' | 'probing';
  /** What opened the breaker last. */
  readonly lastError: CrossdockError | undefined;
  /** Milliseconds until the next probe; 0 unless open. */
  readonly remainingMs: number;
  readonly connection: Pick<Connection, 'check'>;
}
