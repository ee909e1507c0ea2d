import type { Db } from './database.ts';
import { query } from './query.ts';

/** What a PostgreSQL server says of itself, in its own words (`on`, `off`, numbers as text). */
export interface ServerSettings {
  /** `150004` for 15.4. */
  readonly version: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly maxConnections: string;
  /** A standby takes no writes. */
  readonly standby: boolean;
  /** Whether this user may create schemas. */
  readonly mayCreate: boolean;
  /** Its clock. */
  readonly now: Date;
}

/** Asks a server for the settings that durability hangs on; for `doctor`. */
export async function readServerSettings(db: Db): Promise<ServerSettings> {
  const [settings] = await query<ServerSettings>(
    db,
    `select current_setting('server_version_num') as version, current_setting('fsync') as fsync,
            current_setting('full_page_writes') as "fullPageWrites",
            current_setting('synchronous_commit') as "synchronousCommit",
            current_setting('max_connections') as "maxConnections", pg_is_in_recovery() as standby,
            has_database_privilege(current_database(), 'create') as "mayCreate", clock_timestamp() as now`,
  );
  return settings as ServerSettings;
}
