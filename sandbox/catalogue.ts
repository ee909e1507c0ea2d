import type { Random } from './random.ts';

/** A customer as the CRM keeps it. `updatedAt` and `version` move with every change. */
export interface Customer {
  readonly id: string;
  /** The customer's number in the ERP. */
  readonly erpCode: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly street: string;
  readonly zip: string;
  readonly city: string;
  readonly country: string;
  /** Prospects are not in the ERP (yet): an order of one is refused there. */
  readonly status: 'active' | 'prospect';
  readonly updatedAt: string;
  readonly version: number;
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
}

const FIRST_NAMES = ['Ada', 'Bela', 'Chiara', 'Dmitri', 'Elif', 'Femke', 'Goran', 'Hanna', 'Ines', 'Jonas'];
const LAST_NAMES = ['Keller', 'Lindqvist', 'Marino', 'Novak', 'Okafor', 'Petit', 'Quist', 'Rossi', 'Sato'];
const CITIES = [
  { zip: '20095', city: 'Hamburg', country: 'DE' },
  { zip: '1012', city: 'Amsterdam', country: 'NL' },
  { zip: '69002', city: 'Lyon', country: 'FR' },
  { zip: '6020', city: 'Innsbruck', country: 'AT' },
  { zip: '20121', city: 'Milano', country: 'IT' },
] as const;
const STREETS = ['Harbour Street', 'Mill Lane', 'Station Road', 'Market Square', 'Garden Way'];

export const PRODUCTS: readonly Product[] = [
  { sku: 'TEA-GREEN-100', name: 'Green tea, 100 g', unitPrice: 7.9 },
  { sku: 'TEA-BLACK-250', name: 'Black tea, 250 g', unitPrice: 12.5 },
  { sku: 'TEA-HERB-80', name: 'Herbal tea, 80 g', unitPrice: 6.4 },
  { sku: 'POT-GLASS-1L', name: 'Glass teapot, 1 l', unitPrice: 34.95 },
  { sku: 'CUP-STONE-2', name: 'Stoneware cups, pair', unitPrice: 22 },
  { sku: 'FILTER-100', name: 'Paper filters, 100 pieces', unitPrice: 3.99 },
  { sku: 'HONEY-500', name: 'Forest honey, 500 g', unitPrice: 9.8 },
  { sku: 'GIFT-BOX-M', name: 'Gift box, medium', unitPrice: 4.5 },
];

/** A customer that nobody has heard of before. `number` makes id, ERP code and mail address. */
export function makeCustomer(number: number, random: Random, at: string): Customer {
  const firstName = random.pick(FIRST_NAMES);
  const lastName = random.pick(LAST_NAMES);
  return {
    id: `C-${number}`,
    erpCode: `K-${number}`,
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${number}@example.com`.toLowerCase(),
    street: makeStreet(random),
    ...random.pick(CITIES),
    status: 'active',
    updatedAt: at,
    version: 1,
  };
}

export function makeStreet(random: Random): string {
  return `${random.pick(STREETS)} ${random.between(1, 120)}`;
}

/** The customers that CRM and ERP both know from the beginning, and last a prospect that only the CRM knows. */
export function firstCustomers(random: Random): Customer[] {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 8, 0, second)).toISOString();
  const known = Array.from({ length: 12 }, (_, index) => makeCustomer(1001 + index, random, at(index)));
  return [...known, { ...makeCustomer(1999, random, at(12)), status: 'prospect' }];
}
