import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossdockError } from '../model/errors.ts';
import { answersOn, openLockSocket } from './lock-socket.ts';

interface Holder {
  readonly pid: number;
  /** When the process began, as its system counts it: tells it from a later process with the same pid. */
  readonly began: string;
  /** The name of the socket in the folder on which it listens, where it can. */
  readonly socket?: string;
}

/**
 * Takes a folder for this process. Resolves with the function that gives it back; throws FOLDER_IN_USE while another
 * living process has it, also one of another container, which has pids of its own: the holder listens on a socket in
 * the folder. The lock of a process that was killed is taken over. Atomic on one machine: the lock appears by link(2)
 * and a stale one goes by rename(2), each of which only one process can win.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'lock');
  // It listens before it has the lock: who finds the lock finds the socket.
  const socket = await openLockSocket(folder);
  const unlock = async (): Promise<void> => {
    await rm(lock, { force: true });
    await socket?.close();
  };
  // Not named after the pid: a process of another container may have the same one.
  const own = join(folder, `lock.${randomUUID()}`);
  try {
    await writeFile(own, JSON.stringify(await describeSelf(socket?.name)));
    if (await takeLock(folder, lock, own)) return unlock;
    throw new CrossdockError('FOLDER_IN_USE', `several processes want ${folder} at the same time`);
  } catch (error) {
    await socket?.close();
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function describeSelf(socket: string | undefined): Promise<Holder> {
  return { pid: process.pid, began: await beganAt(process.pid), ...(socket !== undefined && { socket }) };
}

async function takeLock(folder: string, lock: string, own: string): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    if (await tryLink(own, lock)) return true;
    const holder = await readHolder(lock);
    if (holder === undefined) continue;
    if (await isAlive(holder, folder))
      throw new CrossdockError('FOLDER_IN_USE', `another hub (process ${holder.pid}) uses ${folder}`);
    await removeStale(lock, holder);
    if (holder.socket !== undefined) await rm(join(folder, holder.socket), { force: true });
  }
  return false;
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
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && !isSame(moved, stale)) await tryLink(aside, lock);
  await rm(aside, { force: true });
}

function isSame(one: Holder, other: Holder): boolean {
  return one.pid === other.pid && one.began === other.began && one.socket === other.socket;
}

async function isAlive(holder: Holder, folder: string): Promise<boolean> {
  return (await hasPid(holder)) || (holder.socket !== undefined && (await answersOn(folder, holder.socket)));
}

async function hasPid(holder: Holder): Promise<boolean> {
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
