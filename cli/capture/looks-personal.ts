const NAMES =
  /e[-_]?mail|phone|mobile|^tel$|telefon|telephone|^fax|iban|^bic$|swift|card[-_]?(?:number|no)|^cv[vc]2?$|^ssn$|social[-_]?security|passport|tax[-_]?(?:id|no|number)|vat[-_]?(?:id|no|number)|(?:first|last|full|sur|given|family|maiden|middle|user|nick)[-_]?name|birth|^dob$|gender|street|address[-_]?line|password|secret|token/i;
const PEOPLE =
  /customer|person|contact|user|buyer|seller|recipient|patient|employee|owner|holder|member|guest|shipping|billing|address/i;

const VALUES: readonly (readonly [kind: string, test: (text: string) => boolean])[] = [
  ['a mail address', (text) => /[^\s@<>"]+@[^\s@<>"]+\.[a-z]{2,}/i.test(text)],
  ['an IBAN', isIban],
  ['a card number', isCard],
  ['a phone number', (text) => /^(?:\+|00)\d[\d ()/.-]{6,}$/.test(text)],
];

/** Why a value looks like a person's data, though nobody marked it: by its name or by itself. */
export function looksPersonal(path: readonly (string | number)[], value: unknown): string | undefined {
  const names = path.filter((part) => typeof part === 'string');
  const name = names.at(-1) ?? '';
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '') return undefined;
  for (const [kind, test] of VALUES) if (test(text)) return `looks like ${kind}`;
  if (typeof value !== 'string') return undefined;
  if (NAMES.test(name)) return 'is named like personal data';
  if (
    /^(?:name|note|comment|remark)s?$/i.test(name) &&
    names.slice(0, -1).some((parent) => PEOPLE.test(parent))
  )
    return 'is named like personal data';
  return undefined;
}

/** ISO 13616: the first four signs behind the rest, letters as numbers, leave 1 when divided by 97. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact)) return false;
  const digits = [...compact.slice(4), ...compact.slice(0, 4)].map((sign) => parseInt(sign, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

/** ISO/IEC 7812: 13 to 19 digits whose Luhn sum ends in 0. */
function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, sign, at) => {
    const doubled = Number(sign) * (at % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
