import type { Db } from './database.ts';
import { query } from './query.ts';

/** A right that one process has for a time. `epoch` grows with every new owner: writes under a lease check it (fencing). */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly epoch: string;
}

/** Takes or renews a lease; undefined while another owner has it. Time is the database's. */
export async function takeLease(
  db: Db,
  name: string,
  owner: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  const rows = await query<{ epoch: string }>(
    db,
    `insert into leases (name, owner, epoch, expires_at) values (?, ?, 1, now() + make_interval(secs => ?))
     on conflict (name) do update
        set owner = excluded.owner, expires_at = excluded.expires_at,
            epoch = case when leases.owner = excluded.owner then leases.epoch else leases.epoch + 1 end
      where leases.owner = excluded.owner or leases.expires_at < now()
     returning epoch`,
    [name, owner, ttlMs / 1000],
  );
  return rows[0] === undefined ? undefined : { name, owner, epoch: rows[0].epoch };
}

/** Whether the lease is still this owner's; locks it for the rest of the transaction, so that nobody can take it in between. */
export async function holdsLease(db: Db, lease: Lease): Promise<boolean> {
  const rows = await query(db, 'select 1 from leases where name = ? and owner = ? and epoch = ? for update', [
    lease.name,
    lease.owner,
    lease.epoch,
  ]);
  return rows.length === 1;
}

export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await query(db, `update leases set expires_at = '-infinity' where name = ? and owner = ? and epoch = ?`, [
    lease.name,
    lease.owner,
    lease.epoch,
  ]);
}

/**
 * Gives back all leases that end by themselves: for the start of a process that has the store for itself, after one that
 * was killed.
 */
export async function forgetLeases(db: Db): Promise<void> {
  await query(db, `update leases set expires_at = '-infinity' where expires_at < 'infinity'`);
}
