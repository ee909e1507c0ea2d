import assert from 'node:assert/strict';
import { askedMark, compareMarks } from '../../../connectors/rest/progress.ts';
import { inTimeZone } from '../../support/time-zone.ts';
import { withCode } from '../../support/with-code.ts';

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

  const rounded: readonly [string, string][] = [
    ['9007199254740995', '9007199254740994'],
    ['1890123456789012399', '1890123456789011968'],
    ['1000000000000000000000001', '999999999999999714787328'],
  ];
  for (const [written, expected] of rounded)
    it(`${written}, as a number, is asked from ${expected}, which is surely not above`, () => {
      const asked = askedMark({ field: 'id' }, Number(written));
      assert.equal(asked, expected);
      assert.ok(BigInt(asked) <= BigInt(written));
    });

  it('that numbers hold exactly are asked for as they are', () => {
    for (const mark of [5, 1.5, 9007199254740991, '9007199254740995'])
      assert.equal(askedMark({ field: 'id' }, mark), mark);
  });

  describe('less an overlap', () => {
    inTimeZone('America/New_York');
    const asked: readonly [string | number, string, string | number][] = [
      ['2026-06-01T10:00:00', '5m', '2026-06-01T09:55:00'],
      ['2026-06-01 00:00:00', '5m', '2026-05-31 23:55:00'],
      ['2026-06-01T10:00', '90s', '2026-06-01T09:58'],
      ['2026-06-01T10:00:00.5', '200ms', '2026-06-01T10:00:00.3'],
      ['2026-06-01T10:00:00.000', '5m', '2026-06-01T09:55:00.000'],
      ['2026-06-01T10:00:00,123456', '1s', '2026-06-01T09:59:59,123456'],
      ['2026-03-08T02:30:00', '1h', '2026-03-08T01:30:00'],
      ['2026-06-01T10:00:00Z', '5m', '2026-06-01T09:55:00.000Z'],
      ['2026-06-01T10:00:00+02:00', '5m', '2026-06-01T07:55:00.000Z'],
      ['2026-06-01', '5m', '2026-05-31T23:55:00.000Z'],
      [1780308000, '5m', 1780307700],
    ];
    for (const [mark, overlap, expected] of asked)
      it(`${mark} is asked from ${expected} for ${overlap}, wherever the hub runs`, () => {
        assert.equal(askedMark({ field: 'at', overlap }, mark), expected);
      });

    it('are compared without regard to the hours that the clocks of a place leave out', () => {
      assert.ok(compareMarks('2026-03-08T02:30:00', '2026-03-08T03:00:00') < 0);
    });

    it('must be times', () => {
      assert.throws(() => askedMark({ field: 'at', overlap: '5m' }, 'a'), withCode('RESPONSE_UNREADABLE'));
    });
  });
});
