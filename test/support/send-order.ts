import assert from 'node:assert/strict';
import { until } from './until.ts';

/** A webhook that a bearer token opens, and who tells how its messages fare. */
export interface Shop {
  readonly url: string;
  readonly mapping: string;
  readonly token: string;
  readonly look: (id: string) => Promise<{ readonly deliveries: readonly { readonly state: string }[] }>;
}

/** Sends an order to a hub; resolves with the message's id when its deliveries are final or failed. */
export async function sendOrder({ url, mapping, token, look }: Shop, order: object): Promise<string> {
  const response = await fetch(`${url}/in/${mapping}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  assert.equal(response.status, 202);
  const { id } = (await response.json()) as { id: string };
  await until(async () => {
    const { deliveries } = await look(id);
    return deliveries.every(({ state }) => state !== 'outbox' && state !== 'underway');
  });
  return id;
}
