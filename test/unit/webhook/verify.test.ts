import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { Verification } from '../../../connectors/webhook/settings.ts';
import { createVerify } from '../../../connectors/webhook/verify.ts';
import type { InboundRequest } from '../../../core/sdk.ts';
import { withCode } from '../../support/with-code.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const SECONDS = String(NOW / 1_000);
const BODY = Buffer.from('{"id":"evt_1","name":"Zoë"}');

const request = (headers: Record<string, string>, more: Partial<InboundRequest> = {}): InboundRequest => ({
  method: 'POST',
  url: '/in/sales/orders',
  headers,
  body: BODY,
  receivedAt: NOW,
  ...more,
});
const sign = (
  key: string | Buffer,
  text: string | Buffer,
  encoding: 'hex' | 'base64' = 'hex',
  hash = 'sha256',
): string => createHmac(hash, key).update(text).digest(encoding);
const timed = (time: string): Buffer => Buffer.concat([Buffer.from(`${time}.`), BODY]);
const whsec = (text: string): string => `whsec_${Buffer.from(text).toString('base64')}`;

/** One scheme: its settings with the secrets `new` and `old`, and what a sender with a secret and a time sends. */
interface Scheme {
  readonly settings: (secrets: string[]) => Verification;
  readonly secret: (name: string) => string;
  readonly headers: (name: string, seconds: string) => Record<string, string>;
  readonly timed: boolean;
}

