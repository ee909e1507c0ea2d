import { connectors } from '../../connectors/index.ts';
import { loadProject } from '../../core/language/index.ts';
import type { Loaded } from '../../core/language/index.ts';
import type { Session } from '../session.ts';

/** Reads and checks the session's project, with the secrets that the environment holds. */
export function readProject({ root, io }: Pick<Session, 'root' | 'io'>): Promise<Loaded> {
  return loadProject({ root, connectors, env: io.env });
}
