/**
 * The target of the link with this relation in a `Link` header (RFC 8288), as it stands there, or undefined. Knows
 * commas and semicolons inside `<>` and quotes, several relations in one link, and unquoted values.
 */
export function linkOf(header: string, relation: string): string | undefined {
  let rest = header;
  for (;;) {
    const target = /^[\s,]*<([^>]*)>/.exec(rest);
    if (target === null) return undefined;
    rest = rest.slice(target[0].length);
    let matches = false;
    for (;;) {
      const parameter = /^\s*;\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,]*)))?/.exec(rest);
      if (parameter === null) break;
      rest = rest.slice(parameter[0].length);
      if (parameter[1]?.toLowerCase() !== 'rel') continue;
      const relations = (parameter[2] ?? parameter[3] ?? '').toLowerCase().split(/\s+/);
      matches ||= relations.includes(relation);
    }
    if (matches) return target[1];
  }
}
