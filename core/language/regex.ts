import { RE2JS } from 're2js';

/** A pattern that takes time linear in its input, whatever the input is. */
export interface LinearRegExp {
  test(text: string): boolean;
  /** Like `RegExp.exec` with `lastIndex = from`. */
  exec(text: string, from: number): RegExpExecArray | null;
}

/**
 * Compiles a JavaScript pattern with RE2, so that neither a mapping nor a schema can be made to run for minutes by a
 * crafted message. Lookahead, lookbehind and back references can not be had in linear time: SyntaxError.
 * Flags `i`, `m` and `s` mean what they mean in JavaScript, others are ignored.
 */
export function linearRegExp(pattern: string, flags = ''): LinearRegExp {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  const compiled = compile(asJavaScript(pattern, flags.includes('s')), bits);
  return {
    test: (text) => compiled.test(text),
    exec: (text, from) => {
      const matcher = compiled.matcher(text);
      if (from > text.length || !matcher.find(from)) return null;
      const groups: (string | undefined)[] = [];
      for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
      return Object.assign(groups, { index: matcher.start(), input: text }) as unknown as RegExpExecArray;
    },
  };
}

function compile(pattern: string, bits: number): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern), bits);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not valid';
    throw new SyntaxError(`the pattern can not be used: ${reason}`, { cause: error });
  }
}

/** What JavaScript takes for white space and for the end of a line; RE2 knows ASCII alone, and `\n` alone. */
const SPACES = '\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const LINE_ENDS = '\n\r\u2028\u2029';

/** Writes out `\s`, `\S` and `.`, so that they mean to RE2 what they mean to JavaScript. */
function asJavaScript(pattern: string, dotAll: boolean): string {
  let inClass = false;
  return pattern.replace(/\\[^]|[[\].]/g, (part) => {
    if (part === '[' || part === ']') inClass = part === '[';
    if (part === '\\s') return inClass ? SPACES : `[${SPACES}]`;
    if (part === '\\S' && !inClass) return `[^${SPACES}]`;
    return part === '.' && !inClass && !dotAll ? `[^${LINE_ENDS}]` : part;
  });
}