const plain = (name: string): string => name;
const SCHEMES: Readonly<Record<string, Scheme>> = {
  'standard-webhooks': {
    settings: (secrets) => ({ type: 'standard-webhooks', secrets }),
    secret: whsec,
    headers: (name, seconds) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${sign(name, Buffer.concat([Buffer.from('msg_1.'), timed(seconds)]), 'base64')}`,
    }),
    timed: true,
  },
  stripe: {
    settings: (secrets) => ({ type: 'stripe', secrets }),
    secret: plain,
    headers: (name, seconds) => ({
      'stripe-signature': `t=${seconds},v0=00,v1=${sign(name, timed(seconds))}`,
    }),
    timed: true,
  },
  github: {
    settings: (secrets) => ({ type: 'github', secrets }),
    secret: plain,
    headers: (name) => ({ 'x-hub-signature-256': `sha256=${sign(name, BODY)}` }),
    timed: false,
  },
  shopify: {
    settings: (secrets) => ({ type: 'shopify', secrets }),
    secret: plain,
    headers: (name) => ({ 'x-shopify-hmac-sha256': sign(name, BODY, 'base64') }),
    timed: false,
  },
  slack: {
    settings: (secrets) => ({ type: 'slack', secrets }),
    secret: plain,
    headers: (name, seconds) => ({
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': `v0=${sign(name, Buffer.concat([Buffer.from(`v0:${seconds}:`), BODY]))}`,
    }),
    timed: true,
  },
  hmac: {
    settings: (secrets) => ({
      type: 'hmac',
      secrets,
      header: 'X-Signature',
      algorithm: 'sha512',
      encoding: 'base64',
      secret_encoding: 'hex',
      prefix: 'v=',
      timestamp_header: 'X-Time',
      signed: '{method} {url} {id}\n{timestamp}\n{body}',
      id_header: 'X-Id',
    }),
    secret: (name) => Buffer.from(name).toString('hex'),
    headers: (name, seconds) => ({
      'x-id': 'd1',
      'x-time': seconds,
      'x-signature': `v=${sign(
        name,
        Buffer.concat([Buffer.from(`POST /in/sales/orders d1\n${seconds}\n`), BODY]),
        'base64',
        'sha512',
      )}`,
    }),
    timed: true,
  },
  basic: {
    settings: (secrets) => ({ type: 'basic', username: 'shop', secrets }),
    secret: plain,
    headers: (name) => ({ authorization: `Basic ${Buffer.from(`shop:${name}`).toString('base64')}` }),
    timed: false,
  },
  bearer: {
    settings: (secrets) => ({ type: 'bearer', secrets }),
    secret: plain,
    headers: (name) => ({ authorization: `Bearer ${name}` }),
    timed: false,
  },
  api_key: {
    settings: (secrets) => ({ type: 'api_key', name: 'X-Key', secrets }),
    secret: plain,
    headers: (name) => ({ 'x-key': name }),
    timed: false,
  },
};

for (const [type, scheme] of Object.entries(SCHEMES)) {
  describe(`verification by ${type}`, () => {
    const verify = createVerify(scheme.settings([scheme.secret('new'), scheme.secret('old')]));
    const refused = (one: InboundRequest): void => {
      assert.throws(() => verify(one), withCode('SIGNATURE_INVALID'));
    };

    it('accepts a request that is signed with either active secret', () => {
      verify(request(scheme.headers('new', SECONDS)));
      verify(request(scheme.headers('old', SECONDS)));
    });

    it('refuses another secret, and one that is no longer active', () => {
      refused(request(scheme.headers('wrong', SECONDS)));
      const rotated = createVerify(scheme.settings([scheme.secret('new')]));
      assert.throws(() => rotated(request(scheme.headers('old', SECONDS))), withCode('SIGNATURE_INVALID'));
    });

    it('refuses a request without, or with an empty or garbled proof', () => {
      refused(request({}));
      for (const name of Object.keys(scheme.headers('new', SECONDS))) {
        if (name === 'webhook-id' || name === 'x-id') continue;
        const { [name]: proof = '', ...others } = scheme.headers('new', SECONDS);
        refused(request(others));
        for (const garbled of ['', 'x', `${proof}0`, proof.slice(0, -4), ',,=,;', 'v1,', 'Basic', '\u00ff'])
          refused(request({ ...others, [name]: garbled }));
      }
    });

    if (!['basic', 'bearer', 'api_key'].includes(type))
      it('refuses a body with one byte changed, or in another order', () => {
        for (const body of [
          '{"id":"evt_2","name":"Zoë"}',
          '{"name":"Zoë","id":"evt_1"}',
          '',
          '{"id":"evt_1"}',
        ])
          refused(request(scheme.headers('new', SECONDS), { body: Buffer.from(body) }));
      });

    if (scheme.timed)
      it('accepts five minutes either way and not a second more', () => {
        for (const offset of [-300, 300])
          verify(request(scheme.headers('new', String(Number(SECONDS) + offset))));
        for (const offset of [-301, 301, -86_400])
          refused(request(scheme.headers('new', String(Number(SECONDS) + offset))));
        refused(request(scheme.headers('new', 'soon')));
        refused(request(scheme.headers('new', '')));
      });
  });
}

describe('published examples', () => {
  it('Standard Webhooks: the vector of its libraries', () => {
    const verify = createVerify({
      type: 'standard-webhooks',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    const example = (signatures: string): InboundRequest =>
      request(
        {
          'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
          'webhook-timestamp': '1614265330',
          'webhook-signature': signatures,
        },
        { body: Buffer.from('{"test": 2432232314}'), receivedAt: 1_614_265_330_000 },
      );
    verify(example(signature));
    verify(example(`v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,xyz ${signature}`));
    assert.throws(() => verify(example(signature.replace('v1,', 'v2,'))), withCode('SIGNATURE_INVALID'));
  });

  it('GitHub: "Validating webhook deliveries"', () => {
    const verify = createVerify({ type: 'github', secrets: ["It's a Secret to Everybody"] });
    verify(
      request(
        { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
        { body: Buffer.from('Hello, World!') },
      ),
    );
  });

  it('Slack: "Verifying requests from Slack"', () => {
    const verify = createVerify({ type: 'slack', secrets: ['8f742231b10e8888abcd99yyyzzz85a5'] });
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
      '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    verify(
      request(
        {
          'x-slack-request-timestamp': '1531420618',
          'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
        },
        { body: Buffer.from(body), receivedAt: 1_531_420_618_000 },
      ),
    );
  });
});

describe('verification', () => {
  it('takes one of several signatures of Stripe, as while a secret is being rolled', () => {
    const verify = createVerify({ type: 'stripe', secrets: ['new'] });
    const header = `t=${SECONDS},v1=${sign('old', timed(SECONDS))},v1=${sign('new', timed(SECONDS))}`;
    verify(request({ 'stripe-signature': header }));
  });

  it('takes a key in the query', () => {
    const verify = createVerify({ type: 'api_key', name: 'key', in: 'query', secrets: ['a b'] });
    verify(request({}, { url: '/in/sales/orders?key=a%20b' }));
    for (const url of ['/in/sales/orders', '/in/sales/orders?key=', '/in/sales/orders?key=x'])
      assert.throws(() => verify(request({}, { url })), withCode('SIGNATURE_INVALID'));
  });

  it('takes milliseconds and ISO 8601 for a time', () => {
    const verify = createVerify({
      type: 'hmac',
      secrets: ['s'],
      header: 'x-sig',
      timestamp_header: 'x-time',
    });
    for (const time of [String(NOW), new Date(NOW).toISOString()])
      verify(request({ 'x-time': time, 'x-sig': sign('s', timed(time)) }));
  });

  it('says that a time is off only to one who holds the secret', () => {
    const verify = createVerify({ type: 'stripe', secrets: ['s'] });
    const old = String(Number(SECONDS) - 1_000);
    const message = (key: string): string => {
      try {
        verify(request({ 'stripe-signature': `t=${old},v1=${sign(key, timed(old))}` }));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    assert.match(message('s'), /time/);
    assert.doesNotMatch(message('x'), /time/);
  });

  it('takes everything where the settings say none', () => {
    createVerify({ type: 'none' })(request({}));
  });

  const mistakes: readonly Verification[] = [
    { type: 'standard-webhooks', secrets: ['whsec_'] },
    { type: 'standard-webhooks', secrets: ['whsec_not base64!'] },
    { type: 'hmac', secrets: ['zz'], secret_encoding: 'hex', header: 'x' },
    { type: 'hmac', secrets: ['s'], header: 'x', signed: '{timestamp}' },
    { type: 'hmac', secrets: ['s'], header: 'x', signed: '{timestamp}.{body}' },
  ];
  for (const mistake of mistakes)
    it(`can not be set up as ${JSON.stringify(mistake)}`, () => {
      assert.throws(() => createVerify(mistake), withCode('CONFIG_INVALID'));
    });
});
