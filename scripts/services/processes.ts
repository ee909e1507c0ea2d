import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. A program that can't be found is exit code 127, as in a shell. */
export async function run(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Ran> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: String(error) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Like `run`, but anything else than exit code 0 is an error that shows the program's last words. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${lastLines(output)}`);
  return output;
}

/** Starts a server in its own process group, so that Ctrl-C at a terminal does not reach it, with its output in a file. */
export function launch(
  program: string,
  args: readonly string[],
  log: string,
  options: SpawnOptions,
): ChildProcess {
  const file = openSync(log, 'a');
  try {
    const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', file, file] });
    child.on('error', () => {}); // it has no pid then, and whoever waits for the server finds that out
    child.unref();
    return child;
  } finally {
    closeSync(file);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process whose parent has not looked yet still has a pid, but it is gone. */
function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''));
  } catch {
    return false;
  }
}

/** Sends the signal and waits until the process is gone; after `patienceMs` it is killed. */
export async function end(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, signal);
  if (await until(() => !isAlive(pid), patienceMs)) return;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 5_000);
}

/** Asks again and again until the answer is true; false when `patienceMs` are over. */
export async function until(
  question: () => boolean | Promise<boolean>,
  patienceMs: number,
  everyMs = 50,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if (await question()) return true;
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
}

/** A port of 127.0.0.1 that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

export function lastLines(text: string, count = 20): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The end of a server's log, for the error that says it did not start. */
export function lastWords(log: string): string {
  try {
    return lastLines(readFileSync(log, 'utf8'));
  } catch {
    return '(no log)';
  }
}
