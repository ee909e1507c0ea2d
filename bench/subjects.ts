import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { freePort, lastLines, until } from '../scripts/services/processes.ts';
import { QUEUE as FLOOR_QUEUE } from './floor/broker.ts';
import type { Place } from './places.ts';

export const SHOP_SECRET = 'bench-secret-of-the-shop';
export const INTAKE_PATH = '/in/sales/orders';
const START_MS = 30_000;
const STOP_MS = 30_000;

type Roles = 'intake' | 'worker' | 'all';

/** One of the programs that are compared. */
export interface Subject {
  readonly name: 'floor' | 'hub';
  /** The queues that it makes. */
  readonly queues: readonly string[];
  /** Counts what was delivered according to its own records. */
  readonly deliveredSql: string;
  start(place: Place, erpUrl: string, roles: Roles): Promise<Running>;
}

/** A program under test, as a process of its own. */
export interface Running {
  readonly origin: string;
  /** The most that was resident since its start, in MB; undefined where the system does not tell (it is Linux that does). */
  peakRssMb(): number | undefined;
  /** Ends it gracefully; throws when that goes wrong. */
  stop(): Promise<void>;
}

export const floor: Subject = {
  name: 'floor',
  queues: [FLOOR_QUEUE, `${FLOOR_QUEUE}-dead`],
  deliveredSql: 'select count(*)::int as count from outcomes',
  start: async (place, erpUrl, roles) => {
    const port = await freePort();
    const args = ['--roles', roles === 'all' ? 'intake,worker' : roles, '--port', String(port)];
    return launch({
      port,
      place,
      erpUrl,
      roles,
      program: process.execPath,
      args: ['bench/floor.ts', ...args],
    });
  },
};

export const hub: Subject = {
  name: 'hub',
  queues: ['bench.sales/orders/erp', 'bench.dead-letters'],
  deliveredSql: `select count(*)::int as count from bench.events where type = 'delivered'`,
  start: async (place, erpUrl, roles) => {
    const port = await freePort();
    const data = await mkdtemp(join(tmpdir(), 'crossdock-bench-'));
    const args = [
      'start',
      ...['--project', fileURLToPath(new URL('project', import.meta.url))],
      ...['--data', data],
      ...['--listen', `127.0.0.1:${port}`],
      ...(roles === 'all' ? [] : ['--roles', roles]),
    ];
    const running = await launch({ port, place, erpUrl, roles, program: 'cli/crossdock.js', args });
    return {
      ...running,
      stop: async () => {
        await running.stop();
        await rm(data, { recursive: true, force: true });
      },
    };
  },
};

interface Launch {
  readonly port: number;
  readonly place: Place;
  readonly erpUrl: string;
  readonly roles: Roles;
  readonly program: string;
  readonly args: readonly string[];
}

async function launch({ port, place, erpUrl, roles, program, args }: Launch): Promise<Running> {
  const child = spawn(program, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      ...process.env,
      CROSSDOCK_DATABASE_URL: place.databaseUrl,
      CROSSDOCK_AMQP_URL: place.amqpUrl,
      CROSSDOCK_LOG: 'warn',
      BENCH_SHOP_SECRET: SHOP_SECRET,
      BENCH_ERP_URL: erpUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = lastLines(output + chunk.toString(), 50);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const origin = `http://127.0.0.1:${port}`;
  // A worker alone need not serve anything: that it works is seen at the target.
  const started = async (): Promise<boolean> =>
    roles === 'worker' || child.exitCode !== null || (await answers(origin));
  if (!(await until(started, START_MS)) || child.exitCode !== null) {
    child.kill('SIGKILL');
    throw new Error(`${program} did not start:\n${output}`);
  }
  return {
    origin,
    peakRssMb: () => peakRssMb(child.pid),
    stop: () => stop(child, program, () => output),
  };
}

/** Any answer will do: the floor program has no health page. */
async function answers(origin: string): Promise<boolean> {
  try {
    const { body } = await request(`${origin}/livez`);
    await body.dump();
    return true;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess, program: string, output: () => string): Promise<void> {
  if (child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}:\n${output()}`);
}

function peakRssMb(pid: number | undefined): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Math.round(Number(match[1]) / 1024);
  } catch {
    return undefined;
  }
}
