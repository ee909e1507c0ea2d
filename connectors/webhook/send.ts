import { createHmac } from 'node:crypto';
import { failOnStatus, type ActionResult, type Call, type Clock, type HttpClient } from '../../core/sdk.ts';

export interface Sender {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly url: string;
  readonly keys: readonly Buffer[];
}

/**
 * Sends one webhook, signed after Standard Webhooks. `webhook-id` is the idempotency key of the delivery, the same for each
 * try of it, by which the receiver knows a repeat; time and signature are of this try.
 */
export async function sendWebhook(sender: Sender, input: unknown, call: Call): Promise<ActionResult> {
  const { http, clock, url, keys } = sender;
  const body = JSON.stringify(input ?? null);
  const id = call.idempotencyKey;
  const timestamp = String(Math.floor(clock.now() / 1_000));
  const signatures = keys.map((key) => {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  const response = await http.send({
    method: 'POST',
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    },
    signal: call.signal,
  });
  failOnStatus(response, clock.now());
  return { ref: id };
}
