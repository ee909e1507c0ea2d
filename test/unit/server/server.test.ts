import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { systemClock } from '../../../core/clock.ts';
import { createServer } from '../../../core/http/server/index.ts';
import { DEFAULT_TIME_LIMITS } from '../../../core/http/server/server.ts';
import type { TimeLimits } from '../../../core/http/server/server.ts';
import type { Problem } from '../../../core/http/server/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { LogFields, Logger } from '../../../core/model/logger.ts';

const LOCAL = { host: '127.0.0.1', port: 0 };

describe('The HTTP server', () => {
  it('answers what nobody serves with a problem document that tells nothing of itself', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    const { url } = await server.listen(LOCAL);
    const response = await fetch(`${url}/nothing`);
    assert.equal(response.status, 404);
    assert.equal(response.headers.get('x-powered-by'), null);
    assert.equal(((await response.json()) as Problem).code, 'NOT_FOUND');
    await server.close(1_000);
  });

  it('serves the page that a problem refers to', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    const { url } = await server.listen(LOCAL);
    const { type } = (await (await fetch(`${url}/nothing`)).json()) as Problem;
    const page = (await (await fetch(url + type)).json()) as { code: string };
    assert.equal(page.code, 'NOT_FOUND');
    assert.equal((await fetch(`${url}/errors/toString`)).status, 404);
    await server.close(1_000);
  });

  it('logs an unknown error with its stack under the request id that it answers, and nothing else', async () => {
    const logged: { text: string; fields: LogFields | undefined }[] = [];
    const log: Logger = { ...silentLogger, error: (text, fields) => logged.push({ text, fields }) };
    const server = createServer({ log, clock: systemClock });
    server.mount('/broken', () => {
      throw new Error('select * from tokens failed');
    });
    const { url } = await server.listen(LOCAL);
    const response = await fetch(`${url}/broken`);
    const problem = (await response.json()) as Problem;
    assert.equal(response.status, 500);
    assert.equal(problem.code, 'INTERNAL');
    assert.equal(problem.detail, undefined);
    assert.equal(logged[0]?.fields?.['requestId'], problem.requestId);
    assert.match(String(logged[0]?.fields?.['error']), /select \* from tokens failed\n.*at /s);
    await server.close(1_000);
  });

  it('says how long to wait where the error says so', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    server.mount('/busy', () => {
      throw new CrossdockError('OVERLOADED', 'busy', { retryAfterMs: 1_200 });
    });
    const { url } = await server.listen(LOCAL);
    assert.equal((await fetch(`${url}/busy`)).headers.get('retry-after'), '2');
    await server.close(1_000);
  });

  it('answers a URL that can not be read with 400', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    server.mount('/a/:b', (_request, response) => void response.end());
    const { url } = await server.listen(LOCAL);
    const response = await fetch(`${url}/a/%zz`);
    assert.equal(response.status, 400);
    assert.equal(((await response.json()) as Problem).code, 'REQUEST_INVALID');
    await server.close(1_000);
  });

  it('refuses an address that is taken with ADDRESS_IN_USE', async () => {
    const first = createServer({ log: silentLogger, clock: systemClock });
    const { port } = await first.listen(LOCAL);
    const second = createServer({ log: silentLogger, clock: systemClock });
    await assert.rejects(second.listen({ host: '127.0.0.1', port }), { code: 'ADDRESS_IN_USE' });
    await second.close(1_000);
    await first.close(1_000);
  });

  it('lets a request under way end when it closes, and takes no new ones', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    let release = (): void => {};
    const entered = new Promise<void>((resolve) => {
      server.mount('/slow', (_request, response) => {
        release = () => void response.end('done');
        resolve();
      });
    });
    const { url } = await server.listen(LOCAL);
    const answer = fetch(`${url}/slow`);
    await entered;
    const closed = server.close(10_000);
    await assert.rejects(fetch(`${url}/slow`));
    release();
    assert.equal(await (await answer).text(), 'done');
    await closed;
  });

  it('cuts what does not end within its grace', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    const entered = new Promise<void>((resolve) => server.mount('/hang', () => resolve()));
    const { url } = await server.listen(LOCAL);
    const answer = fetch(`${url}/hang`);
    await entered;
    await Promise.all([assert.rejects(answer), server.close(50)]);
  });

  it('closes idle keep-alive connections at once', async () => {
    const server = createServer({ log: silentLogger, clock: systemClock });
    const { port } = await server.listen(LOCAL);
    const socket = connect(port, '127.0.0.1');
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.resume();
    await new Promise<void>((resolve) => {
      socket.once('data', () => resolve());
      socket.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    await server.close(60_000);
    await ended;
  });
});

