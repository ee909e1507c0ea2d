import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createHttp, type Http } from '../../../core/http/outbound/index.ts';
import type { Auth, HttpClient } from '../../../core/sdk.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { startScriptedServer, type Answer, type ScriptedServer } from '../../support/scripted-server.ts';
import { withCode } from '../../support/with-code.ts';

describe('credentials', () => {
  let server: ScriptedServer;
  let http: Http;
  let clock: ManualClock;
  let log: RecordingLog;

  beforeEach(async () => {
    server = await startScriptedServer();
    clock = new ManualClock();
    log = new RecordingLog();
    http = createHttp({ allow: [server.address], clock, log });
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  const clientWith = (auth: Auth): HttpClient => http.client({ baseUrl: server.url, auth });
  const seenBy = async (auth: Auth, body?: string): Promise<Record<string, unknown> & { url: string }> => {
    await clientWith(auth).send({ method: 'POST', url: '/x', ...(body === undefined ? {} : { body }) });
    const seen = server.seen.at(-1);
    return { ...seen?.headers, url: seen?.url ?? '' };
  };

  it('basic: user and password in UTF-8', async () => {
    const { authorization } = await seenBy({ type: 'basic', username: 'hub', password: 'pä:ss' });
    assert.equal(authorization, `Basic ${Buffer.from('hub:pä:ss').toString('base64')}`);
  });

  it('bearer: the token', async () => {
    assert.equal((await seenBy({ type: 'bearer', token: 'abc' }))['authorization'], 'Bearer abc');
  });

  it('api_key: in a header, or in the query', async () => {
    assert.equal((await seenBy({ type: 'api_key', name: 'X-Key', value: 'abc' }))['x-key'], 'abc');
    assert.equal((await seenBy({ type: 'api_key', name: 'k', value: 'a&b', in: 'query' })).url, '/x?k=a%26b');
  });

  it('hmac: over the body, or over time and body', async () => {
    const plain = await seenBy({ type: 'hmac', secret: 's', header: 'X-Sig', prefix: 'sha256=' }, '{"a":1}');
    assert.equal(plain['x-sig'], `sha256=${createHmac('sha256', 's').update('{"a":1}').digest('hex')}`);
    const seconds = String(clock.now() / 1_000);
    const timed = await seenBy(
      {
        type: 'hmac',
        secret: 's',
        header: 'x-sig',
        algorithm: 'sha512',
        encoding: 'base64',
        timestampHeader: 'X-Time',
      },
      'b',
    );
    assert.equal(timed['x-time'], seconds);
    assert.equal(timed['x-sig'], createHmac('sha512', 's').update(`${seconds}.b`).digest('base64'));
  });

  it('can not be replaced by the headers of a request', async () => {
    const client = clientWith({ type: 'bearer', token: 'abc' });
    await client.send({ method: 'GET', url: '/', headers: { Authorization: 'Bearer other' } });
    assert.equal(server.seen[0]?.headers.authorization, 'Bearer abc');
  });

  describe('oauth2', () => {
    const auth = (more: Partial<Extract<Auth, { type: 'oauth2' }>> = {}): Auth => ({
      type: 'oauth2',
      tokenUrl: `${server.url}/token`,
      clientId: 'hub id',
      clientSecret: 's3cret%',
      ...more,
    });
    /** Tokens are numbered; `good` says which ones the API takes. */
    const play = (good: (token: string) => boolean, token: () => Answer = nextToken()): void => {
      server.play(({ url, headers }) => {
        if (url === '/token') return token();
        return { status: good((headers.authorization ?? '').replace('Bearer ', '')) ? 200 : 401 };
      });
    };
    const nextToken = (expires: number | undefined = 60): (() => Answer) => {
      let issued = 0;
      return () => ({
        body: JSON.stringify({ access_token: `t${++issued}`, token_type: 'bearer', expires_in: expires }),
      });
    };
    const tokenRequests = (): number => server.seen.filter(({ url }) => url === '/token').length;

    it('asks for a token as RFC 6749 says', async () => {
      play(() => true);
      await clientWith(auth({ scope: 'a b', audience: 'crm' })).send({ method: 'GET', url: '/x' });
      const [asked, used] = server.seen;
      assert.equal(asked?.method, 'POST');
      assert.equal(
        asked?.headers.authorization,
        `Basic ${Buffer.from('hub+id:s3cret%25').toString('base64')}`,
      );
      assert.equal(asked?.headers['content-type'], 'application/x-www-form-urlencoded');
      assert.equal(asked?.body, 'grant_type=client_credentials&scope=a+b&audience=crm');
      assert.equal(used?.headers.authorization, 'Bearer t1');
    });

    it('can send id and secret in the form', async () => {
      play(() => true);
      await clientWith(auth({ clientAuth: 'body' })).send({ method: 'GET', url: '/x' });
      assert.equal(server.seen[0]?.headers.authorization, undefined);
      assert.equal(
        server.seen[0]?.body,
        'grant_type=client_credentials&client_id=hub+id&client_secret=s3cret%25',
      );
    });

    it('keeps a token until shortly before it expires', async () => {
      play(() => true, nextToken(600));
      const client = clientWith(auth());
      await client.send({ method: 'GET', url: '/x' });
      await clock.advance(560_000);
      await client.send({ method: 'GET', url: '/x' });
      assert.equal(tokenRequests(), 1);
      await clock.advance(15_000);
      await client.send({ method: 'GET', url: '/x' });
      assert.equal(tokenRequests(), 2);
    });

    it('asks once for fifty who ask at the same time', async () => {
      play(() => true);
      const client = clientWith(auth());
      await Promise.all(
        Array.from({ length: 50 }, async () => await client.send({ method: 'POST', url: '/x' })),
      );
      assert.equal(tokenRequests(), 1);
      assert.equal(server.seen.length, 51);
    });

    it('asks once when fifty find their token refused at the same time', async () => {
      play((token) => token !== 't1');
      const client = clientWith(auth());
      await client.send({ method: 'POST', url: '/warm' });
      assert.equal(tokenRequests(), 2);
      // All fifty start with t2, which is refused only once all of them have sent it.
      let arrived = 0;
      let release = (): void => undefined;
      const all = new Promise<void>((resolve) => (release = resolve));
      const token = nextToken();
      token();
      token();
      server.play(async ({ url, headers }) => {
        if (url === '/token') return token();
        if (headers.authorization === 'Bearer t3') return { status: 200 };
        if (++arrived === 50) release();
        await all;
        return { status: 401 };
      });
      const answers = await Promise.all(
        Array.from({ length: 50 }, async () => await client.send({ method: 'POST', url: '/x' })),
      );
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      assert.equal(tokenRequests(), 1);
    });

    it('repeats a refused request once and not again', async () => {
      play(() => false);
      const { status } = await clientWith(auth()).send({ method: 'POST', url: '/x' });
      assert.equal(status, 401);
      assert.equal(tokenRequests(), 2);
      assert.equal(server.seen.filter(({ url }) => url === '/x').length, 2);
    });

    const refusals: readonly [Answer, Parameters<typeof withCode>[0]][] = [
      [{ status: 400, body: '{"error":"invalid_client"}' }, 'CREDENTIALS_REFUSED'],
      [{ status: 401 }, 'CREDENTIALS_REFUSED'],
      [{ status: 403 }, 'CREDENTIALS_REFUSED'],
      [{ status: 429, headers: { 'retry-after': '3' } }, 'TARGET_THROTTLED'],
      [{ status: 500 }, 'TARGET_UNAVAILABLE'],
      [{ status: 503 }, 'TARGET_UNAVAILABLE'],
      [{ body: '<html>' }, 'TARGET_UNAVAILABLE'],
      [{ body: '{"access_token":"a b\\r\\nx: y"}' }, 'TARGET_UNAVAILABLE'],
      [{ body: '{"access_token":"a","token_type":"mac"}' }, 'TARGET_UNAVAILABLE'],
    ];
    for (const [answer, code] of refusals)
      it(`takes ${answer.status ?? 200} ${String(answer.body ?? '')} of the token endpoint for ${code}`, async () => {
        play(
          () => true,
          () => answer,
        );
        await assert.rejects(clientWith(auth()).send({ method: 'POST', url: '/x' }), withCode(code));
        assert.equal(server.seen.filter(({ url }) => url === '/x').length, 0);
      });

    it('is never in doubt about the request when the token endpoint fails', async () => {
      server.play(() => 'reset');
      await assert.rejects(
        clientWith(auth()).send({ method: 'POST', url: '/x' }),
        withCode('TARGET_UNREACHABLE'),
      );
    });

    it('lets one give up without taking the others along', async () => {
      let answer = (_answer: Answer): void => undefined;
      const asked = new Promise<Answer>((resolve) => (answer = resolve));
      server.play(async ({ url }) => (url === '/token' ? await asked : { status: 200 }));
      const client = clientWith(auth());
      const controller = new AbortController();
      const arrival = server.nextRequest();
      const impatient = client.send({ method: 'GET', url: '/a', signal: controller.signal });
      const patient = client.send({ method: 'GET', url: '/b' });
      await arrival;
      controller.abort();
      await assert.rejects(impatient, withCode('TARGET_UNREACHABLE'));
      answer(nextToken()());
      assert.equal((await patient).status, 200);
      assert.equal(tokenRequests(), 1);
    });

    it('can not be set up with a token address that is none', () => {
      for (const tokenUrl of ['nonsense', 'ftp://a.example.com/', 'https://u:p@a.example.com/'])
        assert.throws(() => clientWith(auth({ tokenUrl })), withCode('CONFIG_INVALID'));
    });

    it('keeps secrets and tokens out of the log', async () => {
      play(() => true);
      await clientWith(auth()).send({ method: 'GET', url: '/x' });
      assert.ok(log.lines.length > 0);
      assert.doesNotMatch(log.text, /s3cret|"t1|Bearer/);
    });
  });
});
