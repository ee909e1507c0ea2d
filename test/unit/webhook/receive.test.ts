import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createReceiver } from '../../../connectors/webhook/receive.ts';
import type { Verification, WebhookOptions } from '../../../connectors/webhook/settings.ts';
import type { InboundRequest, Receipt } from '../../../core/sdk.ts';
import { withCode } from '../../support/with-code.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const SECONDS = String(NOW / 1_000);

/** What a provider sends for this body, signed with `s`. */
const headersOf = (type: string, body: string): Record<string, string> => {
  const mac = (text: string, encoding: 'hex' | 'base64' = 'hex', key: string | Buffer = 's'): string =>
    createHmac('sha256', key).update(text).digest(encoding);
  switch (type) {
    case 'standard-webhooks':
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': SECONDS,
        'webhook-signature': `v1,${mac(`msg_1.${SECONDS}.${body}`, 'base64', Buffer.from('c2VjcmV0', 'base64'))}`,
      };
    case 'stripe':
      return { 'stripe-signature': `t=${SECONDS},v1=${mac(`${SECONDS}.${body}`)}` };
    case 'github':
      return { 'x-hub-signature-256': `sha256=${mac(body)}`, 'x-github-delivery': 'gh-1' };
    case 'shopify':
      return { 'x-shopify-hmac-sha256': mac(body, 'base64'), 'x-shopify-webhook-id': 'sh-1' };
    case 'slack':
      return {
        'x-slack-request-timestamp': SECONDS,
        'x-slack-signature': `v0=${mac(`v0:${SECONDS}:${body}`)}`,
      };
    default:
      return {};
  }
};

const receive = (
  type: string,
  body: string,
  { options = {}, headers = {} }: { options?: WebhookOptions; headers?: Record<string, string> } = {},
): Receipt => {
  const secrets = [type === 'standard-webhooks' ? 'whsec_c2VjcmV0' : 's'];
  const verification = (type === 'none' ? { type, id_header: 'X-Id' } : { type, secrets }) as Verification;
  const request: InboundRequest = {
    method: 'POST',
    url: '/in/sales/orders',
    headers: { 'content-type': 'application/json', ...headersOf(type, body), ...headers },
    body: Buffer.from(body),
    receivedAt: NOW,
  };
  return createReceiver(verification, options)(request);
};

