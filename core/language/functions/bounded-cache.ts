/**
 * Remembers what was made of a text: patterns, zones and durations come from mappings, but may come from messages too,
 * so that only so many are kept. When it is full it begins anew.
 */
export function bounded<T>(make: (text: string) => T, size = 200): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    const value = make(text);
    if (made.size >= size) made.clear();
    made.set(text, value);
    return value;
  };
}
