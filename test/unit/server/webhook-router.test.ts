import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { systemClock } from '../../../core/clock.ts';
import { createServer, webhookRouter } from '../../../core/http/server/index.ts';
import type { HttpServer, Problem, WebhookSource } from '../../../core/http/server/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { InboundRequest, Receipt } from '../../../core/model/connector.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { ErrorCode } from '../../../core/model/errors.ts';
import type { Draft } from '../../../core/model/message.ts';

const LIMIT = 1_000;

describe('A webhook', () => {
  let server: HttpServer;
  let base: string;
  let port: number;
  let accepting = true;
  let receive: (request: InboundRequest) => Receipt;
  let accept: WebhookSource['accept'];
  const drafts: Draft[] = [];
  const refused: ErrorCode[] = [];
  const taken: string[] = [];

  before(async () => {
    server = createServer({ log: silentLogger, clock: systemClock });
    server.mount(
      '/in',
      webhookRouter({
        find: (name) =>
          name === 'sales/orders'
            ? { receive: (request) => receive(request), accept: (draft) => accept(draft) }
            : undefined,
        maxBodyBytes: LIMIT,
        accepting: () => accepting,
        metrics: { intake: (mapping) => taken.push(mapping), refused: (code) => refused.push(code) },
        log: silentLogger,
        clock: systemClock,
      }),
    );
    ({ url: base, port } = await server.listen({ host: '127.0.0.1', port: 0 }));
  });
  beforeEach(() => {
    accepting = true;
    drafts.length = refused.length = taken.length = 0;
    receive = ({ body }) => ({ kind: 'message', body: JSON.parse(body.toString()) as unknown, key: 'evt_1' });
    accept = (draft) => {
      drafts.push(draft);
      return Promise.resolve({ id: '019b0000-0000-7000-8000-000000000001', duplicate: false });
    };
  });
  after(() => server.close(1_000));

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${base}/in/sales/orders?topic=x`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    });
  const problem = async (response: Response): Promise<Problem> => {
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const body = (await response.json()) as Problem;
    assert.equal(body.status, response.status);
    assert.equal(body.type, `/errors/${body.code}`);
    assert.equal(body.requestId, response.headers.get('x-request-id'));
    return body;
  };

  it('is answered 202 with the id only after it was accepted', async () => {
    const steps: string[] = [];
    accept = async (draft) => {
      drafts.push(draft);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('committed');
      return { id: '019b0000-0000-7000-8000-000000000001', duplicate: false };
    };
    const response = await post('{"id":1}');
    steps.push('answered');
    assert.equal(response.status, 202);
    assert.deepEqual(await response.json(), { id: '019b0000-0000-7000-8000-000000000001' });
    assert.deepEqual(steps, ['committed', 'answered']);
    assert.deepEqual(taken, ['sales/orders']);
  });

  it('reaches its receiver with the raw bytes, the whole URL and its headers', async () => {
    const seen: InboundRequest[] = [];
    receive = (request) => {
      seen.push(request);
      return { kind: 'message', body: null, headers: { 'x-kept': '1' } };
    };
    await post(' {"id" : 1}\n', { 'X-Signature': 'abc' });
    assert.equal(seen[0]?.body.toString(), ' {"id" : 1}\n');
    assert.equal(seen[0]?.url, '/in/sales/orders?topic=x');
    assert.equal(seen[0]?.method, 'POST');
    assert.equal(seen[0]?.headers['x-signature'], 'abc');
    assert.equal(drafts[0]?.contentType, 'application/json; charset=utf-8');
    assert.equal(drafts[0]?.payload.toString(), ' {"id" : 1}\n');
    assert.deepEqual(drafts[0]?.headers, { 'x-kept': '1' });
    assert.equal(drafts[0] !== undefined && 'key' in drafts[0], false);
  });

  it('is answered 200 with the first id when it came before', async () => {
    accept = () => Promise.resolve({ id: '019b0000-0000-7000-8000-000000000009', duplicate: true });
    const response = await post('{}');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { id: '019b0000-0000-7000-8000-000000000009', duplicate: true });
  });

  it('that its mapping does not want is answered 200 and not accepted', async () => {
    receive = () => ({ kind: 'ignored', reason: 'other event' });
    const response = await post('{}');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { ignored: true });
    assert.equal(drafts.length, 0);
  });

  it('that is a handshake is answered as the receiver says', async () => {
    receive = () => ({ kind: 'reply', status: 200, contentType: 'text/plain', body: 'challenge ä' });
    const response = await post('{}');
    assert.equal(response.headers.get('content-type'), 'text/plain');
    assert.equal(await response.text(), 'challenge ä');
  });

  const refusals: readonly [ErrorCode, number][] = [
    ['SIGNATURE_INVALID', 401],
    ['BODY_UNREADABLE', 400],
    ['MESSAGE_ID_MISSING', 400],
    ['CONTENT_TYPE_UNSUPPORTED', 415],
  ];
  for (const [code, status] of refusals)
    it(`that the receiver refuses with ${code} is answered ${status}`, async () => {
      receive = () => {
        throw new CrossdockError(code, 'said the receiver');
      };
      const response = await post('{}');
      assert.equal(response.status, status);
      const body = await problem(response);
      assert.equal(body.code, code);
      assert.equal(body.detail, 'said the receiver');
      assert.deepEqual(refused, [code]);
    });

  it('is answered 503 with Retry-After and nothing of our inside while the store is away', async () => {
    accept = () =>
      Promise.reject(new CrossdockError('STORE_UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.5:5432'));
    const response = await post('{}');
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '5');
    assert.doesNotMatch(JSON.stringify(await problem(response)), /10\.0\.0\.5/);
  });

  it('is answered 503 while the hub takes none', async () => {
    accepting = false;
    const response = await post('{}');
    assert.equal(response.status, 503);
    assert.equal((await problem(response)).code, 'OVERLOADED');
    assert.ok(response.headers.get('retry-after'));
  });

  it('that makes its receiver stumble is answered 500 without a stack', async () => {
    receive = () => {
      throw new TypeError('Cannot read properties of undefined');
    };
    const response = await post('{}');
    assert.equal(response.status, 500);
    const body = await problem(response);
    assert.equal(body.code, 'INTERNAL');
    assert.doesNotMatch(JSON.stringify(body), /Cannot read/);
  });

  it('is refused by its length before it is read', async () => {
    const response = await post('x'.repeat(LIMIT + 1));
    assert.equal(response.status, 413);
    assert.equal((await problem(response)).code, 'BODY_TOO_LARGE');
  });

  it('of exactly the limit is taken', async () => {
    receive = () => ({ kind: 'message', body: null });
    assert.equal((await post('x'.repeat(LIMIT))).status, 202);
  });

  it('that does not say how long it is, is refused when it gets too long, and the connection lives on', async () => {
    const answers = await talk(
      port,
      'POST /in/sales/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `${(LIMIT + 100).toString(16)}\r\n${'x'.repeat(LIMIT + 100)}\r\n0\r\n\r\n` +
        'POST /in/sales/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    assert.match(answers, /^HTTP\/1\.1 413 /);
    assert.match(answers, /HTTP\/1\.1 202 /);
  });

  it('whose sender asks first is told 413 instead of 100 Continue', async () => {
    const answers = await talk(
      port,
      `POST /in/sales/orders HTTP/1.1\r\nHost: x\r\nContent-Length: ${LIMIT + 1}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answers, /^HTTP\/1\.1 413 /);
  });

  it('whose sender asks first and may go on is taken', async () => {
    const answers = await talk(
      port,
      'POST /in/sales/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n{}',
    );
    assert.match(answers, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /);
  });

  it('that breaks off is not accepted', async () => {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.write('POST /in/sales/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":');
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while (refused.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(refused, ['BODY_UNREADABLE']);
    assert.equal(drafts.length, 0);
  });

  it('that is compressed is refused with 415', async () => {
    const response = await post('{}', { 'content-encoding': 'gzip' });
    assert.equal(response.status, 415);
  });

  it('to a path that no mapping has is answered 404', async () => {
    for (const path of ['/in/sales/other', '/in/', '/in/%zz', '/in/sales/orders/']) {
      const response = await fetch(base + path, { method: 'POST', body: '{}' });
      assert.equal(response.status, 404, path);
      assert.equal((await problem(response)).code, 'SOURCE_UNKNOWN');
    }
  });

  it('by another method is answered 405 with the one that is served', async () => {
    const response = await fetch(`${base}/in/sales/orders`);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
  });
});

/** Sends bytes and resolves with all that comes back until the server ends the connection. */
function talk(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
