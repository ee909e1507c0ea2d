import type { Clock } from '../model/clock.ts';
import type { Database } from '../store/index.ts';
import { GroupCommit } from '../store/index.ts';
import { acceptArrivals } from './accept.ts';
import type { Accepted } from './accept.ts';
import type { Arrival } from './arrival.ts';
import type { Claimed } from './outbox.ts';
import type { Relay } from './relay.ts';

export interface AcceptorOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Where accepted deliveries go on at once; without one they wait in the outbox for another process. */
  readonly relay?: Relay;
}

/** Messages in one transaction at most. */
const MAX_BATCH = 250;

/** The hub's front door: what it says is accepted is committed. Concurrent callers share a transaction. */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #commits: GroupCommit<Arrival, Accepted>;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#commits = new GroupCommit({
      maxBatch: MAX_BATCH,
      commit: (arrivals) => this.#commit(arrivals),
    });
  }

  /** Messages that wait to be committed. */
  get depth(): number {
    return this.#commits.depth;
  }

  /** Resolves after the commit. Throws STORE_UNAVAILABLE: then it is unknown, and the sender must send it again. */
  accept(arrival: Arrival): Promise<Accepted> {
    return this.#commits.submit(arrival);
  }

  /** Resolves when what was submitted is committed or refused. */
  drain(): Promise<void> {
    return this.#commits.drain();
  }

  async #commit(arrivals: readonly Arrival[]): Promise<readonly Accepted[]> {
    const { relay, clock, database } = this.#options;
    const reservation = relay?.reserve(arrivals.length);
    try {
      const accepted = await acceptArrivals(database.db, arrivals, clock, reservation !== undefined);
      if (reservation !== undefined)
        relay?.handOver(
          reservation,
          accepted.flatMap((result, index) => toClaimed(arrivals[index] as Arrival, result)),
        );
      else relay?.wake();
      return accepted;
    } catch (error) {
      if (reservation !== undefined) relay?.giveUp(reservation);
      throw error;
    }
  }
}

function toClaimed(arrival: Arrival, accepted: Accepted): Claimed[] {
  const { source, type, contentType, headers, key, keys, payload, descent } = arrival;
  const message = {
    id: accepted.id,
    source,
    type,
    time: new Date(accepted.acceptedAt).toISOString(),
    journeyId: descent?.journeyId ?? accepted.id,
    causationId: descent?.causationId,
    key,
    keys,
    contentType,
    headers,
  };
  return accepted.outbox.map(({ id, route }) => ({
    id,
    delivery: { message, payload, route, attempts: 0, step: descent?.step ?? 0, repeat: false },
  }));
}
