import assert from 'node:assert/strict';
import nock from 'nock';
import type { Page } from '../../../core/sdk.ts';
import { withCode } from '../../support/with-code.ts';
import { expectRequests } from './expect-requests.ts';
import { API, at, changes, idsOf, pull, record } from './pull-source.ts';

describe('pages of the rest connector', () => {
  expectRequests();

  it('by Link header, absolute or relative', async () => {
    nock(API)
      .get('/v2/customers')
      .reply(200, [record(1)], {
        link: `<${API}/v2/customers?c=2>; rel="next", <${API}/v2/x>; rel="first"`,
      })
      .get('/v2/customers')
      .query({ c: 2 })
      .reply(200, [record(2)], { link: '<?c=3>; rel=next' })
      .get('/v2/customers')
      .query({ c: 3 })
      .reply(200, [record(3)]);
    assert.deepEqual(idsOf(await pull({ pagination: { type: 'link_header' } })), [[1], [2], [3]]);
  });

  it('by the address in the body', async () => {
    nock(API)
      .get('/v2/customers')
      .reply(200, { value: [record(1)], '@odata.nextLink': `${API}/v2/customers?skip=1` })
      .get('/v2/customers')
      .query({ skip: 1 })
      .reply(200, { value: [record(2)] });
    const source = { records: 'value', pagination: { type: 'next_url', path: '/@odata.nextLink' } };
    assert.deepEqual(idsOf(await pull(source)), [[1], [2]]);
  });

  it('never at another host, to which the credentials would go', async () => {
    nock(API)
      .get('/v2/customers')
      .reply(200, [record(1)], { link: '<https://evil.example.com/>; rel="next"' });
    await assert.rejects(pull({ pagination: { type: 'link_header' } }), withCode('ADDRESS_REFUSED'));
  });

  it('by token', async () => {
    nock(API)
      .get('/v2/customers')
      .reply(200, { items: [record(1)], next: 'a b' })
      .get('/v2/customers')
      .query({ after: 'a b' })
      .reply(200, { items: [record(2)], next: '' });
    const source = { records: 'items', pagination: { type: 'cursor', param: 'after', path: 'next' } };
    assert.deepEqual(idsOf(await pull(source)), [[1], [2]]);
  });

  it('by number, until one is not full', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ p: 0 })
      .reply(200, [record(1), record(2)])
      .get('/v2/customers')
      .query({ p: 1 })
      .reply(200, [record(3)]);
    assert.deepEqual(idsOf(await pull({ pagination: { type: 'page', param: 'p', first: 0, size: 2 } })), [
      [1, 2],
      [3],
    ]);
  });

  it('by number, until one is empty where the size is not known', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ p: 1 })
      .reply(200, [record(1)])
      .get('/v2/customers')
      .query({ p: 2 })
      .reply(200, []);
    assert.deepEqual(idsOf(await pull({ pagination: { type: 'page', param: 'p' } })), [[1], []]);
  });

  it('by offset', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ offset: 0, limit: 2 })
      .reply(200, [record(1), record(2)])
      .get('/v2/customers')
      .query({ offset: 2, limit: 2 })
      .reply(200, [record(3)]);
    const pagination = { type: 'offset', param: 'offset', size: 2, size_param: 'limit' };
    assert.deepEqual(idsOf(await pull({ pagination })), [[1, 2], [3]]);
  });

  describe('that the target makes smaller than they should be', () => {
    const numbered = { type: 'page', param: 'p', size: 4 };
    const page = (p: number): nock.Interceptor => nock(API).get('/v2/customers').query({ p });

    it('by number, until one is empty', async () => {
      page(1).reply(200, [record(5), record(4)]);
      page(2).reply(200, [record(3), record(2)]);
      page(3).reply(200, [record(1)]);
      page(4).reply(200, []);
      assert.deepEqual(idsOf(await pull({ pagination: numbered })), [[5, 4], [3, 2], [1], []]);
    });

    it('by offset, until one is empty', async () => {
      for (const [offset, records] of [
        [0, [record(3), record(2)]],
        [2, [record(1)]],
        [3, []],
      ] as const)
        nock(API).get('/v2/customers').query({ offset }).reply(200, records);
      const pagination = { type: 'offset', param: 'offset', size: 4 };
      assert.deepEqual(idsOf(await pull({ pagination })), [[3, 2], [1], []]);
    });

    it('over several runs', async () => {
      const source = { pagination: numbered, max_pages: 1 };
      page(1).reply(200, [record(2)]);
      page(2).reply(200, [record(1)]);
      page(3).reply(200, []);
      const found: unknown[] = [];
      let cursor: unknown;
      for (let run = 0; run < 3; run += 1) {
        const pages = await pull(source, cursor);
        found.push(...idsOf(pages));
        cursor = pages[0]?.cursor;
      }
      assert.deepEqual([found, cursor], [[[2], [1], []], {}]);
    });
  });

  describe('of which the first is not full', () => {
    const numbered = { ...changes, records: '', pagination: { type: 'page', param: 'p', size: 4 } };
    const page = (p: number): nock.Interceptor =>
      nock(API)
        .get('/v2/customers')
        .query({ limit: 2, since: at(0), p });

    for (const status of [400, 404])
      it(`end where the target has no second one and answers ${status}`, async () => {
        page(1).reply(200, [record(2)]);
        page(2).reply(status);
        const pages = await pull(numbered, { since: at(0) });
        assert.deepEqual(idsOf(pages), [[2], []]);
        assert.deepEqual(pages[1]?.cursor, { since: at(2) });
      });

    it('end there in the next run as well', async () => {
      page(2).reply(404);
      const middle = { since: at(0), seen: at(2), next: { value: 2, short: 1 } };
      assert.deepEqual((await pull(numbered, middle))[0]?.cursor, { since: at(2) });
    });

    it('end where the target does not know the parameter and gives the first one again', async () => {
      page(1).reply(200, [record(2)]);
      page(2).reply(200, [record(2)]);
      const pages = await pull(numbered, { since: at(0) });
      assert.deepEqual(idsOf(pages), [[2], []]);
      assert.deepEqual(pages[1]?.cursor, { since: at(2) });
    });

    it('fail where the target fails at the second', async () => {
      page(1).reply(200, [record(2)]);
      page(2).reply(500);
      await assert.rejects(pull(numbered, { since: at(0) }), withCode('TARGET_FAILED'));
    });
  });

  it('that come after themselves are an error and not an endless run', async () => {
    nock(API)
      .get('/v2/customers')
      .query(true)
      .times(2)
      .reply(200, { items: [record(1)], next: 'same' });
    const source = { records: 'items', pagination: { type: 'cursor', param: 'after', path: 'next' } };
    await assert.rejects(pull(source), withCode('RESPONSE_UNREADABLE'));
  });

  describe('whose answer has no list', () => {
    const numbered = { ...changes, records: 'list.c', pagination: { type: 'page', param: 'p' } };
    const page = (p: number): nock.Interceptor =>
      nock(API)
        .get('/v2/customers')
        .query({ limit: 2, since: at(0), p });
    const xml = { 'content-type': 'application/xml' };
    const full = `<list><c><id>1</id><updatedAt>${at(1)}</updatedAt></c></list>`;

    it('have nothing, if it is the first page', async () => {
      page(1).reply(200, { list: { c: null } });
      assert.deepEqual(await pull(numbered, { since: at(0) }), []);
      page(1).reply(200, '<none/>', xml);
      assert.deepEqual(await pull(numbered, { since: at(0) }, { settings: { format: 'xml' } }), []);
    });

    it('fail in the middle of a run, and go on there the next time', async () => {
      page(1).reply(200, { list: { c: [record(5)] } });
      page(2).reply(200, { list: { c: null }, error: 'busy' });
      const pages: Page[] = [];
      await assert.rejects(pull(numbered, { since: at(0) }, { pages }), withCode('RESPONSE_UNREADABLE'));
      assert.deepEqual(
        pages.map(({ cursor }) => cursor),
        [{ since: at(0), seen: at(5), next: { value: 2 } }],
      );
      page(2).reply(200, { list: { c: [record(3)] } });
      page(3).reply(200, { list: { c: [] } });
      const more = await pull(numbered, pages[0]?.cursor);
      assert.deepEqual(idsOf(more), [[3], []]);
      assert.deepEqual(more[1]?.cursor, { since: at(5) });
    });

    it('fail in the middle of a run with XML that is of something else', async () => {
      for (const answer of ['<error>busy</error>', '<list><error>busy</error></list>']) {
        page(1).reply(200, full, xml);
        page(2).reply(200, answer, xml);
        await assert.rejects(
          pull(numbered, { since: at(0) }, { settings: { format: 'xml' } }),
          withCode('RESPONSE_UNREADABLE'),
        );
      }
    });

    it('end with XML that has the place of the list and nothing in it', async () => {
      for (const answer of ['<list/>', '<list page="2"/>', '<list><c/></list>']) {
        page(1).reply(200, full, xml);
        page(2).reply(200, answer, xml);
        const pages = await pull(numbered, { since: at(0) }, { settings: { format: 'xml' } });
        assert.deepEqual(pages[1], { records: [], cursor: { since: at(1) } });
      }
    });

    it('end at a second page that was asked for because the first one was not full', async () => {
      page(1).reply(200, { list: { c: [record(1)] } });
      page(2).reply(200, { list: { c: null } });
      const sized = { ...numbered, pagination: { ...numbered.pagination, size: 4 } };
      assert.deepEqual((await pull(sized, { since: at(0) }))[1]?.cursor, { since: at(1) });
    });
  });
});
