/** Text as Postgres takes it, in `text` and in `jsonb`: without U+0000, and well-formed. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
