import assert from 'node:assert/strict';
import type { ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import type { Parcel } from '../../../core/transport/index.ts';
import {
  BUNDLE_TYPE,
  MAX_BUNDLE,
  packBundle,
  planShipments,
  unpack,
} from '../../../core/transport/rabbitmq/bundle.ts';

const parcel = (some: Partial<Parcel> = {}): Parcel => ({
  queue: 'q',
  id: 'id',
  contentType: 'text/plain',
  headers: {},
  body: Buffer.from('body'),
  ...some,
});

const many = (count: number, some: Partial<Parcel> = {}): Parcel[] =>
  Array.from({ length: count }, () => parcel(some));

const sizes = (parcels: readonly Parcel[]): readonly number[] =>
  planShipments(parcels).map(({ length }) => length);

describe('planShipments', () => {
  it('sends few parcels one by one, and the more together the more there are', () => {
    assert.deepEqual(sizes(many(3)), [1, 1, 1]);
    assert.deepEqual(new Set(sizes(many(31))), new Set([1]));
    assert.deepEqual(sizes(many(32)), new Array<number>(16).fill(2));
    assert.deepEqual(sizes(many(256)), new Array<number>(32).fill(MAX_BUNDLE));
    assert.deepEqual([...sizes(many(1_001))].pop(), 1);
  });

  it('counts by queue', () => {
    const parcels = [...many(20, { queue: 'a' }), ...many(64, { queue: 'b' }), ...many(3, { queue: 'a' })];
    assert.deepEqual(sizes(parcels), [...new Array<number>(23).fill(1), ...new Array<number>(16).fill(4)]);
  });

  it('lets go alone what is large', () => {
    const parcels = many(256);
    parcels[1] = parcel({ body: Buffer.alloc(65_536) });
    assert.deepEqual(planShipments(parcels).slice(0, 3), [[0], [1], [2, 3, 4, 5, 6, 7, 8, 9]]);
    parcels[1] = parcel({ body: Buffer.alloc(65_000) });
    assert.deepEqual(planShipments(parcels)[0]?.length, 8);
  });

  it('sends each parcel once, those of a queue in their order', () => {
    const some = fc.record({
      queue: fc.constantFrom('a', 'b', 'c'),
      size: fc.constantFrom(0, 100, 20_000, 70_000),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 600, size: 'max' }), (drawn) => {
        const parcels = drawn.map(({ queue, size }) => parcel({ queue, body: Buffer.alloc(size) }));
        const shipments = planShipments(parcels);
        const all = shipments.flat();
        assert.deepEqual(
          [...all].sort((a, b) => a - b),
          [...parcels.keys()],
        );
        for (const queue of ['a', 'b', 'c']) {
          const places = all.filter((place) => parcels[place]?.queue === queue);
          assert.deepEqual(
            places,
            [...places].sort((a, b) => a - b),
          );
        }
        for (const shipment of shipments) {
          assert.equal(new Set(shipment.map((place) => parcels[place]?.queue)).size, 1);
        }
      }),
    );
  });
});

describe('A bundle', () => {
  const message = (content: Buffer, type: string | undefined = BUNDLE_TYPE): ConsumeMessage =>
    ({
      content,
      fields: { deliveryTag: 1, redelivered: true },
      properties: {
        type,
        messageId: 'first',
        headers: { 'x-first-death-queue': 'q', 'x-first-death-reason': 'delivery_limit' },
      },
    }) as unknown as ConsumeMessage;

  it('gives back what was packed, with what the broker says of the whole', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 });
    const some = fc.record({
      id: fc.uuid(),
      contentType: texts,
      headers: fc.dictionary(texts, texts, { maxKeys: 3, noNullPrototype: true }),
      body: fc.uint8Array({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 2, maxLength: 8 }), (drawn) => {
        const parcels = drawn.map((one) => parcel({ ...one, body: Buffer.from(one.body) }));
        assert.deepEqual(
          unpack('q', message(packBundle(parcels))),
          parcels.map((one) => ({
            ...one,
            headers: {
              ...one.headers,
              'crossdock-dead-queue': 'q',
              'crossdock-dead-reason': 'delivery_limit',
            },
            redelivered: true,
            returns: 1,
          })),
        );
      }),
    );
  });

  it('that can not be read comes out as it is, as any message does that is no bundle', () => {
    for (const content of [
      '',
      'abc',
      '\0\0\0\u0002[]]',
      '\0\0\0\u0004null',
      '\0\0\0\u0003{"a',
      '\u7fff\u7fff',
    ])
      for (const type of [BUNDLE_TYPE, undefined]) {
        const [whole, ...rest] = unpack('q', message(Buffer.from(content), type));
        assert.deepEqual([whole?.body.toString(), whole?.id, rest], [content, 'first', []]);
      }
  });
});
