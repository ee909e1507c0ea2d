import type { Db } from '../store/database.ts';
import { query } from '../store/index.ts';

/** How the last pull of a source ended. */
export interface PullRun {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Why it ended early; it is asked again at its next time. */
  readonly error?: string;
}

/** The last pull of each mapping that has a pull source, whichever process made it. */
export async function pullRuns(db: Db): Promise<ReadonlyMap<string, PullRun>> {
  const rows = await query<{ mapping: string; last_run_at: Date; last_error: string | null }>(
    db,
    'select mapping, last_run_at, last_error from cursors where last_run_at is not null',
  );
  return new Map(
    rows.map(({ mapping, last_run_at: at, last_error: error }) => [
      mapping,
      { at: at.toISOString(), ...(error !== null && { error }) },
    ]),
  );
}
