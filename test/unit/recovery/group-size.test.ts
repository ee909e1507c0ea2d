import assert from 'node:assert/strict';
import { groupSize, suspiciousFrom } from '../../../core/recovery/group-size.ts';

const sizes = (limit: number): readonly number[] =>
  Array.from({ length: limit + 2 }, (_, index) => groupSize(index + 1, limit)).slice(0, limit + 1);

describe('The size of a group of suspects', () => {
  it('shrinks from crash to crash, and is none past the limit', () => {
    const all = Infinity;
    assert.deepEqual(sizes(20), [all, all, 100, 10, ...Array.from({ length: 16 }, () => 1), 0]);
  });

  it('is one at the last chance, however small the limit is', () => {
    assert.deepEqual(sizes(1), [1, 0]);
    assert.deepEqual(sizes(2), [10, 1, 0]);
    assert.deepEqual(sizes(3), [100, 10, 1, 0]);
    assert.deepEqual(sizes(4), [Infinity, 100, 10, 1, 0]);
  });

  it('says from which crash on a delivery is suspicious', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 20].map(suspiciousFrom), [1, 1, 1, 2, 3, 3]);
  });
});
