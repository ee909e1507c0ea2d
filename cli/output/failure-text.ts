import { ERRORS } from '../../core/model/errors.ts';
import type { CrossdockError, Fate } from '../../core/model/errors.ts';
import { excerpt } from './excerpt.ts';
import type { Style } from './style.ts';
import { indent, safeText, wrap } from './text.ts';

interface Manner {
  readonly style: Style;
  readonly width: number;
  /** The text of a project file, to show the line that failed. */
  readonly sourceOf: (file: string) => string | undefined;
  /** Say what a hub does with a delivery that fails so. */
  readonly consequence?: boolean;
}

/** What a hub does with a delivery that fails so. */
const CONSEQUENCE: Readonly<Record<Fate, string>> = {
  permanent: 'dead at once',
  transient: 'tried again',
  throttled: 'tried again later',
  outage: 'waits until the system is back',
  in_doubt: 'in doubt',
  none: 'dead at once',
};

/** An error of a delivery for a person: what, what follows, where in the project's files, and what can be done. */
export function failureText(error: CrossdockError, manner: Manner): string {
  const { style, width, sourceOf, consequence = false } = manner;
  const { code, fate } = error;
  const follows = consequence ? ` ${style.dim(`(${CONSEQUENCE[fate]})`)}` : '';
  const lines = [style.bad(`✗ ${code}`) + follows];
  const faults = faultsOf(error.details['faults']);
  const message = faults.length === 0 ? error.message : (error.message.split(': ')[0] as string);
  lines.push(indent(wrap(safeText(message), width - 4), 2));
  for (const { path, message: fault } of faults)
    lines.push(`  ${style.name(safeText(path === '' ? '/' : path))} ${safeText(fault)}`);
  const { file, line, column } = error.details;
  if (typeof file === 'string' && typeof line === 'number' && typeof column === 'number') {
    lines.push(`  ${style.dim(`${file}:${line}:${column}`)}`);
    const shown = excerpt(sourceOf(file) ?? '', { line, column }, style, width - 6);
    if (sourceOf(file) !== undefined && shown !== undefined) lines.push(indent(shown, 4));
  }
  lines.push(indent(style.dim(wrap(ERRORS[code].help, width - 4)), 2));
  return lines.join('\n');
}

function faultsOf(faults: unknown): readonly { readonly path: string; readonly message: string }[] {
  return Array.isArray(faults) ? (faults as readonly { path: string; message: string }[]) : [];
}
