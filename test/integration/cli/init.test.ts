import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/main.ts';
import { until } from '../../support/until.ts';
import { capturedIo, crossdock } from '../../unit/cli/captured-io.ts';

describe('A project that init made', function () {
  this.timeout(60_000);

  let folder: string;
  let end: () => Promise<number>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-init-'));
  });
  after(async () => {
    assert.equal(await end(), 0);
    await rm(folder, { recursive: true });
  });

  it('runs as its README says: an order that is sent becomes a file, once', async () => {
    await crossdock(['init', 'hub'], { cwd: folder });
    const root = join(folder, 'hub');
    const io = capturedIo({ cwd: root, terminal: 80, env: { NO_COLOR: '1' } });
    const running = run(['start', '--listen', '127.0.0.1:0', '--log-level', 'error'], io);
    end = () => {
      io.signal('SIGINT');
      return running;
    };
    await until(() => io.stdout().includes('Ctrl-C ends it'), {
      timeoutMs: 30_000,
      what: 'the start screen',
    });
    const screen = io.stdout();
    const url = /^ {2}hub +(\S+)$/m.exec(screen)?.[1] as string;
    assert.match(screen, new RegExp(`POST ${url}/in/sales/orders`));
    assert.match(screen, /admin token {2}cdk_\S+\n.*kept in \.crossdock\/admin-token/);
    assert.ok(
      screen.split('\n').every((line) => line.length <= 80),
      screen,
    );

    const send = async (): Promise<Response> =>
      fetch(`${url}/in/sales/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${(await readFile(join(root, 'secrets', 'shop-token'), 'utf8')).trim()}`,
          'content-type': 'application/json',
        },
        body: await readFile(join(root, 'samples', 'order.json')),
      });
    assert.equal((await send()).status, 202);
    const file = join(root, 'out', 'order-4711.json');
    await until(async () => (await readFile(file, 'utf8').catch(() => '')).includes('"total"'));
    assert.equal((await send()).status, 200);
    // Who looks on sees it move.
    await until(() => /sales\/order@1 +✓ archive +order=4711/.test(io.stdout()));

    assert.equal(await end(), 0);
    assert.match(io.stderr(), /Stopping; what is in hand is finished/);
  });
});
