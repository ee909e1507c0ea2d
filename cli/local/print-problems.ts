import type { Problem } from '../../core/language/index.ts';
import type { Out } from '../output/out.ts';
import { count, safeText } from '../output/text.ts';

/** What is printed of a mistake: all that one in a test file has. */
export type Told = Pick<Problem, 'file' | 'line' | 'column' | 'path' | 'message' | 'hint'>;

/** The mistakes of a project, by file, in the form that editors and terminals make a link of, then how many there are. */
export function printProblems(problems: readonly Told[], out: Out): void {
  const { style } = out;
  for (const { file, line, column, path, message, hint } of problems) {
    const at = path === '' ? '' : `${style.name(safeText(path))}: `;
    const help = hint === undefined ? '' : style.dim(`; ${safeText(hint)}`);
    out.print(`${style.bold(`${file}:${line}:${column}`)}: ${at}${safeText(message)}${help}`);
  }
  const files = new Set(problems.map(({ file }) => file)).size;
  out.print(`\n${style.bad(`✗ ${count(problems.length, 'mistake')} in ${count(files, 'file')}.`)}`);
}