describe('a webhook that is received', () => {
  it('is keyed by what the provider names each delivery', () => {
    const keys = (['standard-webhooks', 'stripe', 'github', 'shopify', 'slack', 'none'] as const).map(
      (type) => {
        const receipt = receive(type, '{"id":"evt_1","event_id":"Ev1"}', { headers: { 'x-id': 'own-1' } });
        return receipt.kind === 'message' ? receipt.key : undefined;
      },
    );
    assert.deepEqual(keys, ['msg_1', 'evt_1', 'gh-1', 'sh-1', 'Ev1', 'own-1']);
  });

  it('keeps the few headers that tell something, and no signature', () => {
    const receipt = receive('github', '{}', {
      headers: { 'x-github-event': 'push', cookie: 'c', 'user-agent': 'u' },
    });
    assert.deepEqual(receipt, {
      kind: 'message',
      body: {},
      key: 'gh-1',
      headers: { 'x-github-event': 'push', 'x-github-delivery': 'gh-1' },
    });
  });

  it('is parsed as its content type says', () => {
    const form = receive('none', 'a=1&b=%C3%A4', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.deepEqual(form, { kind: 'message', body: { a: '1', b: 'ä' } });
    const xml = receive('none', '<a><b>1</b></a>', { headers: { 'content-type': 'text/xml' } });
    assert.deepEqual(xml, { kind: 'message', body: { a: { b: '1' } } });
  });

  it('is as large as the hub lets in', () => {
    const text = 'x'.repeat(11 * 1024 * 1024);
    const receipt = receive('none', JSON.stringify({ text }));
    assert.deepEqual(receipt.kind === 'message' && receipt.body, { text });
  });

  it('is refused if it can not be read', () => {
    assert.throws(() => receive('none', '{'), withCode('BODY_UNREADABLE'));
    assert.throws(
      () => receive('none', 'x', { headers: { 'content-type': 'image/png' } }),
      withCode('CONTENT_TYPE_UNSUPPORTED'),
    );
  });

  it('is proven before it is read', () => {
    assert.throws(
      () => receive('stripe', '{', { headers: { 'stripe-signature': 't=1,v1=00' } }),
      withCode('SIGNATURE_INVALID'),
    );
  });

  describe('with a list of events', () => {
    const kind = (
      type: string,
      body: object,
      options: WebhookOptions,
      headers: Record<string, string> = {},
    ): string => receive(type, JSON.stringify(body), { options, headers }).kind;

    it('is ignored if it is none of them', () => {
      const events = ['order.paid', 'customer.*'];
      assert.equal(kind('stripe', { type: 'order.paid' }, { events }), 'message');
      assert.equal(kind('stripe', { type: 'customer.created' }, { events }), 'message');
      assert.equal(kind('stripe', { type: 'order.cancelled' }, { events }), 'ignored');
      assert.equal(kind('stripe', { type: 'customer' }, { events }), 'ignored');
      assert.equal(kind('stripe', {}, { events }), 'ignored');
      assert.equal(kind('stripe', {}, { events: ['*'] }), 'ignored');
    });

    it('is known by the header of the provider', () => {
      const shopify = { 'x-shopify-topic': 'orders/paid' };
      assert.equal(kind('shopify', {}, { events: ['orders/paid'] }, shopify), 'message');
      assert.equal(kind('shopify', {}, { events: ['orders/create'] }, shopify), 'ignored');
      const github = { 'x-github-event': 'pull_request' };
      assert.equal(kind('github', { action: 'opened' }, { events: ['pull_request'] }, github), 'message');
      assert.equal(
        kind('github', { action: 'opened' }, { events: ['pull_request.opened'] }, github),
        'message',
      );
      assert.equal(
        kind('github', { action: 'closed' }, { events: ['pull_request.opened'] }, github),
        'ignored',
      );
      assert.equal(kind('slack', { event: { type: 'message' } }, { events: ['message'] }), 'message');
    });

    it('is known by the field or the header that the mapping names', () => {
      const byField = { events: ['a'], event_field: 'meta.kind' };
      assert.equal(kind('shopify', { meta: { kind: 'a' } }, byField), 'message');
      assert.equal(kind('shopify', { meta: { kind: 'b' } }, byField), 'ignored');
      const byHeader = { events: ['a'], event_header: 'X-Event' };
      assert.equal(kind('none', {}, byHeader, { 'x-event': 'a' }), 'message');
      assert.equal(kind('none', { type: 'a' }, byHeader), 'ignored');
    });
  });

  it("is answered if it is Slack's handshake, which is signed too", () => {
    const body = '{"type":"url_verification","challenge":"3eZbrw1aB","token":"t"}';
    const expected: Receipt = { kind: 'reply', status: 200, contentType: 'text/plain', body: '3eZbrw1aB' };
    assert.deepEqual(receive('slack', body, { options: { events: ['message'] } }), expected);
    assert.throws(
      () => receive('slack', body, { headers: { 'x-slack-signature': 'v0=00' } }),
      withCode('SIGNATURE_INVALID'),
    );
  });

  it("is ignored if it is GitHub's ping, unless that is asked for", () => {
    const headers = { 'x-github-event': 'ping' };
    assert.equal(receive('github', '{"zen":"z"}', { headers }).kind, 'ignored');
    assert.equal(
      receive('github', '{"zen":"z"}', { headers, options: { events: ['ping'] } }).kind,
      'message',
    );
  });
});
