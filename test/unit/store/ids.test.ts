import assert from 'node:assert/strict';
import { newId, timeOfId } from '../../../core/store/index.ts';
import { ManualClock } from '../../support/clock.ts';

describe('An id', () => {
  it('has the time of the clock, and its place among those of the same millisecond', () => {
    const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
    const ids = Array.from({ length: 1_000 }, () => newId(clock));
    assert.deepEqual([...ids].sort(), ids);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => timeOfId(id) === clock.now()));
  });

  it('shares with none of another process what counts within a millisecond', async () => {
    const clock = new ManualClock();
    const starts = new Set<string>();
    for (let ms = 0; ms < 100; ms += 1) {
      await clock.advance(1);
      starts.add(newId(clock).slice(14, 23));
    }
    assert.ok(starts.size > 90, 'each millisecond begins at another number');
  });
});
