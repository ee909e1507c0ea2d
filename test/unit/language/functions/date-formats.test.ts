import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NAMED_FORMATS, OWN_FUNCTIONS_BY_NAME } from '../../../../core/language/functions/index.ts';
import { propertyRuns } from '../../../support/properties.ts';

function call(name: string, ...args: unknown[]): unknown {
  return OWN_FUNCTIONS_BY_NAME.get(name)?.call(args, { now: () => 0 });
}

const parse = (...args: unknown[]): unknown => call('parseDate', ...args);
const format = (...args: unknown[]): unknown => call('formatDate', ...args);

const days = fc
  .integer({ min: -25_000, max: 80_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));

describe('Date formats', () => {
  it('lead a day to text and back', () => {
    const dates = NAMED_FORMATS.filter(({ format: { shows } }) => shows === 'date').map(({ name }) => name);
    fc.assert(
      fc.property(
        days,
        fc.constantFrom(...dates, 'd/M/yyyy', 'EEEE, MMMM d, yyyy', "yyyy'Q'Q-MM-dd"),
        (day, name) => {
          // Six digits do not say the century, and Excel begins in 1900.
          fc.pre(name !== 'x12-date' || (day >= '1969' && day < '2069'));
          fc.pre(name !== 'excel-serial' || day >= '1900-03-01');
          assert.equal(parse(format(day, name), name), day);
        },
      ),
      { numRuns: propertyRuns(500) },
    );
  });

  it('write weeks and days of the year as ISO 8601 counts them', () => {
    for (const [day, week, ordinal] of [
      ['2026-01-01', '2026-W01-4', '2026-001'],
      ['2024-12-30', '2025-W01-1', '2024-365'],
      ['2021-01-03', '2020-W53-7', '2021-003'],
      ['2028-12-31', '2028-W52-7', '2028-366'],
    ]) {
      assert.equal(format(day, 'iso-week'), week);
      assert.equal(format(day, 'iso-ordinal'), ordinal);
      assert.equal(parse(week, 'iso-week'), day);
    }
    assert.throws(() => parse('2026-W54-1', 'iso-week'), { code: 'X2002' });
    assert.throws(() => parse('2025-W53-1', 'iso-week'), { code: 'X2002' });
    assert.throws(() => parse('2026-366', 'iso-ordinal'), { code: 'X2002' });
  });

  it('read nothing but what they say', () => {
    for (const [text, name] of [
      ['1.3.2026', 'eu-date'],
      ['01.03.26', 'eu-date'],
      ['01.03.2026 ', 'eu-date'],
      [' 01.03.2026', 'eu-date'],
      ['03/01/2026', 'eu-date'],
      ['2026-03-01', 'iso-datetime'],
      ['0x10', 'unix-seconds'],
      ['', 'unix-millis'],
      ['/Date()/', 'odata-v2'],
      ['1 Marz 2026', 'd MMM yyyy'],
      ['Sun, 01 Mar 2026 17:45:10', 'rfc-2822'],
      ['Sunday, 01-Mar-26 17:45:10 GMT', 'rfc-9110'],
    ])
      assert.throws(() => parse(text, name), { code: 'X2001' }, text);
    for (const [text, name] of [
      ['31.02.2026', 'eu-date'],
      ['13/01/2026', 'us-date'],
      ['20260230', 'sap-date'],
      ['2026-03-01 25:00:00', 'sql-datetime'],
      ['Mon, 01 Mar 2026 17:45:10 +0000', 'rfc-2822'],
      ['2026-03-01 17:45 AM', 'yyyy-MM-dd HH:mm a'],
      [60, 'excel-serial'],
      [0, 'excel-serial'],
    ])
      assert.throws(() => parse(text, name, 'UTC'), { code: 'X2002' }, String(text));
  });

  it('read what is written in several ways', () => {
    for (const [text, name, result] of [
      ['1 Mar 2026 17:45 GMT', 'rfc-2822', '2026-03-01T17:45:00.000Z'],
      ['01-MAR-2026', 'dd-MMM-yyyy', '2026-03-01'],
      ['12:05 am, 1 march 2026', 'hh:mm a, d MMMM yyyy', '2026-03-01T00:05:00.000Z'],
      ['12:05 PM, 1 March 2026', 'hh:mm a, d MMMM yyyy', '2026-03-01T12:05:00.000Z'],
      ['20260301T1845+01', "yyyyMMdd'T'HHmmX", '2026-03-01T17:45:00.000Z'],
      ['260301', 'x12-date', '2026-03-01'],
      ['690301', 'yyMMdd', '1969-03-01'],
      ['1772387110.25', 'unix-seconds', '2026-03-01T17:45:10.250Z'],
      ['        ', 'sap-date', undefined],
      ['/Date(1772387110250+0060)/', 'odata-v2', '2026-03-01T17:45:10.250Z'],
      [46_082.5, 'excel-serial', '2026-03-01T12:00:00.000Z'],
      [46_082, 'excel-serial', '2026-03-01'],
    ] as const) {
      const zone = typeof result === 'string' && result.length === 10 ? [] : ['UTC'];
      assert.equal(parse(text, name, ...zone), result);
    }
  });

  it('tell a pattern from a name, and what is wrong with either', () => {
    for (const bad of [
      'iso',
      'dd.mm.yyyyy',
      'jjjj',
      "dd.MM.yyyy'",
      '',
      'Y',
      'D'.repeat(200),
      'eu-dat',
      'MM-ww-dd-T',
    ])
      assert.throws(() => format('2026-03-01', bad), { code: 'X2004' }, bad);
    // Enough to write, not enough to read.
    assert.equal(format('2026-08-20', 'MM/yyyy'), '08/2026');
    assert.throws(() => parse('08/2026', 'MM/yyyy'), { code: 'X2004' });
    assert.equal(format('2026-03-01T01:05:00', "h 'o''clock'"), "1 o'clock");
    for (const [text, pattern] of [
      ['1, 01.03.2026', 'h, dd.MM.yyyy'],
      ['10, 01.03.2026', 'ss, dd.MM.yyyy'],
      ['500, 01.03.2026', 'SSS, dd.MM.yyyy'],
      ['PM, 01.03.2026', 'a, dd.MM.yyyy'],
    ])
      assert.throws(() => parse(text, pattern), { code: 'X2004' }, text);
  });

  it('need a time zone where a text alone is no point in time', () => {
    assert.throws(() => parse('2026-03-01 10:00:00', 'sql-datetime'), { code: 'X2008' });
    assert.throws(() => parse('2026-03-01T10:00:00', 'iso-datetime'), { code: 'X2008' });
    assert.throws(() => format('2026-03-01T10:00:00', 'unix-seconds'), { code: 'X2008' });
    assert.equal(format('2026-03-01T10:00:00', 'sql-datetime'), '2026-03-01 10:00:00');
    assert.equal(format('2026-03-01', 'sql-datetime'), '2026-03-01 00:00:00');
    assert.equal(format('2026-03-01', 'iso-datetime', 'Europe/Berlin'), '2026-03-01T00:00:00.000+01:00');
    assert.equal(parse('2026-03-01', 'iso-date', 'Europe/Berlin'), '2026-02-28T23:00:00.000Z');
  });

  it('are quick with texts that are meant to be slow', () => {
    const hostile = '9'.repeat(50_000);
    for (const { name } of NAMED_FORMATS)
      assert.throws(
        () => parse(hostile, name, 'UTC'),
        (error: { message: string }) => error.message.length < 300,
      );
    // What is compared with all that is known is short.
    const long = 'ab-'.repeat(1_000_000) + 'c';
    assert.throws(() => parse('2026-03-01', long), { code: 'X2004' });
    assert.throws(() => parse('2026-03-01', 'iso-date', long), { code: 'X2003' });
    assert.throws(() => call('addDuration', '2026-03-01', long), { code: 'X2005' });
    assert.throws(() => call('startOf', '2026-03-01', long), { code: 'X2009' });
    assert.throws(() => call('currencyPlaces', long), { code: 'X1007' });
  });
});
