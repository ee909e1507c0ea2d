import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToHub } from '../../../cli/client.ts';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { type CrossdockError } from '../../../core/model/errors.ts';
import { crossdock } from './captured-io.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('The client of the API', () => {
  let server: Server;
  let url: string;
  let data: string;
  let requests: IncomingMessage[];
  let answer: Answer;

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'crossdock-cli-'));
    server = createServer((request, response) => {
      requests.push(request);
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests = [];
    answer = { status: 200, body: { items: [] } };
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(data, { recursive: true });
  });

  it('asks what the contract says, with parameters and query filled in', async () => {
    const { call, endpoints } = await connectToHub({ url, token: 'cdk_x', data });
    await call(endpoints.getMapping, { params: { domain: 'sales', name: 'a/b' } });
    await call(endpoints.listMessages, { query: { limit: 5, source: 'shop/sales/orders', type: undefined } });
    assert.equal(requests[0]?.url, '/api/v1/mappings/sales/a%2Fb');
    assert.equal(requests[0]?.headers.authorization, 'Bearer cdk_x');
    assert.equal(requests[1]?.url, '/api/v1/messages?limit=5&source=shop%2Fsales%2Forders');
  });

  it('takes the token of the data folder for a hub on this machine, and for no other', async () => {
    await writeFile(join(data, 'admin-token'), 'cdk_admin\n');
    const here = await connectToHub({ url, token: undefined, data });
    await here.call(here.endpoints.listTokens);
    assert.equal(requests[0]?.headers.authorization, 'Bearer cdk_admin');
    const { port } = new URL(url);
    // A name that leads to this machine too, but is not known to.
    const elsewhere = await connectToHub({
      url: `http://127.0.0.1.nip.invalid:${port}`,
      token: undefined,
      data,
    });
    await assert.rejects(elsewhere.call(elsewhere.endpoints.listTokens), { code: 'HUB_UNREACHABLE' });
    await rm(join(data, 'admin-token'));
  });

  it('does not carry a token on to where a redirect points', async () => {
    answer = { status: 302, headers: { location: `${url}/stolen` } };
    const { call, endpoints } = await connectToHub({ url, token: 'cdk_x', data });
    await assert.rejects(call(endpoints.listTokens), { code: 'HUB_UNREACHABLE' });
    assert.equal(requests.length, 1);
  });

  it('throws the error that a problem document names, with its details', async () => {
    answer = {
      status: 403,
      body: { code: 'FORBIDDEN', title: 'Not allowed', detail: 'ci may not retry', action: 'failures.retry' },
    };
    const { call, endpoints } = await connectToHub({ url, token: 'cdk_x', data });
    await assert.rejects(call(endpoints.retryFailures, { body: { ids: ['x'] } }), (error: CrossdockError) => {
      assert.equal(error.code, 'FORBIDDEN');
      assert.equal(error.message, 'ci may not retry');
      assert.equal(error.details['action'], 'failures.retry');
      return true;
    });
  });

  it('knows a hub from whatever else may answer', async () => {
    answer = { status: 404, body: '<html>' };
    const { call, endpoints } = await connectToHub({ url, token: 'cdk_x', data });
    await assert.rejects(call(endpoints.listTokens), /but not as a hub does \(HTTP status 404\)/);
  });

  it('refuses addresses and tokens that can not be, before anything is sent', async () => {
    await assert.rejects(
      connectToHub({ url: 'ftp://x', token: undefined, data }),
      /is not the address of a hub/,
    );
    await assert.rejects(
      connectToHub({ url: 'http://user:pw@x', token: undefined, data }),
      /Give the token with/,
    );
    await assert.rejects(connectToHub({ url, token: 'two words', data }), /characters that no token has/);
  });

  it('ends the program with 4 and the way out, without a token or without the right', async () => {
    answer = { status: 401, body: { code: 'UNAUTHENTICATED', detail: 'no such token' } };
    const env = { CROSSDOCK_DATA: data };
    const none = await crossdock(['tokens', '--url', url], { env });
    assert.equal(none.code, EXIT_CODES.forbidden.code);
    assert.match(none.stderr, /No API token was given/);
    const wrong = await crossdock(['tokens', '--url', url, '--token', 'cdk_wrong'], { env });
    assert.equal(wrong.code, EXIT_CODES.forbidden.code);
    assert.match(wrong.stderr, /no such token/);
    assert.ok(!wrong.stderr.includes('cdk_wrong'));
  });

  it('lists each mistake of a refused request', async () => {
    answer = {
      status: 400,
      body: {
        code: 'REQUEST_INVALID',
        detail: 'not valid',
        errors: [{ path: '/limit', message: 'must be <= 500' }],
      },
    };
    const { code, stderr } = await crossdock(['tokens', '--url', url, '--token', 'cdk_x']);
    assert.equal(code, EXIT_CODES.failed.code);
    assert.match(stderr, /^ {7}\/limit: must be <= 500$/m);
  });

  it('prints what the API said, unchanged and alone, with --json', async () => {
    answer = { status: 200, body: { items: [], next: 'abc', future: { member: 1 } } };
    const { code, stdout, stderr } = await crossdock([
      'messages',
      '--url',
      url,
      '--token',
      'cdk_x',
      '--json',
    ]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), answer.body);
    assert.equal(stderr, '');
  });
});
