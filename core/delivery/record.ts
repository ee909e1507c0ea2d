import { createEvent } from '../audit/index.ts';
import type { Arrival } from '../intake/index.ts';
import type { Clock } from '../model/clock.ts';
import type { AuditEvent } from '../model/event.ts';
import { failureFromOutcome } from '../recovery/index.ts';
import type { FailureRow } from '../recovery/index.ts';
import type { Settlement } from './settlement.ts';

/**
 * All that is written of a settlement. Made once for each: written again, after a commit of which nobody knows whether
 * it was done, it changes nothing.
 */
export interface SettlementRecord {
  readonly settlement: Settlement;
  readonly event: AuditEvent;
  readonly failure?: FailureRow;
  /** The delivery is final, and may have left a failure. */
  readonly resolved?: { readonly messageId: string; readonly route: string };
  readonly children: readonly Arrival[];
}

/** Of the target's own id for what was made, in the event. */
const REF_CHARS = 500;

export function recordOf(settlement: Settlement, revision: string, clock: Clock): SettlementRecord {
  const { delivery, outcome, attempt, durationMs } = settlement;
  const { message, route } = delivery;
  const subject = { journeyId: message.journeyId, messageId: message.id, route };
  switch (outcome.kind) {
    case 'delivered': {
      const facts = { attempt, durationMs, ref: outcome.ref?.slice(0, REF_CHARS), revision };
      return final(settlement, createEvent('delivered', facts, subject, clock));
    }
    case 'filtered':
      return final(settlement, createEvent('filtered', { step: outcome.step }, subject, clock));
    case 'split': {
      const facts = { count: outcome.count, step: outcome.step };
      return final(settlement, createEvent('split', facts, subject, clock));
    }
    case 'retry':
    case 'throttled':
    case 'in_doubt':
    case 'dead': {
      const { row, event } = failureFromOutcome(settlement, outcome, clock);
      return { settlement, event, failure: row, children: [] };
    }
  }
}

function final(settlement: Settlement, event: AuditEvent): SettlementRecord {
  const { delivery, children } = settlement;
  const { message, route } = delivery;
  // Only what was tried before can have a failure row.
  const triedBefore = delivery.attempts > 0 || delivery.repeat;
  return {
    settlement,
    event,
    children,
    ...(triedBefore ? { resolved: { messageId: message.id, route } } : {}),
  };
}
