import assert from 'node:assert/strict';
import fc from 'fast-check';
import { leafOf } from '../../../core/audit/seal.ts';
import type { AuditEvent } from '../../../core/model/event.ts';

const leafWith = (data: unknown): string =>
  leafOf({
    id: '0198a000-0000-7000-8000-000000000001',
    at: '2026-03-01T00:00:00.000Z',
    journeyId: '0198a000-0000-7000-8000-000000000000',
    type: 'delivered',
    data,
  } as AuditEvent);

function backwards(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(backwards);
  const turned = Object.entries(value)
    .reverse()
    .map(([name, member]) => [name, backwards(member)]);
  return Object.fromEntries(turned);
}

describe('The leaf of an event', () => {
  it('is the same for members in any order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        assert.equal(leafWith(backwards(data)), leafWith(data));
      }),
    );
  });

  it('is another one for items in another order', () => {
    assert.notEqual(leafWith({ list: [1, 2] }), leafWith({ list: [2, 1] }));
  });
});
