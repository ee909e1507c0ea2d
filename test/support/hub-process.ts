import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(REPOSITORY, 'cli', 'crossdock.js');
const START_MS = 30_000;
/** Of the output, for the error that says what went wrong. */
const LAST_WORDS = 6_000;

export interface HubProcessOptions {
  /** The project's folder; the data is in `.crossdock` below it. */
  readonly root: string;
  readonly port: number;
  /** Without them it is the embedded default. */
  readonly databaseUrl?: string | undefined;
  readonly amqpUrl?: string | undefined;
  /** More arguments of `crossdock start`. */
  readonly args?: readonly string[];
  /** More variables, such as what the project's files refer to. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A hub in a process of its own, started through the command line as an operator does. */
export interface HubProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves when it serves; rejects with its last words when it ends before. */
  ready(): Promise<void>;
  hasEnded(): boolean;
  /** SIGKILL: what a power cut or the kernel does. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code (null when a signal ended it). */
  stop(): Promise<number | null>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
  /** What it wrote last, on both outputs. */
  lastWords(): string;
  /** One call of the admin API with the token of the data folder. */
  api<T>(path: string): Promise<T>;
}

export function launchHub(options: HubProcessOptions): HubProcess {
  const { root, port, databaseUrl, amqpUrl, args = [], env = {} } = options;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [PROGRAM, 'start', '--project', root, '--listen', `127.0.0.1:${port}`, ...args],
    {
      cwd: root,
      env: {
        ...environment(),
        CROSSDOCK_LOG: 'info',
        CROSSDOCK_LOG_FORMAT: 'json',
        ...env,
        ...(databaseUrl === undefined ? {} : { CROSSDOCK_DATABASE_URL: databaseUrl }),
        ...(amqpUrl === undefined ? {} : { CROSSDOCK_AMQP_URL: amqpUrl }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  // It must not outlive a test run that is cut short.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-LAST_WORDS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const ended = async (): Promise<number | null> => {
    if (!hasEnded(child)) await once(child, 'close');
    return child.exitCode;
  };
  const signal = async (name: NodeJS.Signals): Promise<number | null> => {
    const end = ended();
    child.kill(name);
    return end;
  };
  return {
    url,
    pid: child.pid ?? 0,
    ready: async () => {
      await until(async () => hasEnded(child) || (await isReady(url)), {
        timeoutMs: START_MS,
        everyMs: 50,
        what: 'the start of the hub',
      });
      if (hasEnded(child)) throw new Error(`the hub ended with ${child.exitCode}:\n${output}`);
    },
    hasEnded: () => hasEnded(child),
    kill: async () => void (await signal('SIGKILL')),
    stop: () => signal('SIGTERM'),
    ended,
    lastWords: () => output,
    api: async <T>(path: string): Promise<T> => {
      const token = (await readFile(join(root, '.crossdock', 'admin-token'), 'utf8')).trim();
      const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      const text = await response.text();
      if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
  };
}

/** Starts it and waits until it serves. */
export async function startHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const hub = launchHub(options);
  await hub.ready();
  return hub;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What a command with --json printed. */
  json<T>(): T;
}

/** Runs one command against the hub at `url`, with the token of the project's data folder. */
export async function crossdock(
  { root, url }: { readonly root: string; readonly url: string },
  ...args: readonly string[]
): Promise<CommandResult> {
  const child = spawn(process.execPath, [PROGRAM, ...args, '--project', root, '--url', url], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}/readyz`);
    return ok;
  } catch {
    return false;
  }
}

/** Without what the test run itself was told: services are given by name. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CROSSDOCK_')));
}
