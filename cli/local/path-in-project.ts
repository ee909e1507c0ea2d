import { relative, resolve, sep } from 'node:path';
import type { Session } from '../session.ts';

/** What somebody names on the command line, by its path within the project, with slashes. */
export function pathInProject({ root, io }: Pick<Session, 'root' | 'io'>, word: string): string {
  return relative(root, resolve(io.cwd, word)).split(sep).join('/');
}
