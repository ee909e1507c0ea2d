import assert from 'node:assert/strict';
import type { HubProcess } from '../../support/hub-process.ts';
import { crossdock } from '../../support/hub-process.ts';
import { until } from '../../support/until.ts';
import type { Ledger } from './sender.ts';
import type { Target } from './target.ts';

interface Balance {
  readonly balanced: boolean;
  readonly routes: readonly {
    readonly route: string;
    readonly accepted: number;
    readonly delivered: number;
    readonly outbox: number;
    readonly open: number;
    readonly failures: { readonly waiting: number; readonly in_doubt: number; readonly dead: number };
  }[];
}

/** Resolves when every delivery of every route is delivered, by the hub's own books; says how they stand if not in time. */
export async function allDelivered(hub: HubProcess, timeoutMs: number): Promise<void> {
  let last: unknown;
  const isDone = async (): Promise<boolean> => {
    try {
      const { routes } = await hub.api<Balance>('/reconcile');
      last = routes;
      return routes.length > 0 && routes.every((route) => route.delivered === route.accepted);
    } catch (error) {
      last = error;
      return false;
    }
  };
  try {
    await until(isDone, { timeoutMs, everyMs: 200, what: 'that everything is delivered' });
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${JSON.stringify(last)}\n${hub.lastWords()}`, {
      cause: last,
    });
  }
}

/** `crossdock reconcile` says that the books are balanced, and how many deliveries there were on each route. */
export async function assertBalanced(hub: HubProcess, root: string, acknowledged: number): Promise<void> {
  const { code, stdout, stderr } = await crossdock({ root, url: hub.url }, 'reconcile', '--json');
  assert.equal(code, 0, `reconcile ended with ${code}: ${stdout}${stderr}`);
  const { balanced, routes } = JSON.parse(stdout) as Balance;
  assert.equal(balanced, true);
  for (const { route, accepted, delivered } of routes) {
    assert.equal(delivered, accepted, route);
    assert.equal(accepted, acknowledged, `${route} knows of as many orders as the sender`);
  }
}

/**
 * The sender's ledger against the target's: nothing that was acknowledged is missing, and whatever came more than once
 * came with the same key, which no other order has.
 */
export function assertNothingLost(sender: Ledger, target: Pick<Target, 'effects'>, name: string): void {
  const missing = [...sender.acknowledged.keys()].filter((id) => !target.effects.has(id));
  assert.deepEqual(missing, [], `acknowledged, but never seen by ${name}`);
  const keys = new Set<string>();
  for (const [id, used] of target.effects) {
    assert.equal(new Set(used).size, 1, `${name} got ${id} with different keys: ${used.join(', ')}`);
    assert.notEqual(used[0], 'undefined', `${name} got ${id} without a key`);
    keys.add(used[0] as string);
  }
  assert.equal(keys.size, target.effects.size, `${name} got different orders with the same key`);
}
