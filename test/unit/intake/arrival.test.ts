import assert from 'node:assert/strict';
import { compileArrive } from '../../../core/intake/index.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import { DEFAULT_EXPRESSION_LIMITS } from '../../../core/language/index.ts';
import type { Mapping } from '../../../core/model/mapping.ts';

const at = { file: 'mappings/sales/orders.yaml', line: 1, column: 1 };

interface Given {
  readonly idRequired?: boolean;
  /** The source's own. */
  readonly key?: string;
  /** The mapping's message.id; default `id` where the source gives none. */
  readonly path?: string;
  readonly payload?: string;
}

function arrive(body: unknown, given: Given = {}): Promise<Arrival> {
  const { idRequired = true, key, path = key === undefined ? 'id' : undefined } = given;
  const mapping: Mapping = {
    name: 'sales/orders',
    domain: 'sales',
    from: { kind: 'topic', topic: 'any', at },
    message: {
      ...(path === undefined ? {} : { id: { source: path, at } }),
      keys: { order: { source: 'order', at }, broken: { source: '$number(order)', at } },
    },
    steps: [],
    targets: [],
    at,
  };
  const options = { routes: ['sales/orders/erp'], revision: 'r1', limits: DEFAULT_EXPRESSION_LIMITS };
  return compileArrive(mapping, { ...options, idRequired })({
    contentType: 'application/json',
    payload: Buffer.from(given.payload ?? JSON.stringify(body)),
    body,
    headers: {},
    ...(key === undefined ? {} : { key }),
  });
}

const keyOf = async (arrival: Promise<Arrival>): Promise<string | undefined> => (await arrival).key;

describe('What arrives', () => {
  it('is known by what message.id finds, or by the id that its source gave', async () => {
    assert.equal(await keyOf(arrive({ id: 'o-1' })), 'o-1');
    assert.equal(await keyOf(arrive({ id: 4711 })), '4711');
    assert.equal(await keyOf(arrive({ id: 'o-1' }, { key: 'evt_1' })), 'evt_1');
  });

  it('is refused without an id where one is needed, and else goes on without', async () => {
    for (const id of ['', null, {}, undefined])
      await assert.rejects(arrive({ id }), { code: 'MESSAGE_ID_MISSING' });
    assert.equal(await keyOf(arrive({}, { idRequired: false })), undefined);
  });

  it('is told from what begins alike, however long its id', async () => {
    const long = 'x'.repeat(600);
    const [one, other, again] = await Promise.all(
      [`${long}1`, `${long}2`, `${long}1`].map((id) => keyOf(arrive({ id }))),
    );
    assert.equal(one?.length, 512);
    assert.notEqual(one, other);
    assert.equal(one, again);
    assert.equal(await keyOf(arrive({ id: 'x'.repeat(512) })), 'x'.repeat(512));
  });

  it('is told from others by its payload where its id is a number that has lost digits', async () => {
    const arrived = async (text: string): Promise<string | undefined> =>
      (await arrive(JSON.parse(text), { payload: text })).key;
    const [one, other, again] = await Promise.all(
      ['{"id":1890123456789012345}', '{"id":1890123456789012346}', '{"id":1890123456789012345}'].map(arrived),
    );
    assert.notEqual(one, other);
    assert.equal(one, again);
    assert.equal(await arrived('{"id":9007199254740991}'), '9007199254740991');
  });

  it('is known by the id that its source gave when the mapping looks for another and finds none', async () => {
    const both = { idRequired: false, key: 'row-7', path: 'number' };
    assert.equal(await keyOf(arrive({ number: 'o-1' }, both)), 'o-1');
    assert.equal(await keyOf(arrive({ number: null }, both)), 'row-7');
  });

  it('has no key of characters that can not be stored', async () => {
    assert.equal(await keyOf(arrive({ id: 'a\u0000b' })), 'ab');
    assert.equal(await keyOf(arrive({}, { key: 'a\u0000b' })), 'ab');
    await assert.rejects(arrive({ id: '\u0000' }), { code: 'MESSAGE_ID_MISSING' });
  });

  it('has the business keys that can be found, each of bounded length', async () => {
    assert.deepEqual((await arrive({ id: 1, order: 'A-1' })).keys, { order: 'A-1' });
    assert.deepEqual((await arrive({ id: 1, order: '7'.repeat(300) })).keys['order']?.length, 200);
  });
});
