import { linearRegExp, type LinearRegExp } from './regex.ts';
import type { SchemaRegistry, Validator } from './schema.ts';
import type { Fitness } from './types/index.ts';

/** Tests of texts that are written out in a mapping, each made once. What can not be tested counts as fine. */
export function textTests(schemas: SchemaRegistry): Fitness {
  const formats = new Map<string, Validator | undefined>();
  const patterns = new Map<string, LinearRegExp | undefined>();
  return {
    hasFormat: (text, format) => {
      if (!formats.has(format))
        formats.set(
          format,
          attempt(() => schemas.compile({ type: 'string', format })),
        );
      return (formats.get(format)?.(text) ?? []).length === 0;
    },
    matches: (text, pattern) => {
      if (!patterns.has(pattern))
        patterns.set(
          pattern,
          attempt(() => linearRegExp(pattern)),
        );
      return patterns.get(pattern)?.test(text) ?? true;
    },
  };
}

/** A format that nobody knows, or a pattern that is none, is told of where it stands in its schema. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
