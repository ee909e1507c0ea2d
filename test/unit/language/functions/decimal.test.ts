import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Decimal, ROUNDING_MODES, type RoundingMode } from '../../../../core/language/functions/index.ts';

/** An exact fraction with a positive denominator: what decimals are held against. */
interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 20 }))
  .map(([digits, places]) => ({
    decimal: Decimal.ofUnits(digits, places),
    ratio: { n: digits, d: 10n ** BigInt(places) },
  }));

function decimal(text: string): Decimal {
  return Decimal.ofText(text);
}

function ratioOf(value: Decimal): Ratio {
  const [whole = '', fraction = ''] = value.toString().split('.');
  return { n: BigInt(whole + fraction), d: 10n ** BigInt(fraction.length) };
}

function assertSame(value: Decimal, { n, d }: Ratio): void {
  const own = ratioOf(value);
  assert.equal(own.n * d, n * own.d);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A fraction as an integer, by a rounding mode. */
function round({ n, d }: Ratio, mode: RoundingMode): bigint {
  const floor = n / d - (n % d < 0n ? 1n : 0n);
  if (floor * d === n) return floor;
  const tie = 2n * (n - floor * d) - d;
  const nearest = tie > 0n ? floor + 1n : tie < 0n ? floor : undefined;
  const negative = n < 0n;
  switch (mode) {
    case 'floor':
      return floor;
    case 'ceiling':
      return floor + 1n;
    case 'down':
      return negative ? floor + 1n : floor;
    case 'up':
      return negative ? floor : floor + 1n;
    case 'half-up':
      return nearest ?? (negative ? floor : floor + 1n);
    case 'half-down':
      return nearest ?? (negative ? floor + 1n : floor);
    case 'half-even':
      return nearest ?? (floor % 2n === 0n ? floor : floor + 1n);
  }
}

/** A quotient with 34 significant digits. */
function quotient(a: Ratio, b: Ratio): Ratio {
  const sign = b.n < 0n ? -1n : 1n;
  const exact = { n: a.n * b.d * sign, d: a.d * b.n * sign };
  for (let places = 100; ; places--) {
    const scale = 10n ** BigInt(Math.abs(places));
    const scaled = places < 0 ? { n: exact.n, d: exact.d * scale } : { n: exact.n * scale, d: exact.d };
    if (abs(scaled.n / scaled.d) >= 10n ** 34n) continue;
    const digits = round(scaled, 'half-even');
    return places < 0 ? { n: digits * scale, d: 1n } : { n: digits, d: scale };
  }
}

describe('Decimal', () => {
  it('adds, subtracts, multiplies and takes remainders exactly', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [{ n, d }, { n: m, d: e }] = [a.ratio, b.ratio];
        assertSame(a.decimal.plus(b.decimal), { n: n * e + m * d, d: d * e });
        assertSame(a.decimal.minus(b.decimal), { n: n * e - m * d, d: d * e });
        assertSame(a.decimal.times(b.decimal), { n: n * m, d: d * e });
        if (m !== 0n) assertSame(a.decimal.modulo(b.decimal), { n: (n * e) % (m * d), d: d * e });
        assert.equal(Math.sign(a.decimal.compare(b.decimal)), Number(n * e > m * d) - Number(n * e < m * d));
      }),
    );
  });

  it('divides to 34 significant digits, half to even', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        if (b.ratio.n !== 0n) assertSame(a.decimal.dividedBy(b.decimal), quotient(a.ratio, b.ratio));
      }),
    );
    const tie = `${'1'.repeat(34)}5`;
    assert.equal(decimal(tie).dividedBy(decimal('10')).toString(), `${'1'.repeat(33)}2`);
    assert.equal(decimal('1').dividedBy(decimal('3')).toString(), `0.${'3'.repeat(34)}`);
    assert.equal(decimal('10').dividedBy(decimal('-4')).toString(), '-2.5');
    assert.throws(() => decimal('1').dividedBy(decimal('0')), { code: 'X1002' });
    assert.throws(() => decimal('1').modulo(decimal('0.0')), { code: 'X1002' });
  });

  it('rounds by each mode as exact fractions do', () => {
    fc.assert(
      fc.property(
        decimals,
        fc.integer({ min: -5, max: 12 }),
        fc.constantFrom(...ROUNDING_MODES),
        ({ decimal: value, ratio }, places, mode) => {
          const scale = 10n ** BigInt(Math.abs(places));
          const expected =
            places < 0
              ? { n: round({ n: ratio.n, d: ratio.d * scale }, mode) * scale, d: 1n }
              : { n: round({ n: ratio.n * scale, d: ratio.d }, mode), d: scale };
          assertSame(value.rounded(places, mode), expected);
        },
      ),
    );
  });

  it('takes a number by its shortest text and gives it back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        assert.equal(Decimal.ofNumber(value).toExactNumber(), value + 0);
        assertSame(Decimal.ofNumber(value), ratioOf(decimal(String(value))));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }), (units, places) => {
        const value = units / 10 ** places;
        assert.equal(Decimal.ofNumber(value).toString(), decimal(String(value)).toString());
      }),
    );
    assert.throws(() => Decimal.ofNumber(NaN), { code: 'X1001' });
    assert.throws(() => Decimal.ofNumber(-Infinity), { code: 'X1001' });
  });

  it('is a JSON number only where that says the same', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
        fc.nat(20),
        (units, places) => {
          const value = Decimal.ofUnits(units, places);
          assert.equal(Decimal.ofNumber(value.toExactNumber()).toString(), value.toString());
        },
      ),
    );
    assert.equal(JSON.stringify({ a: decimal('46.70') }), '{"a":46.7}');
    assert.throws(() => decimal('12345678901234567.89').toExactNumber(), { code: 'X1004' });
    assert.throws(() => decimal(`1e400`).toExactNumber(), { code: 'X1004' });
    assert.equal(decimal('12345678901234567.89').toNumber(), 12345678901234567.89);
  });

  it('writes plain digits, and so many places as are asked for', () => {
    assert.equal(decimal('1e21').toString(), `1${'0'.repeat(21)}`);
    assert.equal(decimal('-1.50E-3').toString(), '-0.0015');
    assert.equal(decimal('-0.00').toString(), '0');
    assert.equal(decimal('100').toString(), '100');
    assert.equal(decimal('46.7').toFixed(2), '46.70');
    assert.equal(decimal('-0.004').toFixed(2), '0.00');
    assert.equal(decimal('2.345').toFixed(2, 'half-up'), '2.35');
    assert.equal(decimal('12').toFixed(0), '12');
  });

  it('takes nothing but decimal numbers', () => {
    for (const bad of ['', ' 1', '1,234.50', '+1', '.5', '5.', '0x10', '1_000', 'NaN', '1e', '٣']) {
      assert.throws(() => decimal(bad), { code: 'X1001' }, bad);
    }
  });

  it('grows to 1000 digits and no further', () => {
    for (const huge of [
      '1e1000',
      '1e999999999999',
      '1e-1001',
      '1e-99999999',
      '9'.repeat(1_001),
      '9'.repeat(99_999),
    ]) {
      assert.throws(() => decimal(huge), { code: 'X1003' }, huge.slice(0, 20));
    }
    assert.equal(decimal('0e999999').toString(), '0');
    let value = decimal('1.000000001');
    assert.throws(
      () => {
        for (let i = 0; i < 10; i++) value = value.times(value);
      },
      { code: 'X1003' },
    );
    assert.equal(decimal('9'.repeat(1_000)).toString().length, 1_000);
  });

  it('shows nothing of itself as a member', () => {
    assert.deepEqual(Reflect.ownKeys(decimal('1')), []);
  });
});
