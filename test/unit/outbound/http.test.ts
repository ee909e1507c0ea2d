import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../core/clock.ts';
import { createHttp, type Http } from '../../../core/http/outbound/index.ts';
import type { HttpOptions, HttpResponse } from '../../../core/sdk.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { startScriptedServer, type ScriptedServer } from '../../support/scripted-server.ts';
import { withCode } from '../../support/with-code.ts';

describe('the outbound HTTP client', () => {
  let server: ScriptedServer;
  let http: Http;
  let log: RecordingLog;

  beforeEach(async () => {
    server = await startScriptedServer(() => ({ body: '{"ok":true}' }));
    log = new RecordingLog();
    http = createHttp({ allow: [server.address], clock: systemClock, log });
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  const send = async (options: HttpOptions, path = '/x'): Promise<HttpResponse> =>
    await http.client({ baseUrl: server.url, ...options }).send({ method: 'GET', url: path });

  it('sends what it is told and resolves with any status', async () => {
    server.play(() => ({ status: 418, headers: { 'x-one': '1' }, body: 'teapot' }));
    const client = http.client({ baseUrl: `${server.url}/v2/`, headers: { 'X-Tenant': 'acme' } });
    const response = await client.send({
      method: 'POST',
      url: '/deals?a=1',
      query: { b: 'ä&b', c: ['1', '2'], d: true },
      headers: { 'Content-Type': 'text/plain', 'x-tenant': 'other' },
      body: 'hällo',
    });
    assert.equal(response.status, 418);
    assert.equal(response.headers['x-one'], '1');
    assert.equal(response.body.toString(), 'teapot');
    const [seen] = server.seen;
    assert.equal(seen?.method, 'POST');
    assert.equal(seen?.url, '/v2/deals?a=1&b=%C3%A4%26b&c=1&c=2&d=true');
    assert.equal(seen?.body, 'hällo');
    assert.equal(seen?.headers['content-length'], '6');
    assert.equal(seen?.headers['x-tenant'], 'other');
    assert.equal(seen?.headers['content-type'], 'text/plain');
    assert.equal(seen?.headers['user-agent'], 'crossdock');
  });

  it('keeps sockets alive', async () => {
    for (let i = 0; i < 10; i += 1) await send({});
    // A socket rests for one turn of the event loop before it is used again, so that two take turns.
    assert.ok(server.connections <= 2);
  });

  it('never follows a redirect', async () => {
    server.play(() => ({ status: 302, headers: { location: `${server.url}/elsewhere` } }));
    assert.equal((await send({})).status, 302);
    assert.equal(server.seen.length, 1);
  });

  it('takes absolute URLs of its own origin only', async () => {
    const client = http.client({ baseUrl: `${server.url}/v2` });
    assert.equal((await client.send({ method: 'GET', url: `${server.url}/other` })).status, 200);
    await assert.rejects(
      client.send({ method: 'GET', url: 'https://evil.example.com/' }),
      withCode('ADDRESS_REFUSED'),
    );
  });

  it('puts a path behind its base, however it begins', async () => {
    const client = http.client({ baseUrl: `${server.url}/v2` });
    for (const url of ['', 'a', '/a', '//evil.example.com/a', '?q=1'])
      await client.send({ method: 'GET', url });
    assert.deepEqual(
      server.seen.map((request) => request.url),
      ['/v2', '/v2/a', '/v2/a', '/v2//evil.example.com/a', '/v2?q=1'],
    );
  });

  for (const baseUrl of ['nonsense', 'ftp://x', 'https://user:pw@x.example', 'https://x.example/?q=1'])
    it(`refuses the base URL ${baseUrl}`, () => {
      assert.throws(() => http.client({ baseUrl }), withCode('CONFIG_INVALID'));
    });

  it('refuses a header that would break the request', async () => {
    const client = http.client({ baseUrl: server.url });
    await assert.rejects(
      client.send({ method: 'GET', url: '/', headers: { 'x-a': 'b\r\nx-c: d' } }),
      withCode('OUTPUT_INVALID'),
    );
  });

  it('logs at debug only, without query and credentials', async () => {
    const auth = { type: 'api_key', name: 'key', value: 's3cret', in: 'query' } as const;
    await http
      .client({ baseUrl: server.url, auth })
      .send({ method: 'GET', url: '/x', query: { email: 'a@b.c' } });
    assert.equal(server.seen[0]?.url, '/x?email=a%40b.c&key=s3cret');
    assert.deepEqual(
      log.lines.map(({ level, fields }) => [level, fields['url'], fields['status']]),
      [['debug', `${server.url}/x`, 200]],
    );
  });

  describe('when the answer is not what it should be', () => {
    it('stops reading one that is announced to be too large', async () => {
      server.play(() => ({ body: Buffer.alloc(5_000) }));
      await assert.rejects(send({ maxResponseBytes: 1_000 }), withCode('RESPONSE_UNREADABLE'));
    });

    it('stops reading one that never ends', async () => {
      const endless = await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const more = (): void => {
          while (!socket.destroyed && socket.write(`1000\r\n${'x'.repeat(0x1000)}\r\n`));
        };
        socket.on('drain', more);
        more();
      });
      await assert.rejects(endless.send({ maxResponseBytes: 100_000 }), withCode('RESPONSE_UNREADABLE'));
      await endless.close();
    });

    it('says that what is no HTTP can not be read', async () => {
      const raw = await startRawServer((socket) => socket.end('220 smtp.example.com ESMTP\r\n'));
      await assert.rejects(raw.send({}, 'POST'), withCode('RESPONSE_UNREADABLE'));
      await raw.close();
    });

    it('is lost when it breaks off in the middle', async () => {
      const raw = await startRawServer((socket) =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
      );
      await assert.rejects(raw.send({}, 'POST'), withCode('TARGET_LOST'));
      await raw.close();
    });

    it('waits for the real answer behind an interim one', async () => {
      const raw = await startRawServer((socket) =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
        ),
      );
      const response = await raw.send({});
      assert.equal(response.status, 200);
      assert.equal(response.body.toString(), 'ok');
      await raw.close();
    });
  });

  describe('when time is up', () => {
    it('is in doubt about a target that hangs', async () => {
      server.play(() => 'hang');
      await assert.rejects(send({ timeoutMs: 60 }), withCode('TARGET_TIMEOUT'));
    });

    it('is in doubt about a target that sends byte by byte', async () => {
      const clock = new ManualClock();
      const raw = await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
        let sent = 0;
        // Time passes with each byte: no pause is long, the whole is.
        const trickle = (): void => {
          if (socket.destroyed || sent++ > 200) return;
          socket.write('x', () => void clock.advance(1_000).then(() => setImmediate(trickle)));
        };
        trickle();
      }, clock);
      await assert.rejects(raw.send({ timeoutMs: 30_000 }), withCode('TARGET_TIMEOUT'));
      await raw.close();
    });

    it('is not in doubt while it is still connecting', async () => {
      // A server that never answers the TLS handshake: the socket is open, the request is not sent.
      const raw = await startRawServer(() => undefined);
      await assert.rejects(
        raw.send({ timeoutMs: 60, baseUrl: raw.url.replace('http:', 'https:') }),
        withCode('TARGET_UNREACHABLE'),
      );
      await raw.close();
    });

    it('is in doubt when it is told to give up in the middle', async () => {
      const controller = new AbortController();
      server.play(() => {
        controller.abort();
        return 'hang';
      });
      const client = http.client({ baseUrl: server.url });
      await assert.rejects(
        client.send({ method: 'POST', url: '/', signal: controller.signal }),
        withCode('TARGET_TIMEOUT'),
      );
    });

    it('sends nothing when it is told so before', async () => {
      const client = http.client({ baseUrl: server.url });
      await assert.rejects(
        client.send({ method: 'POST', url: '/', signal: AbortSignal.abort() }),
        withCode('TARGET_UNREACHABLE'),
      );
      assert.equal(server.seen.length, 0);
    });
  });

  describe('when the connection fails', () => {
    it('knows that nothing was sent to a closed port', async () => {
      const gone = await startScriptedServer();
      await gone.close();
      const other = createHttp({ allow: ['127.0.0.1'], clock: systemClock, log });
      await assert.rejects(
        other.client({ baseUrl: gone.url }).send({ method: 'POST', url: '/' }),
        withCode('TARGET_UNREACHABLE'),
      );
      await other.close();
    });

    it('knows that nothing was sent to a name that does not exist', async () => {
      const client = http.client({ baseUrl: 'http://nowhere.invalid' });
      await assert.rejects(client.send({ method: 'POST', url: '/' }), withCode('TARGET_UNREACHABLE'));
    });

    it('knows that nothing was sent when TLS can not be agreed on', async () => {
      const tls = createTlsServer({}, () => undefined);
      tls.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
      const address = `127.0.0.1:${(tls.address() as AddressInfo).port}`;
      const other = createHttp({ allow: [address], clock: systemClock, log });
      await assert.rejects(
        other.client({ baseUrl: `https://${address}` }).send({ method: 'POST', url: '/' }),
        withCode('TARGET_UNREACHABLE'),
      );
      await other.close();
      await new Promise((resolve) => tls.close(resolve));
    });

    it('is in doubt after a reset', async () => {
      server.play(() => 'reset');
      const client = http.client({ baseUrl: server.url });
      await assert.rejects(client.send({ method: 'POST', url: '/' }), withCode('TARGET_LOST'));
      assert.equal(server.seen.length, 1);
    });

    it('repeats a read once on a socket that the server had closed', async () => {
      let first = true;
      server.play(() => {
        if (!first) return { body: 'second' };
        first = false;
        return 'reset';
      });
      assert.equal((await send({})).body.toString(), 'second');
      assert.equal(server.seen.length, 2);
    });

    it('does not repeat a read for ever', async () => {
      server.play(() => 'reset');
      await assert.rejects(send({}), withCode('TARGET_LOST'));
      assert.equal(server.seen.length, 2);
    });

    it('is in doubt about a write on a socket that the server closes without an answer', async () => {
      let requests = 0;
      const raw = await startRawServer((socket) => {
        requests += 1;
        if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        else socket.end();
      });
      await raw.send({}, 'POST');
      await assert.rejects(raw.send({}, 'POST'), withCode('TARGET_LOST'));
      assert.equal(requests, 2);
      await raw.close();
    });
  });
});
