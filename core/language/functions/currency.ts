import { FunctionFault, shown } from './function-fault.ts';

/**
 * Currencies without two minor digits, by ISO 4217's list one. Intl knows the codes, but not these: CLDR, which it goes
 * by, leaves out minor units that nobody pays with any more (HUF, COP, IDR, PKR and others have 0 there), while
 * interfaces go on counting in them.
 */
const PLACES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([places, codes]) => codes.split(' ').map((code) => [code, Number(places)] as const)),
);

/** Units of account, metals and test codes: ISO 4217 says `N.A.`. */
const WITHOUT_UNITS: ReadonlySet<string> = new Set(
  'XAD XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '),
);

const KNOWN: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), ...PLACES.keys()]);

/** How many digits the minor unit of a currency has: 2 for EUR, 0 for JPY, 3 for KWD. Throws X1007. */
export function currencyPlaces(currency: string): number {
  const code = currency.toUpperCase();
  if (KNOWN.has(code) && !WITHOUT_UNITS.has(code)) return PLACES.get(code) ?? 2;
  const why = WITHOUT_UNITS.has(code) ? 'has no minor unit' : 'is not a currency code of ISO 4217';
  throw new FunctionFault('X1007', `${shown(currency)} ${why}`);
}
