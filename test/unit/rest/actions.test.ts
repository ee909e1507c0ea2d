import assert from 'node:assert/strict';
import nock from 'nock';
import { rest } from '../../../connectors/rest/index.ts';
import type { CheckResult, Connection } from '../../../core/sdk.ts';
import { ManualClock } from '../../support/clock.ts';
import { callWith, openConnection } from '../../support/connection.ts';
import { withCode } from '../../support/with-code.ts';
import { expectRequests } from './expect-requests.ts';

const API = 'https://crm.example.com';

describe('actions of the rest connector', () => {
  let connection: Connection | undefined;
  expectRequests();
  afterEach(async () => {
    await connection?.close();
    connection = undefined;
  });

  const perform = async (action: object, input: unknown, more: object = {}): Promise<unknown> => {
    connection = await openConnection(
      rest,
      { base_url: `${API}/v2`, actions: { it: action }, ...more },
      { clock: new ManualClock() },
    );
    return await connection.perform?.('it', input, callWith());
  };

  it('fill path and query from the input and send the rest as the body', async () => {
    nock(API)
      .put('/v2/accounts/a%2Fb%3Fc/deals/7', { title: 'T', lines: [{ sku: 'x' }] })
      .query({ notify: 'yes', source: 'hub', tags: ['a', 'b'] })
      .matchHeader('content-type', 'application/json')
      .reply(200, { id: 7, deal: { ref: 'D-7' } });
    const result = await perform(
      {
        method: 'PUT',
        path: '/accounts/{account.code}/deals/{id}',
        query: { notify: 'notify', source: { const: 'hub' }, tags: 'tags', none: 'absent' },
        ref: 'deal.ref',
      },
      {
        account: { code: 'a/b?c' },
        id: 7,
        notify: 'yes',
        tags: ['a', 'b'],
        title: 'T',
        lines: [{ sku: 'x' }],
      },
    );
    assert.deepEqual(result, { output: { id: 7, deal: { ref: 'D-7' } }, ref: 'D-7' });
  });

  it('send the headers of the settings and not those of the format, the action before the connection', async () => {
    nock(API)
      .post('/v2/deals', { id: 1 })
      .matchHeader('content-type', 'application/vnd.acme+json')
      .matchHeader('accept', 'application/vnd.acme+json')
      .matchHeader('accept-language', 'de')
      .reply(204);
    await perform(
      { path: '/deals', headers: { 'Content-Type': 'application/vnd.acme+json', 'accept-language': 'de' } },
      { id: 1 },
      { headers: { Accept: 'application/vnd.acme+json', 'Accept-Language': 'en' } },
    );
  });

  for (const value of [undefined, null, '', '.', '..', { a: 1 }])
    it(`refuse ${JSON.stringify(value)} for a field of the path`, async () => {
      await assert.rejects(perform({ path: '/accounts/{id}' }, { id: value }), withCode('OUTPUT_INVALID'));
    });

  it('send the field that the settings name, or the whole input', async () => {
    nock(API)
      .post('/v2/a/1', { x: 1 })
      .reply(204)
      .put('/v2/a/1', { id: 1, deal: { x: 1 } })
      .reply(204);
    const input = { id: 1, deal: { x: 1 } };
    await perform({ path: '/a/{id}', body: 'deal' }, input);
    await connection?.close();
    await perform({ method: 'PUT', path: '/a/{id}', body: '*' }, input);
    await connection?.close();
    await assert.rejects(perform({ path: '/a/{id}', body: 'other' }, input), withCode('OUTPUT_INVALID'));
  });

  it('send the idempotency key in the header that the settings name', async () => {
    nock(API).post('/v2/deals').matchHeader('idempotency-key', callWith().idempotencyKey).reply(201, {});
    await perform({ path: '/deals', idempotency_header: 'Idempotency-Key' }, {});
  });

  it('write and read forms', async () => {
    nock(API)
      .post('/v2/charges', 'amount=100&tag=a&tag=b&note=%C3%A4+%26')
      .matchHeader('content-type', 'application/x-www-form-urlencoded')
      .reply(200, 'id=ch_1&status=ok', { 'content-type': 'application/x-www-form-urlencoded' });
    const input = { amount: 100, tag: ['a', 'b'], note: 'ä &', none: null };
    assert.deepEqual(await perform({ path: '/charges', format: 'form', ref: 'id' }, input), {
      output: { id: 'ch_1', status: 'ok' },
      ref: 'ch_1',
    });
    await connection?.close();
    await assert.rejects(
      perform({ path: '/charges', format: 'form' }, { a: { b: 1 } }),
      withCode('OUTPUT_INVALID'),
    );
  });

  it('write and read XML', async () => {
    nock(API)
      .post('/v2/orders', /<Order number="7"><Line>a<\/Line><Line>b<\/Line><\/Order>$/)
      .matchHeader('content-type', 'application/xml')
      .reply(200, '<Result><Id>9</Id></Result>', { 'content-type': 'text/xml; charset=utf-8' });
    assert.deepEqual(
      await perform(
        { path: '/orders', ref: 'Result.Id' },
        { Order: { '@number': 7, Line: ['a', 'b'] } },
        { format: 'xml' },
      ),
      { output: { Result: { Id: '9' } }, ref: '9' },
    );
  });

  it('take 404 for nothing where the settings say so', async () => {
    nock(API).get('/v2/accounts/1').times(2).reply(404, { error: 'unknown' });
    const find = { method: 'GET', path: '/accounts/{id}' };
    assert.deepEqual(await perform({ ...find, not_found: null }, { id: 1 }), { output: null });
    await connection?.close();
    await assert.rejects(perform(find, { id: 1 }), withCode('TARGET_REJECTED'));
  });

  it('take the statuses for success that the settings list', async () => {
    nock(API).post('/v2/deals').times(2).reply(409, { id: 'D-1' });
    assert.deepEqual(await perform({ path: '/deals', ok_statuses: [409], ref: 'id' }, {}), {
      output: { id: 'D-1' },
      ref: 'D-1',
    });
    await connection?.close();
    await assert.rejects(perform({ path: '/deals' }, {}), withCode('TARGET_REJECTED'));
  });

  it('believe a 2xx to a write, whatever its body is', async () => {
    nock(API).post('/v2/deals').reply(200, '<html>thanks', { 'content-type': 'application/json' });
    assert.deepEqual(await perform({ path: '/deals', ref: 'id' }, {}), { output: undefined });
  });

  it('can not do with an unreadable answer to a read', async () => {
    nock(API).get('/v2/me').reply(200, '<html>login', { 'content-type': 'text/html' });
    await assert.rejects(perform({ method: 'GET', path: '/me' }, {}), withCode('RESPONSE_UNREADABLE'));
  });

  it('read an answer that does not say what it is as the format of the connection', async () => {
    nock(API).get('/v2/me').reply(200, '{"a":1}', { 'content-type': 'text/plain' });
    assert.deepEqual(await perform({ method: 'GET', path: '/me' }, {}), { output: { a: 1 } });
  });

  describe('that are looked up before a repeat', () => {
    const action = {
      path: '/invoices',
      probe: { path: '/invoices', query: { reference: 'reference' }, found: 'items', ref: 'items.0.id' },
    };
    const probe = async (): Promise<unknown> => {
      connection = await openConnection(
        rest,
        { base_url: API, actions: { it: action } },
        { clock: new ManualClock() },
      );
      return await connection.probe?.('it', { reference: 'r 1' }, callWith());
    };

    it('have happened if something is found', async () => {
      nock(API)
        .get('/invoices')
        .query({ reference: 'r 1' })
        .reply(200, { items: [{ id: 5 }] });
      assert.deepEqual(await probe(), { output: { items: [{ id: 5 }] }, ref: '5' });
    });

    it('have not if nothing is found', async () => {
      nock(API).get('/invoices').query(true).reply(200, { items: [] });
      assert.equal(await probe(), undefined);
      await connection?.close();
      nock(API).get('/invoices').query(true).reply(404);
      assert.equal(await probe(), undefined);
    });

    it('are not known if the look-up fails', async () => {
      nock(API).get('/invoices').query(true).reply(500);
      await assert.rejects(probe(), withCode('TARGET_FAILED'));
    });
  });

  describe('as they are offered', () => {
    const offered = async (action: object): Promise<unknown> => {
      const offer = await rest.describe?.(
        { base_url: API, actions: { it: { path: '/x', ...action } } },
        { read: () => Promise.reject(new Error('not needed')), resolve: (path) => path },
      );
      const { effect, reads } = offer?.actions?.['it'] ?? {};
      return [effect, reads];
    };
    const cases: readonly [object, unknown][] = [
      [{ method: 'GET' }, ['idempotent', true]],
      [{ method: 'PUT' }, ['idempotent', false]],
      [{ method: 'DELETE' }, ['idempotent', false]],
      [{}, ['none', false]],
      [{ method: 'PATCH' }, ['none', false]],
      [{ idempotency_header: 'Idempotency-Key' }, ['key', false]],
      [{ probe: { path: '/y' } }, ['probe', false]],
      [{ effect: 'idempotent' }, ['idempotent', false]],
      [{ method: 'POST', reads: true }, ['idempotent', true]],
    ];
    for (const [action, expected] of cases)
      it(`${JSON.stringify(action)} has ${JSON.stringify(expected)}`, async () => {
        assert.deepEqual(await offered(action), expected);
      });

    const mistakes: readonly [object, string][] = [
      [{ path: '/a/{id' }, '/actions/it/path'],
      [{ path: 'https://evil.example.com/' }, '/actions/it/path'],
      [{ effect: 'probe' }, '/actions/it/effect'],
      [{ effect: 'key' }, '/actions/it/effect'],
      [{ not_found: null }, '/actions/it/not_found'],
      [{ probe: { path: '/a b' } }, '/actions/it/probe/path'],
    ];
    for (const [action, path] of mistakes)
      it(`${JSON.stringify(action)} is a mistake at ${path}`, async () => {
        await assert.rejects(offered(action), (error: { code: string; path?: string }) => {
          assert.equal(error.code, 'CONFIG_INVALID');
          assert.equal(error.path, path);
          return true;
        });
      });
  });

  describe('as they are checked', () => {
    const results = async (settings: object): Promise<readonly CheckResult[]> => {
      connection = await openConnection(rest, { base_url: API, ...settings }, { clock: new ManualClock() });
      return await connection.check(new AbortController().signal);
    };
    const auth = { type: 'bearer', token: 't0ken' };
    const check = async (settings: object): Promise<unknown> =>
      Object.fromEntries((await results({ auth, ...settings })).map(({ name, ok }) => [name, ok]));

    it('prove address, credentials and rights', async () => {
      nock(API).get('/me').reply(200, {});
      assert.deepEqual(await check({ check: '/me' }), { address: true, credentials: true, rights: true });
    });

    it('tell refused credentials from missing rights', async () => {
      nock(API).get('/me').reply(401).get('/me').reply(403).get('/me').reply(404);
      assert.deepEqual(await check({ check: '/me' }), { address: true, credentials: false });
      await connection?.close();
      assert.deepEqual(await check({ check: '/me' }), { address: true, credentials: true, rights: false });
      await connection?.close();
      assert.deepEqual(await check({ check: '/me' }), { address: true, rights: false });
    });

    it('prove the address without a check path', async () => {
      nock(API).get('/').reply(404);
      assert.deepEqual(await check({}), { address: true, credentials: true });
    });

    it('say that there are no credentials, and accept none that were not sent', async () => {
      const said = async (settings: object): Promise<string | undefined> => {
        const found = (await results(settings)).find(({ name }) => name === 'credentials');
        await connection?.close();
        return found?.detail;
      };
      nock(API).get('/me').reply(200, {}).get('/').reply(404).get('/me').reply(401);
      assert.equal(await said({ check: '/me' }), 'none are configured');
      assert.equal(await said({ auth: { type: 'none' } }), 'none are configured');
      assert.equal(await said({ check: '/me' }), 'none are configured; the target wants some (401)');
    });
  });
});
