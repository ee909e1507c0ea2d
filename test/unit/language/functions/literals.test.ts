import assert from 'node:assert/strict';
import { checkExpression } from '../../../../core/language/index.ts';

function mistakesOf(source: string): readonly string[] {
  const at = { file: 'mappings/a/b.yaml', line: 1, column: 1 };
  return checkExpression({ source, at }).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('What is written out for a function of our own', () => {
  for (const [source, mistake] of [
    [
      '$toZone(at, "Europe/Berln")',
      '1:13 $toZone: unknown time zone "Europe/Berln": did you mean "Europe/Berlin"?',
    ],
    ['at ~> $toZone("Mars")', '1:15 $toZone: unknown time zone "Mars"'],
    ['at.$toZone("Mars")', '1:12 $toZone: unknown time zone "Mars"'],
    ['$parseDate(day, "eu-dat")', '1:17 $parseDate: unknown date format "eu-dat": did you mean "eu-date"?'],
    ['$formatDate(at, "date")', '1:17 $formatDate: unknown date format "date": did you mean "iso-date"?'],
    [
      '$formatDate(at, "isoDate")',
      '1:17 $formatDate: unknown date format "isoDate": did you mean "iso-date"?',
    ],
    ['$map(days, $parseDate(?, "jj"))', '1:26 $parseDate: the date pattern "jj" has "jj", which is no field'],
    ['$decimal("1,5") + 1', '1:10 $decimal: "1,5" is not a decimal number like "1234.50"'],
    ['$minorUnits(total, "EURO")', '1:20 $minorUnits: "EURO" is not a currency code of ISO 4217'],
    ['$fixed(total, 2.5)', '1:15 $fixed: 2.5 is not a number of places from 0 to 100'],
    ['$startOf(at,\n  "months")', '2:3 $startOf: "months" is not a unit of time: year, quarter, month'],
    ['$addDuration(at, "1 day")', '1:18 $addDuration: "1 day" is not an ISO 8601 duration'],
  ] as const) {
    it(`is found wrong in ${source}`, () => {
      const [first, ...more] = mistakesOf(source);
      assert.ok(first?.startsWith(mistake), first);
      assert.deepEqual(more, []);
    });
  }

  for (const source of [
    '$toZone(at, "Europe/Berlin")',
    'at.$toZone("UTC")',
    '$toZone(at, zone)',
    '"2026-03-01" ~> $formatDate("dd.MM.yyyy")',
    '$parseDate(?, "sap-date")(day)',
    '($toZone := function($a, $b) { $a }; $toZone(at, "Mars"))',
    '$roundTo(x, -2, "half-up")',
    '$decimal(-1.5)',
    '$allocate(x, 3, 2)',
  ]) {
    it(`is right in ${source}`, () => {
      assert.deepEqual(mistakesOf(source), []);
    });
  }
});
