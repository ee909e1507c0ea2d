import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../core/model/clock.ts';

export const SYSTEMS = ['shop', 'crm', 'erp', 'pay'] as const;
export type SystemName = (typeof SYSTEMS)[number];

export const TROUBLES = [
  /** 503 with `Retry-After: 2`, nothing done. */
  'unavailable',
  /** 429 with `Retry-After: 2`, nothing done. */
  'throttled',
  /** 500, nothing done. */
  'error',
  /** Answers `ms` later than usual (default 2000). */
  'slow',
  /** Takes the request and neither acts nor answers. */
  'hang',
  /** Resets the connection, nothing done. */
  'reset',
  /** Acts, then never answers. */
  'accept-then-time-out',
  /** Acts, then resets the connection. */
  'accept-then-reset',
  /** Refuses every credential. */
  'wrong-credentials',
] as const;
export type TroubleMode = (typeof TROUBLES)[number];

/** A knob: what goes wrong at which system, for a number of requests or of seconds (default: 1 request). */
export interface Trouble {
  readonly system: SystemName;
  readonly mode: TroubleMode;
  readonly count?: number;
  readonly seconds?: number;
  /** Of `slow`. */
  readonly ms?: number;
}

interface ActiveTrouble {
  readonly mode: TroubleMode;
  readonly ms: number;
  remaining: number;
  readonly until: number;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The system is to refuse whatever credentials this request has. */
    refuseCredentials?: boolean;
  }
}

/** Keeps the knobs and makes the trouble, as a middleware in front of each system. */
export class Troubles {
  readonly #clock: Clock;
  readonly #active = new Map<SystemName, ActiveTrouble>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces what was set for that system. */
  set(trouble: Trouble): void {
    this.#active.set(trouble.system, {
      mode: trouble.mode,
      ms: trouble.ms ?? 2_000,
      remaining: trouble.count ?? (trouble.seconds === undefined ? 1 : Number.POSITIVE_INFINITY),
      until:
        trouble.seconds === undefined
          ? Number.POSITIVE_INFINITY
          : this.#clock.now() + trouble.seconds * 1_000,
    });
  }

  /** Ends the trouble of all systems. */
  clear(): void {
    this.#active.clear();
  }

  /** What is wrong at the moment. */
  list(): Record<string, TroubleMode> {
    return Object.fromEntries([...this.#active].map(([system, trouble]) => [system, trouble.mode]));
  }

  middleware(system: SystemName): (request: Request, response: Response, next: NextFunction) => void {
    return (request, response, next) => {
      const trouble = this.#take(system);
      if (trouble === undefined) next();
      else void this.#make(trouble, request, response, next);
    };
  }

  #take(system: SystemName): ActiveTrouble | undefined {
    const trouble = this.#active.get(system);
    if (trouble === undefined) return undefined;
    if (trouble.remaining <= 0 || this.#clock.now() >= trouble.until) {
      this.#active.delete(system);
      return undefined;
    }
    trouble.remaining -= 1;
    if (trouble.remaining <= 0) this.#active.delete(system);
    return trouble;
  }

  async #make(
    trouble: ActiveTrouble,
    request: Request,
    response: Response,
    next: NextFunction,
  ): Promise<void> {
    switch (trouble.mode) {
      case 'unavailable':
        response.status(503).set('retry-after', '2').send('down for maintenance');
        return;
      case 'throttled':
        response.status(429).set('retry-after', '2').send('too many requests');
        return;
      case 'error':
        response.status(500).send('an unexpected error occurred');
        return;
      case 'slow':
        await this.#clock.sleep(trouble.ms);
        next();
        return;
      case 'hang':
        return;
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'accept-then-time-out':
        response.end = () => response;
        next();
        return;
      case 'accept-then-reset':
        response.end = () => {
          request.socket.resetAndDestroy();
          return response;
        };
        next();
        return;
      case 'wrong-credentials':
        request.refuseCredentials = true;
        next();
    }
  }
}
