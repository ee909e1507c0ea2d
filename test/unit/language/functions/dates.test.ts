import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { OWN_FUNCTIONS_BY_NAME } from '../../../../core/language/functions/index.ts';
import { propertyRuns } from '../../../support/properties.ts';

const NOW = Date.UTC(2026, 2, 1, 23, 30);

function call(name: string, ...args: unknown[]): unknown {
  const own = OWN_FUNCTIONS_BY_NAME.get(name);
  assert.ok(own, name);
  return own.call(args, { now: () => NOW });
}

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Sao_Paulo', // had clocks put forward at midnight
  'America/Havana', // puts clocks back at midnight
  'Australia/Lord_Howe', // by half an hour
  'Asia/Kathmandu', // +05:45
  'Africa/Casablanca', // puts clocks back for Ramadan
  'Pacific/Apia', // left out a day in 2011
  'America/St_Johns',
  'Asia/Tokyo',
] as const;

const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2037, 0, 1) });
const ancient = fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(9998, 0, 1) });

const oracles = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a zone show, to the second, as Node's own Intl has it. */
function onTheWall(ms: number, timeZone: string): string {
  let oracle = oracles.get(timeZone);
  if (oracle === undefined) {
    oracle = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    oracles.set(timeZone, oracle);
  }
  return oracle.format(ms);
}

