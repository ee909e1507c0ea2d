import assert from 'node:assert/strict';
import { webhook } from '../../../connectors/webhook/index.ts';
import { createVerify } from '../../../connectors/webhook/verify.ts';
import { ManualClock } from '../../support/clock.ts';
import { callWith, openConnection } from '../../support/connection.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';
import { withCode } from '../../support/with-code.ts';

const NEW = 'whsec_bmV3IHNlY3JldCBvZiAyNCBieXRlcyE=';
const OLD = 'whsec_b2xkIHNlY3JldCBvZiAyNCBieXRlcyE=';

describe('a webhook that is sent', () => {
  it('is signed with every secret, under the idempotency key of the delivery', async () => {
    const server = await startScriptedServer(() => ({ status: 202 }));
    const clock = new ManualClock();
    const connection = await openConnection(
      webhook,
      { send: { url: `${server.url}/hooks?tenant=1`, secrets: [NEW, OLD], headers: { 'X-Tenant': 'acme' } } },
      { clock, allow: [server.address] },
    );
    try {
      const result = await connection.perform?.('send', { type: 'order.paid', name: 'Zoë' }, callWith());
      assert.deepEqual(result, { ref: callWith().idempotencyKey });
      const [seen] = server.seen;
      assert.ok(seen);
      assert.equal(seen.url, '/hooks?tenant=1');
      assert.equal(seen.headers['webhook-id'], callWith().idempotencyKey);
      assert.equal(seen.headers['x-tenant'], 'acme');
      assert.equal(seen.body, '{"type":"order.paid","name":"Zoë"}');
      for (const secret of [NEW, OLD])
        createVerify({ type: 'standard-webhooks', secrets: [secret] })({
          method: seen.method,
          url: seen.url,
          headers: seen.headers as Record<string, string>,
          body: Buffer.from(seen.body),
          receivedAt: clock.now(),
        });
    } finally {
      await connection.close();
      await server.close();
    }
  });

  it('is offered only where the settings say where to', async () => {
    const files = { read: () => Promise.reject(new Error('not needed')), resolve: (path: string) => path };
    assert.deepEqual(await webhook.describe?.({ verify: { type: 'none' } }, files).then(Object.keys), [
      'sources',
    ]);
    const sending = { send: { url: 'https://a.example.com', secrets: [NEW] } };
    assert.deepEqual(await webhook.describe?.(sending, files).then(Object.keys), ['actions']);
  });

  it('can not be set up with a secret that is none', async () => {
    await assert.rejects(
      openConnection(
        webhook,
        { send: { url: 'https://a.example.com', secrets: ['plain text!'] } },
        { clock: new ManualClock() },
      ),
      withCode('CONFIG_INVALID'),
    );
  });
});