describe('The time limits of the HTTP server', () => {
  /** Not so small that a busy machine would not serve a proper request in time. */
  const QUICK: TimeLimits = { headers: 300, request: 600, keepAlive: 200, look: 20 };

  /** A socket that writes what it is told, piece by piece, and what came until the server closed it. */
  const talk = async (
    limits: TimeLimits,
    pieces: Iterable<string>,
    everyMs: number,
  ): Promise<{ readonly answer: string; readonly bodies: number }> => {
    const server = createServer({ log: silentLogger, clock: systemClock, limits });
    let bodies = 0;
    server.mount('/take', (request, response) => {
      request.resume();
      request.once('end', () => {
        bodies += 1;
        response.end('taken');
      });
    });
    const { port } = await server.listen(LOCAL);
    const socket = connect(port, '127.0.0.1');
    const stopped = new AbortController();
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    // To be cut while it writes is what it is there for.
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await systemClock.sleep(everyMs, stopped.signal);
      }
    })().catch(() => {});
    await closed;
    stopped.abort();
    await server.close(1_000);
    return { answer, bodies };
  };
  function* endlessly(first: string, again: string): Iterable<string> {
    yield first;
    for (;;) yield again;
  }

  it('cut a connection that says nothing', async () => {
    await talk(QUICK, [], 1);
  });

  it('cut a client that sends its headers line by line for ever, with 408', async () => {
    const { answer } = await talk(QUICK, endlessly('GET /take HTTP/1.1\r\nHost: x\r\n', 'X-More: 1\r\n'), 20);
    assert.match(answer, /^HTTP\/1\.1 408 /);
  });

  it('cut a client whose body trickles for ever', async () => {
    const head = 'POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n';
    const { answer, bodies } = await talk(QUICK, endlessly(head, '.'), 20);
    assert.equal(bodies, 0);
    assert.doesNotMatch(answer, / 200 /);
  });

  it('cut a kept connection on which nothing more comes, after it was served', async () => {
    const { answer, bodies } = await talk(QUICK, ['GET /take HTTP/1.1\r\nHost: x\r\n\r\n'], 1);
    assert.match(answer, /^HTTP\/1\.1 200 [^]*taken/);
    assert.equal(bodies, 1);
  });

  it('leave alone a client that is slow but not too slow, on a connection that it uses again', async () => {
    const limits = { ...QUICK, headers: 10_000, request: 10_000, keepAlive: 500 };
    const request = ['POST /take HTTP/1.1\r\nHost: x\r\n', 'Content-Length: 4\r\n\r\n', 'ab', 'cd'];
    const { answer, bodies } = await talk(limits, [...request, ...request], 60);
    assert.equal(bodies, 2);
    assert.equal(answer.split('HTTP/1.1 200 ').length, 3);
  });

  it('are 15 s for headers and a minute for a request, and longer than what balancers keep idle connections', () => {
    assert.deepEqual(DEFAULT_TIME_LIMITS, {
      headers: 15_000,
      request: 60_000,
      keepAlive: 65_000,
      look: 5_000,
    });
  });
});
