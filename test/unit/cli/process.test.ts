import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processEnvironment } from '../../../cli/environment.ts';
import { waitForEnd } from '../../../cli/start/signals.ts';
import { ManualClock } from '../../support/clock.ts';
import { capturedIo, crossdock } from './captured-io.ts';

const exec = promisify(execFile);
const BIN = fileURLToPath(new URL('../../../cli/crossdock.js', import.meta.url));

/** What makes a Node believe that it is an old one. */
const OLD = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.8'}})`;

describe('The program as a process', () => {
  let folder: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'crossdock-bin-')));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('prints results on stdout and ends with the exit code', async () => {
    const { stdout } = await exec(process.execPath, [BIN, '--version']);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    await assert.rejects(exec(process.execPath, [BIN, 'bogus']), { code: 2 });
  });

  it('is no trouble to a reader that has seen enough', async () => {
    const child = spawn('/bin/sh', [
      '-c',
      `"${process.execPath}" "${BIN}" connectors describe rest | head -n 1`,
    ]);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
    assert.equal(errors, '');
  });

  describe('on a Node that is too old', () => {
    /** A package of ours in a project, with a program that says how it was run. */
    const install = async (name: string): Promise<string> => {
      const bin = join(folder, name, 'node_modules', 'crossdock', 'cli', 'crossdock.js');
      await mkdir(join(bin, '..'), { recursive: true });
      await writeFile(join(bin, '..', '..', 'package.json'), '{"name":"crossdock","type":"module"}');
      await copyFile(BIN, bin);
      await writeFile(
        join(bin, '..', 'main.js'),
        `export async function runProcess() {
          process.on('SIGTERM', () => process.exit(7));
          console.log(JSON.stringify({ version: process.versions.node, args: process.argv.slice(2) }));
          if (process.argv[2] !== 'wait') return process.exit(5);
          setInterval(() => {}, 1000);
        }`,
      );
      return bin;
    };
    /** The pinned Node of a project: a script, so that it is another file than the Node that runs this test. */
    const pin = async (name: string): Promise<void> => {
      const node = join(folder, name, 'node_modules', '.bin', 'node');
      await mkdir(join(node, '..'), { recursive: true });
      await writeFile(node, `#!/bin/sh\nunset NODE_OPTIONS\nexec "${process.execPath}" "$@"\n`);
      await chmod(node, 0o755);
    };
    const env = { PATH: processEnvironment()['PATH'], NODE_OPTIONS: `--import=${OLD}` };

    it('says what it needs', async () => {
      const bin = await install('bare');
      await assert.rejects(
        exec(process.execPath, [bin], { env }),
        (error: Error & { code: number; stderr: string }) => {
          assert.equal(error.code, 1);
          assert.match(error.stderr, /^crossdock needs Node\.js 22\.18 or newer; this is 18\.20\.8/);
          return true;
        },
      );
    });

    it('runs itself with the Node that the project pins, and ends as that ends', async () => {
      const bin = await install('pinned');
      await pin('pinned');
      await assert.rejects(
        exec(process.execPath, [bin, 'check', '--json'], { env }),
        (error: Error & { code: number; stdout: string }) => {
          assert.equal(error.code, 5);
          assert.deepEqual(JSON.parse(error.stdout), {
            version: process.versions.node,
            args: ['check', '--json'],
          });
          return true;
        },
      );
    });

    it('passes signals on to it', async () => {
      const bin = await install('signalled');
      await pin('signalled');
      const child = spawn(process.execPath, [bin, 'wait'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 7);
    });
  });

  describe('completion', () => {
    const suggest = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await exec(process.execPath, [BIN, 'complete', '--', ...words], {
        cwd: join(folder, 'hub'),
        env: {},
      });
      const lines = stdout.trimEnd().split('\n');
      assert.match(lines.pop() as string, /^:\d+$/);
      return lines.map((line) => line.split('\t')[0] as string);
    };

    before(async () => {
      await crossdock(['init', 'hub'], { cwd: folder });
    });

    it('offers commands, and the commands of a group', async () => {
      assert.deepEqual(await suggest('me'), ['messages']);
      assert.deepEqual(await suggest('messages', ''), ['list', 'show', 'trace', 'search']);
    });

    it('offers options, their choices, and names of the project', async () => {
      assert.ok((await suggest('failures', 'retry', '--')).includes('--dry-run'));
      assert.ok((await suggest('failures', 'retry', '--')).includes('--json'));
      assert.deepEqual(await suggest('failures', 'list', '--state', ''), [
        'waiting',
        'sent',
        'in_doubt',
        'dead',
      ]);
      assert.deepEqual(await suggest('map', ''), ['sales/orders']);
      assert.deepEqual(await suggest('failures', 'list', '--route', 'sales'), ['sales/orders/archive']);
      assert.deepEqual(await suggest('connections', 'check', 's'), ['shop']);
      assert.deepEqual(await suggest('schema', 'show', 's'), ['sales/order@1']);
      assert.deepEqual(await suggest('map', 'sales/orders', '--input', 'samples/'), ['samples/order.json']);
    });

    for (const shell of ['bash', 'zsh', 'fish']) {
      it(`has a script for ${shell}`, async () => {
        const { stdout } = await exec(process.execPath, [BIN, 'completion', shell]);
        assert.match(stdout, /crossdock complete --/);
      });
    }
  });
});

describe('The wait for the end', () => {
  it('takes what comes at once with the first signal for the same wish, and a later one for impatience', async () => {
    const clock = new ManualClock();
    const io = capturedIo({ clock });
    let first = 0;
    let aborted = 0;
    const end = waitForEnd(io, { onFirst: () => first++, abort: () => aborted++ });
    io.signal('SIGINT');
    assert.equal(await end, 'SIGINT');
    io.signal('SIGINT');
    assert.deepEqual([first, aborted], [1, 0]);
    await clock.advance(1_500);
    io.signal('SIGINT');
    assert.deepEqual([first, aborted], [1, 1]);
  });
});
