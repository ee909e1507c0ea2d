import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossdockError } from '../model/errors.ts';

interface Holder {
  readonly pid: number;
  /** When the process began, as its system counts it: tells it from a later process with the same pid. */
  readonly began: string;
}

/**
 * Takes a folder for this process. Resolves with the function that gives it back; throws FOLDER_IN_USE while another
 * living process has it. The lock of a process that was killed is taken over. Atomic on one machine: the lock appears
 * by link(2) and a stale one goes by rename(2), each of which only one process can win.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'lock');
  const mine: Holder = { pid: process.pid, began: await beganAt(process.pid) };
  const own = join(folder, `lock.${process.pid}`);
  await writeFile(own, JSON.stringify(mine));
  try {
    for (let tries = 0; tries < 5; tries += 1) {
      if (await tryLink(own, lock)) {
        return async () => {
          await rm(lock, { force: true });
        };
      }
      const holder = await readHolder(lock);
      if (holder === undefined) continue;
      if (await isAlive(holder))
        throw new CrossdockError('FOLDER_IN_USE', `another hub (process ${holder.pid}) uses ${folder}`);
      await removeStale(lock, holder);
    }
    throw new CrossdockError('FOLDER_IN_USE', `several processes want ${folder} at the same time`);
  } finally {
    await rm(own, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

// Another process may have taken the stale lock over between our look and our rename: then what we moved is a living lock,
// and it goes back.
async function removeStale(lock: string, stale: Holder): Promise<void> {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && (moved.pid !== stale.pid || moved.began !== stale.began))
    await tryLink(aside, lock);
  await rm(aside, { force: true });
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await beganAt(holder.pid)) === holder.began;
}

/** Field 22 of /proc/<pid>/stat (proc(5)): the start time. Empty where there is no /proc, and then the pid alone decides. */
async function beganAt(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
