import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import nock from 'nock';
import { withCode } from '../../support/with-code.ts';
import { expectRequests } from './expect-requests.ts';
import { API, at, changes, idsOf, pull, record } from './pull-source.ts';

const keyOf = (id: number): string => {
  const digest = hash('sha256', JSON.stringify(record(id)), 'base64url');
  return `${id}@${at(id)}#${digest.slice(0, 16)}`;
};

describe('sources of the rest connector', () => {
  expectRequests();

  it('begin without a cursor and remember the greatest value', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2 })
      .reply(200, { data: { items: [record(2), record(1)] } });
    const pages = await pull(changes);
    assert.deepEqual(pages, [
      {
        records: [
          { body: record(2), key: keyOf(2) },
          { body: record(1), key: keyOf(1) },
        ],
        cursor: { since: at(2) },
      },
    ]);
  });

  it('take a record whose body differs for another message, and one that comes as it was for the same', async () => {
    const states = [
      '{"id":1,"updatedAt":"2026-01-01T00:00:01Z","status":"open"}',
      '{"id":1,"updatedAt":"2026-01-01T00:00:01Z","status":"paid"}',
      '{"id":1890123456789012345,"updatedAt":5,"name":"a"}',
      '{"id":1890123456789012399,"updatedAt":5,"name":"b"}',
    ];
    const keys = async (): Promise<unknown[]> => {
      nock(API).get('/v2/customers').query(true).reply(200, `[${states.join()}]`);
      const pages = await pull({ ...changes, records: '' });
      return pages.flatMap(({ records }) => records.map(({ key }) => key));
    };
    const first = await keys();
    assert.equal(new Set(first).size, states.length);
    assert.deepEqual(await keys(), first);
  });

  it('know no records by an id that is empty', async () => {
    nock(API)
      .get('/v2/customers')
      .reply(200, [
        { id: '', name: 'a' },
        { id: '', name: 'a' },
      ]);
    const pages = await pull({ key: 'id' });
    assert.deepEqual(
      pages[0]?.records.map(({ key }) => key),
      [undefined, undefined],
    );
  });

  it('go on from the cursor, and yield nothing when there is nothing new', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2, since: at(2) })
      .reply(200, { data: { items: [] } });
    assert.deepEqual(await pull(changes, { since: at(2) }), []);
  });

  it('begin where the settings say', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ since: '0', limit: 2 })
      .reply(200, { data: { items: [] } });
    await pull({ ...changes, cursor: { field: 'updatedAt', start: 0 } });
  });

  it('ask again for the overlap', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ since: '2025-12-31T23:59:02.000Z', limit: 2 })
      .reply(200, { data: { items: [record(2)] } });
    const pages = await pull({ ...changes, cursor: { field: 'updatedAt', overlap: '1m' } }, { since: at(2) });
    assert.deepEqual(pages[0]?.cursor, { since: at(2) });
  });

  it('never go back, even if the target sends older records', async () => {
    nock(API)
      .get('/v2/customers')
      .query(true)
      .reply(200, { data: { items: [record(1)] } });
    assert.deepEqual((await pull(changes, { since: at(5) }))[0]?.cursor, { since: at(5) });
  });

  it('keep the cursor over a page of records without its field', async () => {
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2, since: at(0) })
      .reply(200, { data: { items: [{ id: 1, updatedAt: null }] } });
    const pages = await pull(changes, { since: at(0) });
    assert.deepEqual(idsOf(pages), [[1]]);
    assert.deepEqual(pages[0]?.cursor, { since: at(0) });
  });

  it('keep what can not be stored out of cursors and keys', async () => {
    nock(API)
      .get('/v2/customers')
      .query(true)
      .reply(200, '{"items":[{"id":"\\u00001","updatedAt":"a\\u0000\\ud800"}],"next":"b\\u0000\\udc00"}');
    const pagination = { type: 'cursor', param: 'page', path: 'next' };
    const pages = await pull({ ...changes, records: 'items', pagination, max_pages: 1 });
    assert.deepEqual(pages[0]?.cursor, { seen: 'a\ufffd', next: { value: 'b\ufffd' } });
    assert.match(pages[0]?.records[0]?.key ?? '', /^1@a\ufffd#/);
  });

  it('take for no mark what is empty or no number that there is', async () => {
    for (const mark of ['""', '"\\u0000"', '1e999']) {
      nock(API).get('/v2/customers').query(true).reply(200, `[{"id":1,"updatedAt":${mark}}]`);
      assert.deepEqual((await pull({ ...changes, records: '' }, { since: 5 }))[0]?.cursor, { since: 5 });
    }
  });

  it('move the cursor only when the last page is done', async () => {
    const paged = { ...changes, pagination: { type: 'cursor', param: 'page', path: 'next' } };
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2, since: at(0) })
      .reply(200, { data: { items: [record(3), record(2)] }, next: 'p2' })
      .get('/v2/customers')
      .query({ limit: 2, since: at(0), page: 'p2' })
      .reply(200, { data: { items: [record(1)] }, next: null });
    const pages = await pull(paged, { since: at(0) });
    assert.deepEqual(
      pages.map(({ cursor }) => cursor),
      [{ since: at(0), seen: at(3), next: { value: 'p2' } }, { since: at(3) }],
    );
  });

  it('go on in the middle of a run that was broken off', async () => {
    const paged = { ...changes, pagination: { type: 'cursor', param: 'page', path: 'next' } };
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2, since: at(0), page: 'p2' })
      .reply(200, { data: { items: [record(1)] } });
    const pages = await pull(paged, { since: at(0), seen: at(3), next: { value: 'p2' } });
    assert.deepEqual(pages[0]?.cursor, { since: at(3) });
  });

  it('begin the run again when the target has forgotten the page', async () => {
    const paged = { ...changes, pagination: { type: 'cursor', param: 'page', path: 'next' } };
    nock(API)
      .get('/v2/customers')
      .query({ limit: 2, since: at(0), page: 'old' })
      .reply(410)
      .get('/v2/customers')
      .query({ limit: 2, since: at(0) })
      .reply(200, { data: { items: [record(4)] } });
    const pages = await pull(paged, { since: at(0), seen: at(3), next: { value: 'old' } });
    assert.deepEqual(pages[0]?.cursor, { since: at(4) });
  });

  describe('whose next page is dead when a run begins with it', () => {
    const linked = { ...changes, max_pages: 1, pagination: { type: 'next_url', path: 'next' } };
    const page = { since: at(0), seen: at(3), next: { url: `${API}/v2/customers?signature=old` } };
    const dead: readonly [number, string][] = [
      [401, ''],
      [403, ''],
      [410, ''],
      [500, ''],
      [200, '<html>'],
      [200, '{}'],
    ];
    const answer = (status: number, body: string): nock.Scope =>
      nock(API).get('/v2/customers').query({ signature: 'old' }).reply(status, body);
    const anew = (records: readonly unknown[]): nock.Scope =>
      nock(API)
        .get('/v2/customers')
        .query({ limit: 2, since: at(0) })
        .reply(200, { data: { items: records } });

    for (const [status, body] of dead)
      it(`begin again, be it with ${status}${body === '' ? '' : ` and ${body}`}`, async () => {
        answer(status, body);
        anew([record(4)]);
        assert.deepEqual((await pull(linked, page))[0]?.cursor, { since: at(4) });
      });

    it('begin again, be it that the API has moved to another host', async () => {
      anew([record(4)]);
      const moved = { ...page, next: { url: 'https://old.example.com/v2/customers' } };
      assert.deepEqual((await pull(linked, moved))[0]?.cursor, { since: at(4) });
    });

    it('forget it though nothing is new', async () => {
      answer(410, '');
      anew([]);
      const { since, next } = page;
      assert.deepEqual(await pull(linked, { since, next }), [{ records: [], cursor: { since } }]);
    });

    it('keep it when the target fails at all', async () => {
      answer(500, '');
      nock(API)
        .get('/v2/customers')
        .query({ limit: 2, since: at(0) })
        .reply(404);
      await assert.rejects(pull(linked, page), withCode('TARGET_REJECTED'));
    });

    for (const [status, code] of [
      [503, 'TARGET_UNAVAILABLE'],
      [429, 'TARGET_THROTTLED'],
    ] as const)
      it(`keep it when the target is away or asks to wait, as with ${status}`, async () => {
        answer(status, '');
        await assert.rejects(pull(linked, page), withCode(code));
      });

    it('keep it when the hub must end', async () => {
      const controller = new AbortController();
      nock(API)
        .get('/v2/customers')
        .query({ signature: 'old' })
        .reply(() => {
          controller.abort();
          return [500];
        });
      await assert.rejects(pull(linked, page, { signal: controller.signal }), withCode('TARGET_FAILED'));
    });
  });

  it('stop after max_pages and go on there the next time', async () => {
    const paged = { max_pages: 1, pagination: { type: 'page', param: 'page', size: 1, size_param: 'per' } };
    nock(API)
      .get('/v2/customers')
      .query({ page: 1, per: 1 })
      .reply(200, [record(1)])
      .get('/v2/customers')
      .query({ page: 2, per: 1 })
      .reply(200, []);
    const first = await pull(paged);
    assert.deepEqual(first[0]?.cursor, { next: { value: 2 } });
    const second = await pull(paged, first[0]?.cursor);
    assert.deepEqual(second, [{ records: [], cursor: {} }]);
  });

  it('read lists of XML, of one or none as well', async () => {
    const xml = { 'content-type': 'application/xml' };
    const answers: readonly [string, unknown][] = [
      ['<list><c><id>1</id></c><c><id>2</id></c></list>', [{ id: '1' }, { id: '2' }]],
      ['<list><c><id>1</id></c></list>', [{ id: '1' }]],
      ['<list/>', []],
    ];
    for (const [body, expected] of answers) {
      nock(API).get('/v2/customers').reply(200, body, xml);
      const pages = await pull({ records: 'list.c' }, undefined, { settings: { format: 'xml' } });
      assert.deepEqual(
        pages.flatMap(({ records }) => records.map((one) => one.body)),
        expected,
      );
    }
  });

  it('say so when the answer has no list or no cursor field', async () => {
    nock(API).get('/v2/customers').reply(200, { rows: [] });
    await assert.rejects(pull({ records: 'items' }), withCode('RESPONSE_UNREADABLE'));
    nock(API)
      .get('/v2/customers')
      .query(true)
      .reply(200, { data: { items: [{ id: 1 }] } });
    await assert.rejects(pull(changes), withCode('RESPONSE_UNREADABLE'));
  });

  it('pass on what the target says', async () => {
    nock(API).get('/v2/customers').reply(429, '', { 'retry-after': '5' });
    await assert.rejects(pull({}), withCode('TARGET_THROTTLED'));
  });

  const mistakes: readonly [object, string][] = [
    [{ path: '/a/{id}' }, '/sources/it/path'],
    [{ query: { since: '{cursor}' } }, '/sources/it/query'],
    [{ cursor: { field: 'at' } }, '/sources/it/cursor'],
  ];
  for (const [source, path] of mistakes)
    it(`${JSON.stringify(source)} is a mistake at ${path}`, async () => {
      await assert.rejects(pull(source), (error: { code: string; path?: string }) => {
        assert.deepEqual([error.code, error.path], ['CONFIG_INVALID', path]);
        return true;
      });
    });
});
