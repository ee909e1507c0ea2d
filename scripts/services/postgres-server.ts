import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { end, freePort, isAlive, lastWords, launch, mustRun, run, until } from './processes.ts';

const PACKAGES = '/usr/lib/postgresql';
const OLDEST = 15;
const START_MS = 60_000;

/** A private Postgres: where it lives and how to reach it. Plain data, so that it can be kept in a file. */
export interface PostgresServer {
  readonly kind: 'postgres';
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly pid: number;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export function postgresInstalled(): boolean {
  return programs() !== undefined;
}

/** Makes a database server in an empty folder, with data that survives a crash (fsync on), and starts it. */
export async function createPostgresServer(folder: string): Promise<PostgresServer> {
  const account = await unprivileged();
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const secret = join(folder, 'password');
  await writeFile(secret, password, { mode: 0o600 });
  for (const path of [folder, data, secret]) await own(path, account);
  await mustRun(
    program('initdb'),
    ['-D', data, '-U', 'crossdock', '-A', 'scram-sha-256', '--pwfile', secret].concat([
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]),
    { ...account, cwd: folder },
  );
  await rm(secret);
  const url = `postgres://crossdock:${password}@127.0.0.1:${port}/crossdock`;
  const server = await startPostgresServer({ kind: 'postgres', folder, url, port, pid: 0 });
  try {
    await createDatabase(url);
  } catch (error) {
    await stopPostgresServer(server, 'SIGKILL');
    throw error;
  }
  return server;
}

/** Starts a server that was made before, on its port and with its data. Resolves when it takes connections. */
export async function startPostgresServer(server: PostgresServer): Promise<PostgresServer> {
  const log = join(server.folder, 'server.out');
  const account = await unprivileged();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(server.port),
    unix_socket_directories: '',
    fsync: 'on',
    max_connections: '200',
    max_wal_size: '2GB',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const started = async (): Promise<PostgresServer | undefined> => {
    const child = launch(program('postgres'), ['-D', join(server.folder, 'data'), ...args], log, {
      ...account,
      cwd: server.folder,
    });
    const pid = child.pid ?? 0;
    await until(async () => !isAlive(pid) || (await answersPostgres(maintenance(server.url))), START_MS);
    return isAlive(pid) ? { ...server, pid } : undefined;
  };
  // After a crash the old backends may hold the shared memory for a moment longer, and a new server refuses to start.
  let running: PostgresServer | undefined;
  await until(async () => (running = await started()) !== undefined, 15_000, 250);
  if (running === undefined) throw new Error(`Postgres did not start:\n${lastWords(log)}`);
  return running;
}

/** `SIGINT` lets it shut down in order, `SIGKILL` is a crash. */
export async function stopPostgresServer(
  server: PostgresServer,
  signal: 'SIGINT' | 'SIGKILL',
): Promise<void> {
  if (server.pid > 0) await end(server.pid, signal, 30_000);
}

/** Whether the server at this address lets us in. */
export async function answersPostgres(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenance(url) });
  await client.connect();
  try {
    await client.query('create database crossdock');
  } finally {
    await client.end();
  }
}

/** The same server, the database that is always there. */
function maintenance(url: string): string {
  const address = new URL(url);
  address.pathname = '/postgres';
  return address.href;
}

/** Postgres refuses to run as root: root runs it as the account that Debian's package made. */
async function unprivileged(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  if (uid.code !== 0) throw new Error('Postgres does not run as root, and there is no account "postgres"');
  return { uid: Number(uid.output), gid: Number(gid.output) };
}

async function own(path: string, account: Account): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
  if (path.endsWith('data')) await chmod(path, 0o700);
}

function program(name: string): string {
  const folder = programs();
  if (folder === undefined) throw new Error(`Postgres ${OLDEST} or later is not installed`);
  return join(folder, name);
}

/** The newest version that is installed and new enough. */
function programs(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined;
  const version = readdirSync(PACKAGES)
    .map(Number)
    .filter((number) => number >= OLDEST && existsSync(join(PACKAGES, String(number), 'bin', 'initdb')))
    .sort((a, b) => b - a)[0];
  return version === undefined ? undefined : join(PACKAGES, String(version), 'bin');
}
