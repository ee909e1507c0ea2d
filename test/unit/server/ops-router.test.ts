import assert from 'node:assert/strict';
import { createServer, opsRouter } from '../../../core/http/server/index.ts';
import type { HttpServer, PartState } from '../../../core/http/server/index.ts';
import { compileRoles, createAuthorizer, createToken } from '../../../core/access/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/log.ts';
import { createMetrics } from '../../../core/metrics/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';

const STORE: PartState = { name: 'store', ready: true, needed: true };

onEachStore('The pages for operations', (store) => {
  const clock = new ManualClock();
  let server: HttpServer | undefined;
  let url: string;
  let states: readonly PartState[] = [];
  let asked = 0;

  before(async () => {
    server = createServer({ log: silentLogger, clock: systemClock });
    server.mount(
      '/',
      opsRouter({
        parts: () => {
          asked += 1;
          return Promise.resolve(states);
        },
        metrics: createMetrics({ clock, log: silentLogger, process: false }),
        access: createAuthorizer({ database: store(), roles: compileRoles({}), clock, log: silentLogger }),
        log: silentLogger,
        clock,
      }),
    );
    ({ url } = await server.listen({ host: '127.0.0.1', port: 0 }));
  });
  after(() => server?.close(1_000));

  /** What /readyz says when the parts are so, a second later. */
  const readyz = async (parts: readonly PartState[]) => {
    await clock.advance(1_000);
    states = parts;
    const response = await fetch(`${url}/readyz`);
    return [response.status, await response.json()];
  };

  it('say that the process lives', async () => {
    assert.equal((await fetch(`${url}/livez`)).status, 200);
  });

  it('say which part is not ready, and why', async () => {
    const parts = [STORE, { name: 'transport', ready: false, needed: true, reason: 'no broker' }];
    assert.deepEqual(await readyz(parts), [503, { ready: false, degraded: false, parts }]);
  });

  it('say that a process is ready, but degraded, without a part that it can do without', async () => {
    const parts = [STORE, { name: 'transport', ready: false, needed: false, reason: 'no broker' }];
    assert.deepEqual(await readyz(parts), [200, { ready: true, degraded: true, parts }]);
  });

  it('tell everybody the state of the parts, and no details', async () => {
    const detailed = [Object.assign({ details: { of: 'no concern' } }, STORE)];
    assert.deepEqual(await readyz(detailed), [200, { ready: true, degraded: false, parts: [STORE] }]);
  });

  it('ask the parts at most once a second', async () => {
    await clock.advance(1_000);
    asked = 0;
    states = [STORE];
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${url}/readyz`)));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200],
    );
    assert.equal(asked, 1);
  });

  it('show metrics to those who may read them only', async () => {
    const issue = (name: string, role: string) =>
      createToken(store().db, {
        name,
        grants: [{ role, domains: ['*'] }],
        createdBy: 'test',
        now: clock.now(),
      });
    const get = (token?: string) =>
      fetch(`${url}/metrics`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await get()).status, 401);
    assert.equal((await get((await issue('reader', 'payload-reader')).token)).status, 403);
    const response = await get((await issue('viewer', 'viewer')).token);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  });

  it('leave other paths to others', async () => {
    assert.equal((await fetch(`${url}/other`)).status, 404);
    assert.equal((await fetch(`${url}/livez`, { method: 'POST' })).status, 404);
  });
});
