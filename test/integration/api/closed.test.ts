import assert from 'node:assert/strict';
import { ACTIONS } from '../../../core/access/index.ts';
import { endpoints } from '../../../api/index.ts';
import type { Endpoint } from '../../../core/http/server/index.ts';
import { listEvents } from '../../../core/audit/index.ts';
import { ADMIN, onServedApi } from './served-api.ts';
import type { ServedApi } from './served-api.ts';

const UNKNOWN = '019b0000-0000-7000-8000-000000000001';
const all = Object.values(endpoints) as readonly Endpoint<unknown, unknown, unknown, unknown>[];
const pathOf = (path: string) => path.replaceAll('{id}', UNKNOWN).replaceAll(/\{\w+\}/g, 'x');

onServedApi('Every endpoint of the API', (served) => {
  let api: ServedApi;
  before(() => {
    api = served();
  });

  for (const { method, path, action } of all) {
    it(`${method} ${path} refuses who sends no token, or a wrong one`, async () => {
      for (const token of [undefined, 'nonsense', `cdk_aaaaaaaaaaaa_${'A'.repeat(43)}`]) {
        const { status, headers, body } = await api.send(token, method, pathOf(path));
        assert.equal(status, 401);
        assert.equal(body.code, 'UNAUTHENTICATED');
        assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
      }
    });

    if (ACTIONS[action].scope !== 'self')
      it(`${method} ${path} refuses a token without ${action}`, async () => {
        for (const token of [await api.issue(), await api.issue({ role: 'gone', domains: ['*'] })]) {
          const { status, body } = await api.send(token, method, pathOf(path));
          assert.equal(status, 403);
          assert.equal(body.code, 'FORBIDDEN');
          assert.equal(body.action, action);
        }
      });

    if (ACTIONS[action].scope === 'hub')
      it(`${method} ${path} refuses an admin of one domain`, async () => {
        const token = await api.issue({ role: 'admin', domains: ['sales/*'] });
        assert.equal((await api.send(token, method, pathOf(path))).status, 403);
      });
  }

  it('leaves a trace of who was refused', async () => {
    const { items } = await listEvents(api.database.db, { types: ['denied'] });
    assert.ok(items.some(({ data }) => 'action' in data && data.action === 'tokens.create'));
  });

  it('refuses queries and bodies that its schema does not name', async () => {
    const token = await api.issue(ADMIN);
    for (const { method, path, body } of all) {
      const query = await api.send(
        token,
        method,
        `${pathOf(path)}?surprise=1`,
        body === undefined ? undefined : {},
      );
      assert.ok(
        query.status === 400 || (path.includes('{') && query.status === 404),
        `${method} ${path}: ${query.status}`,
      );
      if (body === undefined) continue;
      const answer = await api.send(token, method, pathOf(path), { surprise: 1 });
      assert.equal(answer.status, 400, `${method} ${path}`);
      assert.ok(answer.body.errors?.some((error) => 'in' in error && error.in === 'body'));
    }
  });

  it('refuses bodies that are no JSON, too large or of another type', async () => {
    const token = await api.issue(ADMIN);
    assert.equal((await api.send(token, 'POST', '/failures/retry', '{"ids":')).body.code, 'BODY_UNREADABLE');
    const large = JSON.stringify({ why: 'x'.repeat(1024 * 1024) });
    assert.equal((await api.send(token, 'POST', '/failures/retry', large)).status, 413);
    const form = await fetch(`${api.url}/api/v1/failures/retry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: '{}',
    });
    assert.equal(form.status, 415);
  });

  it('refuses times that are none, numbers that no time is made of, and texts that the database can not take', async () => {
    const token = await api.issue(ADMIN);
    for (const query of [
      '/failures?since=2026-03-01T12:00:00%2B01',
      '/messages?until=2016-12-31T23:59:60Z',
      '/failures?route=a%00b',
      '/audit?by=a%00b',
      '/messages/search?key=order=a%00b',
      '/reconcile?overdueAfter=99999999999999999',
    ])
      assert.equal((await api.send(token, 'GET', query)).status, 400, query);
    const viewer = { name: 'ci', grants: [{ role: 'viewer', domains: ['*'] }] };
    for (const [path, body] of [
      ['/failures/reschedule', { filter: {}, dueAt: '2026-03-01T12:00:00+01' }],
      ['/failures/retry', { filter: { mapping: 'a\u0000b' } }],
      ['/reconcile/redrive', { overdueAfter: 99999999999999999 }],
      ['/tokens', { ...viewer, expiresAt: '2999-12-31T23:59:60Z' }],
      ['/tokens', { ...viewer, name: 'a\u0000b' }],
    ] as const)
      assert.equal((await api.send(token, 'POST', path, body)).status, 400, path);
  });

  it('survives deeply nested and odd JSON', async () => {
    const token = await api.issue(ADMIN);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    assert.equal((await api.send(token, 'POST', '/failures/retry', deep)).status, 400);
    assert.equal(
      (await api.send(token, 'POST', '/failures/retry', '{"__proto__": {"ids": []}}')).status,
      400,
    );
    assert.equal((await api.send(token, 'POST', '/failures/retry', 'null')).status, 400);
  });

  it('says which methods a path has', async () => {
    const { status, headers } = await api.send(undefined, 'DELETE', '/messages');
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET');
  });
});
