import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Io } from '../../../cli/io.ts';
import { run } from '../../../cli/main.ts';
import { capturedIo } from '../../unit/cli/captured-io.ts';

const COLUMNS = 100;

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One terminal window: what is typed runs, what is printed is kept, a key ends what runs. */
export class Terminal {
  readonly #env: Readonly<Record<string, string>>;
  readonly #writes = new EventEmitter();
  #cwd: string;
  #printed = '';
  #running: { readonly ended: Promise<number>; readonly interrupt: () => void } | undefined;

  constructor({ cwd, env }: TerminalOptions) {
    this.#cwd = cwd;
    this.#env = env;
  }

  get cwd(): string {
    return this.#cwd;
  }

  /** All that was ever printed here. */
  get printed(): string {
    return this.#printed;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Starts a command; resolves with its exit code when it has ended. */
  type(command: string): Promise<number> {
    const words = wordsOf(command);
    const [program = '', ...args] = words;
    if (program === 'npx' && args[0] === 'crossdock') return this.#crossdock(args.slice(1));
    if (program === 'node') return this.#node(args);
    return this.#builtIn(program, args);
  }

  /** Resolves when the condition holds, asked whenever something is printed. */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!condition()) {
      try {
        await once(this.#writes, 'write', { signal });
      } catch {
        return false;
      }
    }
    return true;
  }

  /** Ctrl-C: resolves when what ran has ended. */
  async interrupt(): Promise<void> {
    this.#running?.interrupt();
    await this.#running?.ended;
  }

  /** In this process, so that it finds a terminal; otherwise it is what `cli/crossdock.js` does. */
  #crossdock(args: readonly string[]): Promise<number> {
    const captured = capturedIo({
      cwd: this.#cwd,
      terminal: COLUMNS,
      env: { ...this.#env, FORCE_COLOR: '1' },
    });
    const sink = { write: (text: string) => this.#print(text), isTTY: true, columns: COLUMNS };
    const io: Io = { ...captured, out: sink, err: sink };
    return this.#keep(run(args, io), () => captured.signal('SIGINT'));
  }

  #node(args: readonly string[]): Promise<number> {
    const child = spawn(process.execPath, args, { cwd: this.#cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    // It must not outlive a test run that is cut short.
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    const print = (chunk: Buffer): void => this.#print(chunk.toString());
    child.stdout.on('data', print);
    child.stderr.on('data', print);
    const ended = once(child, 'close').then(([code]) => {
      process.off('exit', end);
      return (code as number | null) ?? 130;
    });
    return this.#keep(ended, () => void child.kill('SIGINT'));
  }

  /** What every shell has. Nothing is installed: the tests are in the package that the page installs. */
  async #builtIn(program: string, args: readonly string[]): Promise<number> {
    const line = [program, ...args].join(' ');
    const [folder = ''] = args;
    if (program === 'mkdir') await mkdir(join(this.#cwd, folder));
    else if (program === 'cd') this.#cwd = resolve(this.#cwd, folder);
    else if (!line.startsWith('npm install ')) throw new Error(`no reader can type this everywhere: ${line}`);
    return 0;
  }

  #keep(ended: Promise<number>, interrupt: () => void): Promise<number> {
    const running = { ended, interrupt };
    this.#running = running;
    return ended.finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
  }

  #print(text: string): void {
    this.#printed += text;
    this.#writes.emit('write');
  }
}

/** Words of a command line that means the same in every shell: nothing but spaces and double quotes is special. */
function wordsOf(line: string): readonly string[] {
  const special = /[$`\\'?;&|<>(){}~!#]/.exec(line);
  if (special !== null) throw new Error(`not all shells read ${special[0]} in the same way: ${line}`);
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
