import { connectors } from '../../connectors/index.ts';
import { loadProject } from '../../core/language/index.ts';
import type { Loaded, Project } from '../../core/language/index.ts';
import type { Session } from '../session.ts';
import { printProblems } from './print-problems.ts';

/** Reads and checks the session's project, with the secrets that the environment holds. */
export function readProject({ root, io }: Pick<Session, 'root' | 'io'>): Promise<Loaded> {
  return loadProject({ root, connectors, env: io.env });
}

/** The same for commands that can do nothing without a project: undefined when it has mistakes, and then they are printed. */
export async function requireProject(
  session: Pick<Session, 'root' | 'io' | 'out'>,
): Promise<Project | undefined> {
  const { project, problems } = await readProject(session);
  if (project !== undefined) return project;
  session.out.data({ ok: false, problems });
  printProblems(problems, session.out, session.root);
  return undefined;
}
