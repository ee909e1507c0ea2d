import { allocate } from './allocate.ts';
import { currencyPlaces } from './currency.ts';
import { MAX_PLACES, mistakeOf, modeOf, optionalText, placesOf, weightsOf } from './arguments.ts';
import { Decimal, ROUNDING_MODES } from './decimal.ts';
import { FunctionFault } from './function-fault.ts';
import { decimalOf } from './decimal-of.ts';
import type { OwnFunction, OwnParameter } from './own-function.ts';
import { groupDigits, readAmount } from './amount-text.ts';

const AMOUNT: OwnParameter = {
  name: 'amount',
  takes: ['decimal', 'number', 'string'],
  description: 'A decimal, a number, or text as `$decimal` takes it.',
  mistake: (literal) => mistakeOf(() => decimalOf(literal)),
};
const CURRENCY: OwnParameter = {
  name: 'currency',
  takes: ['string'],
  description: 'A code of ISO 4217; lower case will do.',
  mistake: (literal) => mistakeOf(() => currencyPlaces(String(literal))),
};
const PLACES: OwnParameter = {
  name: 'places',
  takes: ['number'],
  description: 'Digits behind the point, 0 to 100.',
  mistake: (literal) => mistakeOf(() => placesOf(literal, 0)),
};

/** Functions for amounts: decimals, rounding, text, minor units, splitting. */
export const MONEY_FUNCTIONS: readonly OwnFunction[] = [
  {
    name: 'decimal',
    group: 'money',
    signature: '<(nso)-:x>',
    summary: 'Makes a decimal, which is calculated with exactly: no binary rounding.',
    parameters: [
      {
        ...AMOUNT,
        name: 'value',
        description:
          'A number (taken by its shortest text: 0.1 is exactly 0.1), text like "1234.50", or a decimal.',
      },
    ],
    returns: { types: ['decimal'], description: 'The decimal.' },
    examples: [
      { expression: '$decimal(0.1) + 0.2', result: 0.3, comment: '`0.1 + 0.2` is 0.30000000000000004' },
      { expression: '$decimal("1.005") * 100', result: 100.5 },
      {
        expression: '$sum(lines.($decimal(price) * quantity))',
        input: {
          lines: [
            { price: 0.1, quantity: 3 },
            { price: '2.35', quantity: 2 },
          ],
        },
        result: 5,
      },
      { expression: '$string($decimal("12345678901234567.89"))', result: '12345678901234567.89' },
      { expression: '$decimal("1,234.50")', fails: 'X1001' },
    ],
    errors: ['X1001', 'X1003'],
    engineOnly: true,
    call: ([value]) => (value === undefined ? undefined : decimalOf(value)),
  },
  {
    name: 'parseDecimal',
    group: 'money',
    signature: '<s-ss?:x>',
    summary: 'Reads an amount as people write it, with the marks that are told.',
    parameters: [
      { name: 'text', takes: ['string'], description: 'The amount. Spaces around it do not matter.' },
      { name: 'decimalMark', takes: ['string'], description: 'What stands before the fraction: "." or ",".' },
      {
        name: 'groupMark',
        takes: ['string'],
        optional: true,
        default: 'none: a grouped number is refused',
        description: 'What stands between groups of three digits: ",", ".", " ", "\'".',
      },
    ],
    returns: { types: ['decimal'], description: 'The decimal.' },
    examples: [
      { expression: '$parseDecimal("1.234,50", ",", ".")', result: 1234.5 },
      { expression: '$parseDecimal("-7,9", ",")', result: -7.9 },
      { expression: '$parseDecimal("1.234,50", ",")', fails: 'X1001' },
    ],
    errors: ['X1001', 'X1003'],
    engineOnly: true,
    call: ([text, decimalMark, groupMark]) =>
      text === undefined || decimalMark === undefined
        ? undefined
        : readAmount(text as string, decimalMark as string, optionalText(groupMark)),
  },
  {
    name: 'roundTo',
    group: 'money',
    signature: '<(nso)-ns?:x>',
    summary: 'Rounds an amount, by the rule that is told.',
    parameters: [
      AMOUNT,
      {
        ...PLACES,
        description: 'Digits behind the point; -2 rounds to hundreds.',
        mistake: (literal) => mistakeOf(() => placesOf(literal, -MAX_PLACES)),
      },
      {
        name: 'mode',
        takes: ['string'],
        optional: true,
        default: '"half-even", like `$round`',
        oneOf: ROUNDING_MODES,
        description: '"half-up" is commercial rounding; "up" is away from zero and "down" towards it.',
        mistake: (literal) => mistakeOf(() => modeOf(literal)),
      },
    ],
    returns: { types: ['decimal'], description: 'The rounded amount.' },
    examples: [
      { expression: '$roundTo(2.345, 2)', result: 2.34 },
      { expression: '$roundTo(2.345, 2, "half-up")', result: 2.35 },
      { expression: '$roundTo(-2.341, 2, "up")', result: -2.35 },
      { expression: '$roundTo(1250, -2, "half-up")', result: 1300 },
      { expression: '$roundTo(1, 2, "nearest")', fails: 'X1005' },
    ],
    errors: ['X1001', 'X1003', 'X1005'],
    engineOnly: true,
    call: ([amount, places, mode]) =>
      amount === undefined
        ? undefined
        : decimalOf(amount).rounded(placesOf(places, -MAX_PLACES), modeOf(mode)),
  },
  {
    name: 'fixed',
    group: 'money',
    signature: '<(nso)-ns?s?:s>',
    summary: 'Writes an amount with exactly so many places, rounding half to even.',
    parameters: [
      AMOUNT,
      PLACES,
      {
        name: 'decimalMark',
        takes: ['string'],
        optional: true,
        default: '"."',
        description: 'What stands before the fraction.',
      },
      {
        name: 'groupMark',
        takes: ['string'],
        optional: true,
        default: 'none',
        description: 'What stands between groups of three digits.',
      },
    ],
    returns: { types: ['string'], description: 'The text.' },
    examples: [
      { expression: '$fixed(46.7, 2)', result: '46.70' },
      { expression: '$fixed($decimal("1234567.5"), 2, ",", ".")', result: '1.234.567,50' },
      { expression: '$fixed(0.125, 2)', result: '0.12' },
    ],
    errors: ['X1001', 'X1003', 'X1005'],
    call: ([amount, places, decimalMark, groupMark]) => {
      if (amount === undefined) return undefined;
      const text = decimalOf(amount).toFixed(placesOf(places, 0));
      return decimalMark === undefined && groupMark === undefined
        ? text
        : groupDigits(text, optionalText(decimalMark) ?? '.', optionalText(groupMark) ?? '');
    },
  },
  {
    name: 'allocate',
    group: 'money',
    signature: '<(nso)-(na)n?:a>',
    summary: 'Splits an amount into rounded parts whose sum is exactly the amount.',
    parameters: [
      { ...AMOUNT, name: 'total' },
      {
        name: 'parts',
        takes: ['number', 'array'],
        description: 'How many equal parts (up to 10,000), or a list of weights, one for each part.',
      },
      { ...PLACES, optional: true, default: '2' },
    ],
    returns: {
      types: ['array'],
      items: 'decimal',
      description:
        'A decimal for each part. What rounding leaves goes to the parts that lost most, the first first.',
    },
    examples: [
      { expression: '$allocate(100, 3)', result: [33.34, 33.33, 33.33] },
      { expression: '$allocate("10.00", [50, 30, 20])', result: [5, 3, 2] },
      { expression: '$sum($allocate(0.05, [1, 1]))', result: 0.05 },
      { expression: '$allocate(-7, 2, 0)', result: [-4, -3] },
      { expression: '$allocate(1.005, 2)', fails: 'X1008' },
    ],
    errors: ['X1001', 'X1003', 'X1005', 'X1006', 'X1008'],
    engineOnly: true,
    call: ([total, parts, places]) =>
      total === undefined || parts === undefined
        ? undefined
        : allocate(decimalOf(total), weightsOf(parts), places === undefined ? 2 : placesOf(places, 0)),
  },
  {
    name: 'minorUnits',
    group: 'money',
    signature: '<(nso)-s:x>',
    summary: "Counts an amount in its currency's minor unit, by ISO 4217: euros in cents.",
    parameters: [AMOUNT, CURRENCY],
    returns: { types: ['decimal'], description: 'A whole number of minor units.' },
    examples: [
      { expression: '$minorUnits(46.7, "EUR")', result: 4670 },
      { expression: '$minorUnits(500, "JPY")', result: 500 },
      { expression: '$minorUnits(46.705, "EUR")', fails: 'X1008' },
      { expression: '$minorUnits(1, "EURO")', fails: 'X1007' },
    ],
    errors: ['X1001', 'X1003', 'X1007', 'X1008'],
    engineOnly: true,
    call: ([amount, currency]) => {
      if (amount === undefined || currency === undefined) return undefined;
      const exact = decimalOf(amount);
      const places = currencyPlaces(currency as string);
      if (exact.places() > places)
        throw new FunctionFault(
          'X1008',
          `${exact.toString()} has more places than ${currency as string} has: round it first`,
        );
      return Decimal.ofUnits(exact.units(places, 'down'), 0);
    },
  },
  {
    name: 'fromMinorUnits',
    group: 'money',
    signature: '<(nso)-s:x>',
    summary: "Makes an amount of a count of its currency's minor unit: cents to euros.",
    parameters: [{ ...AMOUNT, name: 'units', description: 'A whole number.' }, CURRENCY],
    returns: { types: ['decimal'], description: 'The amount.' },
    examples: [
      { expression: '$fromMinorUnits(4670, "EUR")', result: 46.7 },
      { expression: '$fromMinorUnits(4670, "kwd")', result: 4.67 },
      { expression: '$fixed($fromMinorUnits(4670, "EUR"), 2)', result: '46.70' },
      { expression: '$fromMinorUnits(46.7, "EUR")', fails: 'X1008' },
    ],
    errors: ['X1001', 'X1003', 'X1007', 'X1008'],
    engineOnly: true,
    call: ([units, currency]) => {
      if (units === undefined || currency === undefined) return undefined;
      const count = decimalOf(units);
      if (count.places() > 0)
        throw new FunctionFault('X1008', `${count.toString()} is not a whole number of minor units`);
      return Decimal.ofUnits(count.units(0, 'down'), currencyPlaces(currency as string));
    },
  },
  {
    name: 'currencyPlaces',
    group: 'money',
    signature: '<s-:n>',
    summary: "Says how many digits a currency's minor unit has, by ISO 4217.",
    parameters: [CURRENCY],
    returns: { types: ['number'], description: '0, 2, 3 or 4.' },
    examples: [
      { expression: '$currencyPlaces("EUR")', result: 2 },
      { expression: '$fixed(1234.5, $currencyPlaces("KWD"))', result: '1234.500' },
    ],
    errors: ['X1007'],
    call: ([currency]) => (currency === undefined ? undefined : currencyPlaces(currency as string)),
  },
];
