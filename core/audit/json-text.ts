/**
 * JSON that Postgres takes as jsonb: without NUL characters, which it refuses in any text, and with lone surrogates
 * (which are no text) replaced by U+FFFD. Senders and targets decide what error texts hold, so this must not fail.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (!text.includes('\\u')) return text;
  // Escape by escape, so that an escaped backslash before "u0000" is left alone.
  return text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (escape) => {
    if (escape === '\\u0000') return '';
    return escape.startsWith('\\ud') ? '\\ufffd' : escape;
  });
}

/** The same for a text column. */
export function plainText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
