import assert from 'node:assert/strict';
import { compileArrive } from '../../../core/intake/index.ts';
import type { Arrival } from '../../../core/intake/index.ts';
import { DEFAULT_EXPRESSION_LIMITS } from '../../../core/language/index.ts';
import type { Mapping } from '../../../core/model/mapping.ts';

const at = { file: 'mappings/sales/orders.yaml', line: 1, column: 1 };

function arrive(body: unknown, { idRequired = true, key }: { idRequired?: boolean; key?: string } = {}) {
  const mapping: Mapping = {
    name: 'sales/orders',
    domain: 'sales',
    from: { kind: 'topic', topic: 'any', at },
    message: {
      ...(key === undefined ? { id: { source: 'id', at } } : {}),
      keys: { order: { source: 'order', at }, broken: { source: '$number(order)', at } },
    },
    steps: [],
    targets: [],
    at,
  };
  const options = { routes: ['sales/orders/erp'], revision: 'r1', limits: DEFAULT_EXPRESSION_LIMITS };
  return compileArrive(mapping, { ...options, idRequired })({
    contentType: 'application/json',
    payload: Buffer.from(JSON.stringify(body)),
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

  it('has the business keys that can be found, each of bounded length', async () => {
    assert.deepEqual((await arrive({ id: 1, order: 'A-1' })).keys, { order: 'A-1' });
    assert.deepEqual((await arrive({ id: 1, order: '7'.repeat(300) })).keys['order']?.length, 200);
  });
});
