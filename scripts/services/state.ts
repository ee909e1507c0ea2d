import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ComposeServices } from './compose.ts';
import type { PostgresServer } from './postgres-server.ts';
import { isAlive, until } from './processes.ts';
import type { RabbitServer } from './rabbitmq-server.ts';

const FOLDER = fileURLToPath(new URL('../../.crossdock/services/', import.meta.url));
const STATE = `${FOLDER}state.json`;
const LOCK = `${FOLDER}lock`;
/** Long enough for another process that installs packages first. */
const LOCK_MS = 300_000;

/** What was started by us, so that exactly that is ended again. */
export interface Started {
  readonly rabbit?: RabbitServer;
  readonly postgres?: PostgresServer;
  readonly compose?: ComposeServices;
}

export async function readStarted(): Promise<Started> {
  try {
    return JSON.parse(await readFile(STATE, 'utf8')) as Started;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Holds the passwords, so only the owner may read it. */
export async function writeStarted(started: Started): Promise<void> {
  if (Object.keys(started).length === 0) await rm(STATE, { force: true });
  else await writeFile(STATE, JSON.stringify(started, undefined, 2), { mode: 0o600 });
}

/** One process at a time starts or ends the services of this folder. */
export async function exclusively<T>(task: () => Promise<T>): Promise<T> {
  await mkdir(FOLDER, { recursive: true, mode: 0o700 });
  if (!(await until(takeLock, LOCK_MS, 200))) throw new Error(`another process holds ${LOCK}`);
  try {
    return await task();
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await writeFile(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(await readFile(LOCK, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(LOCK, { force: true });
    return false;
  }
}
