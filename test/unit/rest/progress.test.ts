import assert from 'node:assert/strict';
import { compareMarks } from '../../../connectors/rest/progress.ts';

describe('marks', () => {
  const ordered: readonly [string | number, string | number][] = [
    [1, 2],
    ['9', '10'],
    [9, '10'],
    ['9007199254740992', '9007199254740993'],
    ['2026-01-01T00:00:00+02:00', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000002Z'],
    ['2026-01-01', '2026-01-02'],
    ['a', 'b'],
  ];
  for (const [less, more] of ordered)
    it(`${less} comes before ${more}`, () => {
      assert.ok(compareMarks(less, more) < 0);
      assert.ok(compareMarks(more, less) > 0);
      assert.equal(compareMarks(less, less), 0);
    });
});
