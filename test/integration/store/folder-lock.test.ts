import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lockFolder } from '../../../core/store/folder-lock.ts';
import { openLockSocket } from '../../../core/store/lock-socket.ts';
import { withCode } from '../../support/with-code.ts';

const HOLDER = fileURLToPath(new URL('../../support/folder-holder.ts', import.meta.url));
/** What makes a command process 1 of a pid namespace of its own, as a container does. */
const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

interface Candidate {
  /** `locked`, or why it did not get the folder. */
  readonly answer: string;
  kill(): Promise<void>;
}

describe('the lock of a data folder', () => {
  let folder = '';
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-lock-'));
  });
  afterEach(async () => {
    await Promise.all(children.map(kill));
    children = [];
    await rm(folder, { recursive: true, force: true });
  });

  const candidate = async (before: readonly string[] = [], wanted = folder): Promise<Candidate> => {
    const [program = '', ...args] = [...before, process.execPath, HOLDER, wanted];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    const [answer] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { answer, kill: () => kill(child) };
  };
  const takeAndGiveBack = async (): Promise<void> => (await lockFolder(folder))();

  it('refuses a second holder and lets the next one in after it was given back', async () => {
    const unlock = await lockFolder(folder);
    await assert.rejects(lockFolder(folder), withCode('FOLDER_IN_USE'));
    await unlock();
    await takeAndGiveBack();
    assert.deepEqual(await readdir(folder), []);
  });

  it('takes over the lock of a process that is no more', async () => {
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, began: '1' }));
    await takeAndGiveBack();
  });

  it('takes over the lock of an earlier process with the pid of a living one', async () => {
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: process.pid, began: '1' }));
    await takeAndGiveBack();
  });

  it('takes over the lock of a process that was killed, at once, with all that it left', async () => {
    const first = await candidate();
    assert.equal(first.answer, 'locked');
    assert.equal((await candidate()).answer, 'FOLDER_IN_USE');
    await first.kill();
    assert.equal((await readdir(folder)).length, 2);
    await takeAndGiveBack();
    assert.deepEqual(await readdir(folder), []);
  });

  it('does not keep its process alive', async () => {
    const script = `import { lockFolder } from '${new URL('../../../core/store/folder-lock.ts', import.meta.url).href}';
      await lockFolder(process.argv[1]);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: 'inherit',
    });
    children.push(child);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await takeAndGiveBack();
  });

  it('has no socket on a file system that knows none', async () => {
    assert.equal(await openLockSocket('/proc'), undefined);
  });

  const refusal = whyNoContainer();
  const unless = refusal === undefined ? '' : ` (left out: ${refusal})`;
  describe(`among containers, whose processes all have the pid 1${unless}`, () => {
    before(function () {
      if (refusal !== undefined) this.skip();
    });

    const onlyOneHas = async (wanted: string): Promise<void> => {
      const first = await candidate(CONTAINER, wanted);
      assert.equal(first.answer, 'locked');
      assert.equal((await candidate(CONTAINER, wanted)).answer, 'FOLDER_IN_USE');
      assert.equal((await candidate([], wanted)).answer, 'FOLDER_IN_USE');
      await first.kill();
      assert.equal((await candidate(CONTAINER, wanted)).answer, 'locked');
    };

    it('lets one of them in, and the next one at once when it was killed', () => onlyOneHas(folder));

    it('does so in a folder whose name is longer than the path of a socket can be', async () => {
      const long = join(folder, 'a-folder-far-down'.repeat(10));
      await mkdir(long);
      await onlyOneHas(long);
    });
  });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** Takes the right to make namespaces, which not every user and not every container has. */
function whyNoContainer(): string | undefined {
  const [program = '', ...args] = [...CONTAINER, 'true'];
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
