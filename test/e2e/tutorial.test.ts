import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../support/until.ts';
import { matchOutput, plain } from './tutorial/match-output.ts';
import type { Ids } from './tutorial/match-output.ts';
import { change, readPage } from './tutorial/read-page.ts';
import type { FileStep, Section, TerminalStep } from './tutorial/read-page.ts';
import { Terminal } from './tutorial/terminals.ts';

const PAGE = new URL('../../docs/tutorial.md', import.meta.url);
/** Ports of the page; here, free ones of as many digits, so that lines break where they do on the page. */
const PORTS = ['7400', '7480'];
const PATIENCE_MS = 30_000;
/** Commands that only look may be asked again, as a reader would who was faster than the hub. */
const LOOKS = /^npx crossdock (?:messages|failures(?: show .*)?$|reconcile)/;

const sections = readPage(await readFile(PAGE, 'utf8'));

// One story, read as a reader does: what a section says follows from the ones before it.
describe('docs/tutorial.md, followed step by step in an empty folder', function () {
  this.timeout(60_000);
  const ids: Ids = new Map();
  const ports = new Map<string, string>();
  const terminals = new Map<string, Terminal>();
  let folder: string;
  let broken = false;

  /** What the page says, as it is here. */
  const here = (text: string): string =>
    [...ports, ...ids].reduce((sofar, [there, now]) => sofar.replaceAll(there, now), text);
  /** What happened here, as the page would say it. */
  const there = (text: string): string =>
    [...ports].reduce((sofar, [port, now]) => sofar.replaceAll(`:${now}`, `:${port}`), text);

  const terminal = (name: string): Terminal => {
    const opened = terminals.get(name);
    if (opened !== undefined) return opened;
    const port = ports.get('7400') ?? '';
    const made = new Terminal({
      cwd: name === '' ? folder : terminal('').cwd,
      env: {
        CROSSDOCK_LISTEN: `127.0.0.1:${port}`,
        CROSSDOCK_URL: `http://127.0.0.1:${port}`,
        CROSSDOCK_LOG: 'error',
      },
    });
    terminals.set(name, made);
    return made;
  };

  const fits = (shown: string, actual: string, whole: boolean): boolean => {
    const found = matchOutput(shown, there(actual), ids, whole);
    for (const [id, now] of found ?? []) ids.set(id, now);
    return found !== undefined;
  };

  /** Types what a block says into the reader's own terminal; what the last command shows is compared. */
  const typeIn = async ({ line, commands, output }: TerminalStep): Promise<void> => {
    const own = terminal('');
    for (const { text, exitCode } of commands) {
      const shown = text === commands.at(-1)?.text ? output : undefined;
      let printed = '';
      const attempt = async (): Promise<boolean> => {
        const from = own.printed.length;
        const code = await own.type(here(text));
        printed = own.printed.slice(from);
        return code === exitCode && (shown === undefined || fits(shown, printed, true));
      };
      if (await attempt()) continue;
      if (LOOKS.test(text)) await until(attempt, { everyMs: 100 }).catch(() => {});
      if (await attempt()) continue;
      assert.equal(
        plain(there(printed)),
        shown,
        `line ${line}: ${text} exits with ${exitCode} and shows this`,
      );
      assert.fail(`line ${line}: ${text} does not exit with ${exitCode}`);
    }
  };

  /** What runs there goes on running; what it shows is waited for. */
  const seen = new Map<string, number>();
  const lookAt = async ({ line, terminal: name, commands, output }: TerminalStep): Promise<void> => {
    const window = terminal(name);
    for (const { text } of commands) {
      if (text === 'Ctrl-C') await window.interrupt();
      else void window.type(here(text));
    }
    if (output === undefined) return;
    const from = seen.get(name) ?? 0;
    const came = await window.until(() => fits(output, window.printed.slice(from), false), PATIENCE_MS);
    seen.set(name, window.printed.length);
    if (!came)
      assert.equal(
        plain(there(window.printed.slice(from))),
        output,
        `line ${line}: the terminal of ${name} shows this`,
      );
  };

  const write = async ({ kind, path, text }: FileStep): Promise<void> => {
    const file = join(terminal('').cwd, path);
    await mkdir(dirname(file), { recursive: true });
    const content = kind === 'file' ? text : change(await readFile(file, 'utf8'), text);
    await writeFile(file, here(content));
  };

  const follow = async ({ steps }: Section): Promise<void> => {
    for (const step of steps) {
      if (step.kind !== 'terminal') await write(step);
      else if (step.terminal === '') await typeIn(step);
      else await lookAt(step);
    }
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-tutorial-'));
    for (const port of PORTS) ports.set(port, await freePortOf4Digits(ports));
  });

  after(async () => {
    for (const window of terminals.values()) await window.interrupt();
    await rm(folder, { recursive: true, force: true });
  });

  for (const section of sections) {
    it(section.title, async function () {
      if (broken) this.skip();
      broken = true;
      await follow(section);
      broken = false;
    });
  }

  it('has left nothing running', function () {
    if (broken) this.skip();
    assert.deepEqual(
      [...terminals].filter(([, window]) => window.busy).map(([name]) => name),
      [],
    );
  });
});

async function freePortOf4Digits(taken: ReadonlyMap<string, string>): Promise<string> {
  for (;;) {
    const port = 5000 + Math.floor(Math.random() * 4999);
    if ([...taken.values()].includes(String(port))) continue;
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return String(port);
  }
}
