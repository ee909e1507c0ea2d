import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../core/language/index.ts';
import type { Out } from '../output/out.ts';
import { excerpt } from '../output/excerpt.ts';
import { count, safeText } from '../output/text.ts';

/** What is printed of a mistake: all that one in a test file has. */
export type Told = Pick<Problem, 'file' | 'line' | 'column' | 'path' | 'message' | 'hint'> &
  Partial<Pick<Problem, 'code' | 'severity' | 'end'>>;

/** What is wrong with a project, each as `printEach` has it, then how much there is. */
export function printProblems(problems: readonly Told[], out: Out, root?: string): void {
  printEach(problems, out, root);
  out.print(summaryOf(problems, out));
}

/**
 * What is wrong, by file, in the form that editors and terminals make a link of (`file:line:column: path: message`). On a
 * terminal, with the line that is meant; `root` is where the files are.
 */
export function printEach(problems: readonly Told[], out: Out, root?: string): void {
  const { style } = out;
  const textOf = root !== undefined && Number.isFinite(out.width) ? reader(root) : undefined;
  for (const problem of problems) {
    const { file, line, column, path, message, hint, code, severity, end } = problem;
    const warning = severity === 'warning';
    const at = path === '' ? '' : `${style.name(safeText(path))}: `;
    const kind = warning ? `${style.warn('warning')}: ` : '';
    const text = textOf?.(file);
    const shown =
      text === undefined
        ? undefined
        : excerpt(text, { line, column, end, mild: warning }, style, out.width - 1);
    const help = hint === undefined || shown !== undefined ? '' : style.dim(`; ${safeText(hint)}`);
    const name = code === undefined ? '' : style.dim(` [${code}]`);
    out.print(`${style.bold(`${file}:${line}:${column}`)}: ${kind}${at}${safeText(message)}${help}${name}`);
    if (shown !== undefined) out.print(`${shown}${hint === undefined ? '' : ` ${safeText(hint)}`}\n`);
  }
  if (textOf === undefined) out.print();
}

function summaryOf(problems: readonly Told[], { style }: Out): string {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const mistakes = problems.length - warnings;
  const files = count(new Set(problems.map(({ file }) => file)).size, 'file');
  const counted = [
    ...(mistakes > 0 ? [count(mistakes, 'mistake')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join(' and ');
  return mistakes > 0 ? style.bad(`✗ ${counted} in ${files}.`) : style.warn(`! ${counted} in ${files}.`);
}

/** Reads the project's files, each once; of one that can not be read there is no excerpt. */
function reader(root: string): (file: string) => string | undefined {
  const read = new Map<string, string | undefined>();
  return (file) => {
    if (!read.has(file)) read.set(file, textIn(join(root, file)));
    return read.get(file);
  };
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
