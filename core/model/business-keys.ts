/**
 * Business keys as texts, `order=4711`: how they are stored, searched for and shown. A name has no `=`; a value may.
 */
export function keyTexts(keys: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(keys).map(([name, value]) => `${name}=${value}`);
}

/** The name and the value in such a text; a text without `=` is a name without a value. */
export function splitKey(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
