import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { end, freePort, isAlive, lastWords, launch, mustRun, until } from './processes.ts';

/** Debian's scripts, without the wrapper that insists on the system's own broker. */
const BIN = '/usr/lib/rabbitmq/bin';
const START_MS = 90_000;

/** A private broker: where it lives and how to reach it. Plain data, so that it can be kept in a file. */
export interface RabbitServer {
  readonly kind: 'rabbitmq';
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly node: string;
  readonly epmdPort: number;
  readonly distPort: number;
  readonly pid: number;
  readonly epmdPid: number;
}

export function rabbitInstalled(): boolean {
  return existsSync(join(BIN, 'rabbitmq-server')) && existsSync('/usr/bin/epmd');
}

/** Makes a broker in an empty folder that has nothing in common with a broker of the system, and starts it. */
export async function createRabbitServer(folder: string): Promise<RabbitServer> {
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const server: RabbitServer = {
    kind: 'rabbitmq',
    folder,
    url: `amqp://crossdock:${password}@127.0.0.1:${port}`,
    port,
    node: `crossdock-${port}@localhost`,
    epmdPort: await freePort(),
    distPort: await freePort(),
    pid: 0,
    epmdPid: 0,
  };
  await mkdir(join(folder, 'log'), { recursive: true });
  await writeFile(join(folder, 'enabled_plugins'), '[].\n');
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      'default_user = crossdock',
      `default_pass = ${password}`,
      'raft.wal_max_size_bytes = 64000000',
      'disk_free_limit.absolute = 50MB',
      'log.file.level = info',
      '',
    ].join('\n'),
  );
  await chmod(join(folder, 'rabbitmq.conf'), 0o600);
  return await startRabbitServer(server);
}

/** Starts a broker that was made before, on its port and with its data. Resolves when it takes connections. */
export async function startRabbitServer(server: RabbitServer): Promise<RabbitServer> {
  const log = join(server.folder, 'log', 'server.out');
  // An Erlang node registers at a port mapper, which would stay behind: ours is a child like the broker itself.
  const epmd = launch('epmd', ['-address', '127.0.0.1', '-port', String(server.epmdPort)], log, {});
  const broker = launch(join(BIN, 'rabbitmq-server'), [], log, {
    cwd: server.folder,
    env: environment(server),
  });
  const started = { ...server, pid: broker.pid ?? 0, epmdPid: epmd.pid ?? 0 };
  const ready = await until(
    async () => !isAlive(started.pid) || (await answersAmqp(server.url)),
    START_MS,
    200,
  );
  if (!ready || !isAlive(started.pid)) {
    await stopRabbitServer(started, 'SIGKILL');
    throw new Error(`RabbitMQ did not start:\n${lastWords(log)}`);
  }
  return started;
}

/** `SIGTERM` lets it shut down in order, `SIGKILL` is a crash. */
export async function stopRabbitServer(server: RabbitServer, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (server.pid > 0) await end(server.pid, signal, 30_000);
  if (server.epmdPid > 0) await end(server.epmdPid, 'SIGKILL', 5_000);
}

/** `rabbitmqctl` on that broker. Returns what it printed. */
export async function rabbitmqctl(server: RabbitServer, args: readonly string[]): Promise<string> {
  return await mustRun(join(BIN, 'rabbitmqctl'), ['-q', '-n', server.node, ...args], {
    cwd: server.folder,
    env: environment(server),
  });
}

function environment(server: RabbitServer): NodeJS.ProcessEnv {
  const { folder } = server;
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: folder, // the Erlang cookie is made here
    RUNNING_UNDER_SYSTEMD: 'true', // makes the script become the broker, so that its pid is the broker's
    ERL_EPMD_PORT: String(server.epmdPort),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_NODENAME: server.node,
    RABBITMQ_DIST_PORT: String(server.distPort),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    // Loopback only; and idle schedulers that sleep instead of spinning leave the cores to whoever tests.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
  };
}

/** Whether somebody speaks AMQP there and lets us in. */
export async function answersAmqp(url: string): Promise<boolean> {
  try {
    const connection = await connect(url, { timeout: 3_000 });
    connection.on('error', () => {});
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
