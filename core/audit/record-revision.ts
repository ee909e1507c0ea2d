import { query } from '../store/index.ts';
import type { Db } from '../store/index.ts';
import { jsonText } from './json-text.ts';

/** Keeps the files of a revision, by path, so that what was in force when a message was accepted can be read later. */
export async function recordRevision(
  db: Db,
  revision: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  await query(
    db,
    'insert into revisions (hash, created_at, files) values (?, now(), ?::jsonb) on conflict do nothing',
    [revision, jsonText(Object.fromEntries(files))],
  );
}
