import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Decimal, OWN_FUNCTIONS_BY_NAME } from '../../../../core/language/functions/index.ts';

const ENV = { now: () => 0 };

function call(name: string, ...args: unknown[]): unknown {
  const own = OWN_FUNCTIONS_BY_NAME.get(name);
  assert.ok(own, name);
  return own.call(args, ENV);
}

describe('$allocate', () => {
  it('gives parts whose sum is the amount, each less than a unit off its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 }),
        (units, places, weights) => {
          fc.pre(weights.some((weight) => weight > 0));
          const total = Decimal.ofUnits(BigInt(units), places);
          const parts = call('allocate', total, weights, places) as readonly Decimal[];
          const sum = parts.reduce((a, b) => a.plus(b), Decimal.ofNumber(0));
          assert.equal(sum.toString(), total.toString());
          const whole = weights.reduce((a, b) => a + b, 0);
          for (const [i, part] of parts.entries()) {
            const share = (units * (weights[i] as number)) / whole;
            assert.ok(Math.abs(Number(part.units(places, 'down')) - share) < 1 + 1e-6);
          }
        },
      ),
    );
  });

  it('treats equal parts alike, the first first', () => {
    const texts = (parts: unknown): string => (parts as Decimal[]).map(String).join(' ');
    assert.equal(texts(call('allocate', 0.05, 3)), '0.02 0.02 0.01');
    assert.equal(texts(call('allocate', '-0.05', 3)), '-0.02 -0.02 -0.01');
    assert.equal(texts(call('allocate', 1, [0, '0.5', Decimal.ofText('0.25')])), '0 0.67 0.33');
    assert.equal(texts(call('allocate', 0, 2)), '0 0');
  });

  it('refuses what cannot be split', () => {
    for (const parts of [0, -1, 1.5, 10_001, [], [0, 0], [1, -1]]) {
      assert.throws(() => call('allocate', 1, parts), { code: 'X1006' }, JSON.stringify(parts));
    }
    assert.throws(() => call('allocate', 0.005, 2), { code: 'X1008' });
    assert.throws(() => call('allocate', 1, ['a']), { code: 'X1001' });
  });
});

describe('Currencies', () => {
  it('have the minor units of ISO 4217, where Intl has others', () => {
    for (const [currency, places] of [
      ['EUR', 2],
      ['usd', 2],
      ['JPY', 0],
      ['KRW', 0],
      ['KWD', 3],
      ['TND', 3],
      ['CLF', 4],
      ['UYW', 4],
      ['UYI', 0],
      ['HUF', 2],
      ['COP', 2],
      ['IDR', 2],
      ['PKR', 2],
      ['IQD', 3],
      ['ISK', 0],
      ['TWD', 2],
    ] as const) {
      // prettier-ignore
      assert.equal(call('currencyPlaces', currency), places, currency);
    }
    for (const currency of ['EURO', 'XAU', 'XDR', 'XXX', 'ABC', '', '€'])
      assert.throws(() => call('currencyPlaces', currency), { code: 'X1007' }, currency);
  });

  it('are counted in minor units and back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (units, currency) => {
        const amount = call('fromMinorUnits', units, currency);
        assert.equal(String(call('minorUnits', amount, currency)), String(units));
      }),
    );
    assert.throws(() => call('minorUnits', 1.5, 'JPY'), { code: 'X1008' });
  });
});

describe('$parseDecimal and $fixed', () => {
  it('read and write an amount with the marks of its writer', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.constantFrom([',', '.'], ['.', ','], [',', ' '], ['.', "'"], [',', '\u202f']),
        (units, [decimalMark, groupMark]) => {
          const amount = Decimal.ofUnits(units, 2);
          const text = call('fixed', amount, 2, decimalMark, groupMark);
          assert.equal(String(call('parseDecimal', text, decimalMark, groupMark)), amount.toString());
          const plain = call('fixed', amount, 2, decimalMark);
          assert.equal(String(call('parseDecimal', plain, decimalMark, groupMark)), amount.toString());
        },
      ),
    );
  });

  it('refuse what could be read in two ways', () => {
    for (const text of [
      '1.23,4',
      '1.2345,0',
      '.234,0',
      '1,2,3',
      '12,',
      ',5',
      '1 234',
      '1.234.',
      '',
      '--1',
      '1e5',
    ]) {
      assert.throws(() => call('parseDecimal', text, ',', '.'), { code: 'X1001' }, text);
    }
    assert.throws(() => call('parseDecimal', '1', '.', '.'), { code: 'X1001' });
    assert.throws(() => call('parseDecimal', '1', '5'), { code: 'X1001' });
    assert.throws(() => call('fixed', 1, -1), { code: 'X1005' });
    assert.throws(() => call('fixed', 1, 101), { code: 'X1005' });
    assert.throws(() => call('fixed', 1, 1.5), { code: 'X1005' });
  });

  it('leave out what is not there', () => {
    for (const name of [
      'decimal',
      'parseDecimal',
      'fixed',
      'roundTo',
      'minorUnits',
      'fromMinorUnits',
      'allocate',
    ])
      assert.equal(call(name, undefined, 2), undefined, name);
  });
});
