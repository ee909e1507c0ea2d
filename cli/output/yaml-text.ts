import { stringify } from 'yaml';
import { isRecord } from './diff.ts';
import { safeText } from './text.ts';

/**
 * A scalar as a test file would write it, in one line and safe for a terminal, whatever is in it. For the eye: files are
 * written by the yaml package.
 */
export function scalarText(value: unknown): string {
  if (value === undefined) return '(nothing)';
  if (typeof value === 'string') {
    if (/[\p{Cc}\u2028\u2029]/u.test(value)) return safeText(JSON.stringify(value));
    return safeText(stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd());
  }
  return JSON.stringify(value);
}

/** A member's name as a test file would write it. */
export function keyText(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off)$/i.test(name)
    ? name
    : scalarText(name);
}

/** A value in one line, in YAML's flow style: `{ Item: TEA, Qty: 2 }`. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(flowText).join(', ')}]`;
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, member]) => `${keyText(name)}: ${flowText(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return typeof value === 'string' ? flowString(value) : scalarText(value);
}

/** A value as lines of YAML's block style; what is short and flat takes one line. */
export function blockLines(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item) => {
      const [first = '', ...rest] = blockLines(item);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  if (!isRecord(value)) return [scalarText(value)];
  const members = Object.entries(value);
  if (members.length === 0) return ['{}'];
  return members.flatMap(([name, member]) => memberLines(name, member));
}

/** One member of an object: `name: value`, or the name and its value beneath it. */
export function memberLines(name: string, member: unknown): readonly string[] {
  const lines = blockLines(member);
  if (!isNested(member)) return [`${keyText(name)}: ${lines[0] ?? ''}`];
  return [`${keyText(name)}:`, ...lines.map((line) => `  ${line}`)];
}

/** Whether a value takes lines of its own in block style. */
export function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

/** Within brackets, more signs need quotes. */
function flowString(text: string): string {
  const plain = scalarText(text);
  if (!/[,[\]{}]/.test(plain) || /^['"]/.test(plain)) return plain;
  return `'${text.replaceAll("'", "''")}'`;
}