describe('Time zones', () => {
  it('show what Intl shows', () => {
    for (const times of [instants, ancient]) {
      fc.assert(
        fc.property(times, zones, (ms, zone) => {
          const iso = new Date(ms).toISOString();
          assert.equal(call('formatDate', iso, 'sql-datetime', zone), onTheWall(ms, zone));
        }),
        { numRuns: propertyRuns(300) },
      );
    }
  });

  it('lead back to the same point in time from a text with an offset', () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const there = call('toZone', ms, zone);
        assert.equal(call('toZone', there, 'UTC'), new Date(ms).toISOString());
        for (const format of [
          'iso-datetime',
          "yyyy-DDD'T'HH:mm:ss.SSSxxx",
          'EEEE d MMMM yyyy hh:mm:ss.SSS a XX',
        ])
          assert.equal(
            call('parseDate', call('formatDate', ms, format, zone), format),
            new Date(ms).toISOString(),
          );
      }),
    );
  });

  it('lead from clocks to the point in time that Temporal finds', () => {
    fc.assert(
      fc.property(instants, zones, (ms, zone) => {
        const clocks = new Date(ms).toISOString().slice(0, -1);
        const expected = Temporal.PlainDateTime.from(clocks).toZonedDateTime(zone);
        assert.equal(
          call('parseDate', clocks, "yyyy-MM-dd'T'HH:mm:ss.SSS", zone),
          new Date(expected.epochMilliseconds).toISOString(),
        );
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  for (const [zone, clocks, utc] of [
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
    ['Europe/Berlin', '2026-03-29T02:00:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T02:59:59', '2026-03-29T01:59:59.000Z'],
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04T00:30:00', '2018-11-04T03:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00.000Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00.000Z'],
    ['Asia/Tokyo', '2026-03-29T02:30:00', '2026-03-28T17:30:00.000Z'],
  ] as const) {
    it(`take ${clocks} in ${zone} for ${utc}`, () => {
      assert.equal(call('toZone', call('toZone', clocks, zone), 'UTC'), utc);
      assert.equal(call('parseDate', clocks, 'iso-datetime', zone), utc);
    });
  }

  it('are known by name and nothing else', () => {
    for (const zone of ['Mars/Base', '', 'Europe/Berlin/x', '../etc/passwd', 'GMT+25'])
      assert.throws(() => call('today', zone), { code: 'X2003' }, zone);
    assert.equal(call('toZone', '2026-03-01T00:00:00Z', '+05:30'), '2026-03-01T05:30:00.000+05:30');
  });
});

describe('$today', () => {
  it('is the day of the evaluation there', () => {
    assert.equal(call('today'), '2026-03-01');
    assert.equal(call('today', 'Europe/Berlin'), '2026-03-02');
    assert.equal(call('today', 'America/New_York'), '2026-03-01');
  });
});

describe('$startOf and $endOf', () => {
  it('begin where Temporal begins, and end a millisecond before the next', () => {
    fc.assert(
      fc.property(instants, zones, fc.constantFrom('year', 'month', 'week', 'day'), (ms, zone, unit) => {
        const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        const day = at.toPlainDate();
        const first = {
          year: day.with({ month: 1, day: 1 }),
          month: day.with({ day: 1 }),
          week: day.subtract({ days: day.dayOfWeek - 1 }),
          day,
        }[unit];
        const utc = (date: Temporal.PlainDate): string =>
          new Date(date.toZonedDateTime({ timeZone: zone }).epochMilliseconds).toISOString();
        assert.equal(call('startOf', ms, unit, zone), utc(first));
        const next = Date.parse(utc(first.add({ [`${unit}s`]: 1 })));
        assert.equal(call('endOf', ms, unit, zone), new Date(next - 1).toISOString());
        assert.equal(call('startOf', day.toString(), unit), first.toString());
        assert.equal(
          call('endOf', day.toString(), unit),
          first
            .add({ [`${unit}s`]: 1 })
            .subtract({ days: 1 })
            .toString(),
        );
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('know the two beginnings of an hour that clocks show twice', () => {
    assert.equal(
      call('startOf', '2026-10-25T00:30:00Z', 'hour', 'Europe/Berlin'),
      '2026-10-25T00:00:00.000Z',
    );
    assert.equal(
      call('startOf', '2026-10-25T01:30:00Z', 'hour', 'Europe/Berlin'),
      '2026-10-25T01:00:00.000Z',
    );
    assert.equal(
      call('startOf', '2026-03-01T10:50:00Z', 'hour', 'Asia/Kathmandu'),
      '2026-03-01T10:15:00.000Z',
    );
    assert.equal(call('endOf', '2026-03-01T10:50:00Z', 'minute'), '2026-03-01T10:50:59.999Z');
  });

  it('begin a day at its first moment', () => {
    assert.equal(
      call('startOf', '2018-11-04T12:00:00Z', 'day', 'America/Sao_Paulo'),
      '2018-11-04T03:00:00.000Z',
    );
    assert.equal(
      call('startOf', '2026-11-01T05:30:00Z', 'day', 'America/Havana'),
      '2026-11-01T04:00:00.000Z',
    );
  });

  it('end with the last year that there is', () => {
    for (const unit of ['year', 'quarter', 'month', 'day', 'hour', 'millisecond'])
      assert.equal(call('endOf', '9999-12-31T23:59:59.999Z', unit), '9999-12-31T23:59:59.999Z', unit);
    assert.throws(() => call('endOf', '9999-12-31T12:00:00Z', 'day', 'America/New_York'), { code: 'X2006' });
  });

  it('refuse hours of a date', () => {
    assert.throws(() => call('startOf', '2026-03-01', 'hour'), { code: 'X2009' });
    assert.throws(() => call('startOf', '2026-03-01T10:00:00', 'day'), { code: 'X2008' });
  });
});

describe('$addDuration and $dateDiff', () => {
  it('calculate with dates as Temporal does', () => {
    const days = fc
      .integer({ min: -100_000, max: 100_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, days, fc.integer({ min: -500, max: 500 }), (from, to, months) => {
        assert.equal(
          call('addDuration', from, `${months < 0 ? '-' : ''}P${Math.abs(months)}M`),
          Temporal.PlainDate.from(from).add({ months }).toString(),
        );
        const count = call('dateDiff', from, to, 'day') as number;
        assert.equal(call('addDuration', from, `${count < 0 ? '-' : ''}P${Math.abs(count)}D`), to);
        assert.equal(call('dateDiff', from, to, 'week'), Math.trunc(count / 7) + 0);
        assert.equal(
          call('dateDiff', from, to, 'month'),
          Temporal.PlainDate.from(from).until(to, { largestUnit: 'month' }).months,
        );
      }),
    );
  });

  it('count days by the clocks of the zone and hours by the time that passes', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 0, max: 800 }), (ms, zone, n) => {
        const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        assert.equal(
          call('addDuration', ms, `P${n}D`, zone),
          new Date(at.add({ days: n }).epochMilliseconds).toISOString(),
        );
        assert.equal(call('addDuration', ms, `PT${n}H`, zone), new Date(ms + n * 3_600_000).toISOString());
      }),
    );
  });

  it('keep a date a date unless hours are added', () => {
    assert.equal(call('addDuration', '2028-02-29', 'P1Y'), '2029-02-28');
    assert.equal(call('addDuration', '2026-03-29', 'PT3H', 'Europe/Berlin'), '2026-03-29T02:00:00.000Z');
    assert.throws(() => call('addDuration', '2026-03-29', 'PT3H'), { code: 'X2008' });
    assert.equal(call('dateDiff', '2026-03-29', '2026-03-30', 'hour', 'Europe/Berlin'), 23);
    assert.equal(call('dateDiff', '2026-01-15', '2026-12-20', 'quarter'), 3);
    assert.equal(call('dateDiff', '2026-03-01', '2026-03-01', 'year'), 0);
  });

  it('stay in the years 1 to 9999', () => {
    for (const [timestamp, duration] of [
      ['9999-12-31', 'P1D'],
      ['0001-01-01', '-P1D'],
      ['9999-12-31T23:00:00Z', 'PT2H'],
      ['2026-01-01', 'P4000000Y'],
      ['2026-01-01T00:00:00Z', 'P300000Y'],
    ])
      assert.throws(() => call('addDuration', timestamp, duration), { code: 'X2006' }, timestamp);
    assert.throws(() => call('formatDate', 8e15, 'iso-date'), { code: 'X2006' });
    assert.throws(() => call('formatDate', '0000-01-01', 'iso-date'), { code: 'X2006' });
    assert.equal(call('formatDate', '0099-01-01', 'eu-date'), '01.01.0099');
    assert.throws(() => call('formatDate', '9999-12-31T23:30:00Z', 'eu-date', 'Europe/Berlin'), {
      code: 'X2006',
    });
    for (const bad of ['', 'P', 'P1', '1M', 'P1.5M', 'PT', 'P1H', 'p1x', `P${'1'.repeat(80)}D`])
      assert.throws(() => call('addDuration', '2026-01-01', bad), { code: 'X2005' }, bad);
  });
});

describe('Timestamps', () => {
  it('are ISO 8601 or milliseconds, and nothing that has to be guessed', () => {
    for (const bad of [
      '',
      '2026',
      '2026-3-1',
      '1 Mar 2026',
      '2026-03-01 10:00',
      '2026-03-01T10',
      '20260301',
      'now',
      '2026-03-01T10:00:00+1',
      NaN,
    ])
      assert.throws(() => call('formatDate', bad, 'iso-date', 'UTC'), { code: 'X2007' }, String(bad));
    for (const bad of [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-03-01T24:00:00Z',
      '2026-03-01T10:60Z',
      '2026-03-01T10:00:60Z',
      '2026-03-01T10:00:00+24:00',
      '1900-02-29',
    ])
      assert.throws(() => call('formatDate', bad, 'iso-date', 'UTC'), { code: 'X2002' }, bad);
    for (const [text, utc] of [
      ['2026-03-01T10:00Z', '2026-03-01T10:00:00.000Z'],
      ['2026-03-01T10:00:00.123456789+0100', '2026-03-01T09:00:00.123Z'],
      ['2026-03-01T10:00:00,5-03', '2026-03-01T13:00:00.500Z'],
      [1_772_387_110_250.7, '2026-03-01T17:45:10.250Z'],
      [-1, '1969-12-31T23:59:59.999Z'],
    ])
      assert.equal(call('toZone', text, 'UTC'), utc);
  });
});
