import { expressionsOf } from '../../core/language/index.ts';
import type { Mapping } from '../../core/model/mapping.ts';

/** Headers that prove who somebody is: they belong into no file. */
const CREDENTIAL =
  /authorization|authenticat|signature|cookie|token|secret|session|api-?key|hmac|digest|password|csrf/i;

/** What of a message, beside its body, a mapping can see: only that is worth a place in a case. */
export function visibleFacts(
  mapping: Mapping,
  { headers, time }: { readonly headers: Readonly<Record<string, string>>; readonly time: string },
): { readonly headers: Readonly<Record<string, string>>; readonly time?: string } {
  const sources = expressionsOf(mapping).map(({ text }) => text.source);
  const sees = (member: string): boolean => sources.some((source) => seesMember(source, member));
  const shown = Object.entries(headers).filter(
    ([name]) =>
      !CREDENTIAL.test(name) && (sources.some((source) => source.includes(name)) || seesAll(sources)),
  );
  return {
    headers: sees('headers') ? Object.fromEntries(shown) : {},
    ...(sees('time') ? { time } : {}),
  };
}

/** `$message.time`, or `$message` as a whole. */
function seesMember(source: string, member: string): boolean {
  return new RegExp(`\\$message\\s*(?:\\.\\s*(?:\`?${member}\\b|[^\\w\`\\s])|(?!\\s*\\.))`).test(source);
}

/** Headers that are looked up by a name that only a message knows. */
function seesAll(sources: readonly string[]): boolean {
  return sources.some((source) =>
    /\$message\s*(?!\s*\.)|\$message\s*\.\s*headers\s*(?!\s*\.\s*[`\w])/.test(source),
  );
}
