/** Words in the name of a member that tell that it is a person's, or a secret. */
const WORDS: ReadonlySet<string> = new Set(
  `email mail phone telephone mobile fax iban bic swift pan card cvv cvc pin ssn password passwd pwd passphrase secret token
   credential credentials authorization birthday birthdate birth dob firstname lastname surname fullname forename
   givenname familyname middlename maidenname street iban salary passport tin nino gender religion`.split(
    /\s+/,
  ),
);

/** Pairs of words that do so only together. */
const PAIRS: ReadonlySet<string> = new Set(
  `first-name last-name full-name given-name family-name middle-name maiden-name contact-name account-number account-holder
   api-key access-key private-key card-number tax-id tax-number vat-id national-id social-security date-of
   ip-address address-line`.split(/\s+/),
);

/** Whose `name` is that of a person. */
const PERSON =
  /(customer|contact|person|buyer|recipient|receiver|sender|user|employee|patient|holder|owner|guest|member|author|driver|address|billing|shipping)(\[\])?$/i;

/**
 * Whether a member sounds like data that must not be shown: it is marked `x-sensitive` and gets no example. `path` is
 * that of the object that has it.
 */
export function soundsSensitive(name: string, path = ''): boolean {
  if (name.toLowerCase() === 'name' && PERSON.test(path)) return true;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return (
    words.some((word) => WORDS.has(word)) ||
    words.some((word, i) => PAIRS.has(`${word}-${words[i + 1] ?? ''}`)) ||
    WORDS.has(words.join(''))
  );
}

/** Whether a text is of a kind that is sensitive whatever it is called: a mail address, an IBAN, a card number. */
export function looksSensitive(text: string): boolean {
  return /@[\w-]+\.\w/.test(text) || isIban(text) || isCardNumber(text);
}

/** ISO 13616: country, two check digits, remainder 1 by 97. */
function isIban(text: string): boolean {
  const iban = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/.test(iban)) return false;
  const digits = [...(iban.slice(4) + iban.slice(0, 4))].map((c) => Number.parseInt(c, 36)).join('');
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** ISO/IEC 7812: 13 to 19 digits with a Luhn check digit. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  if (!/^[3-6][0-9]{12,18}$/.test(digits)) return false;
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
