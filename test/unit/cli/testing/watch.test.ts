import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../../cli/main.ts';
import { capturedIo } from '../captured-io.ts';
import type { CapturedIo } from '../captured-io.ts';
import { freshProject } from '../fresh-project.ts';

/** What stands below each run. */
const RUN_ENDED = /Waiting for changes\./;

describe('crossdock test --watch', () => {
  const project = freshProject();
  let io: CapturedIo;
  let ended: Promise<number>;

  async function start(...argv: readonly string[]): Promise<void> {
    io = capturedIo({ cwd: project.root, answers: [] });
    ended = run(['test', '--watch', ...argv], io);
    await io.printed(RUN_ENDED);
  }

  /** What the run prints that `cause` makes. */
  async function after(cause: () => unknown): Promise<string> {
    const from = io.stdout().length;
    await cause();
    return (await io.printed(RUN_ENDED, from)).slice(from);
  }

  afterEach(async () => {
    io.press('q');
    assert.equal(await ended, 0);
  });

  it('runs all tests, then those that a changed mapping concerns', async () => {
    await start();
    assert.match(io.stdout(), /4 passed/);
    const text = await after(() =>
      project.edit('mappings/sales/orders.yaml', (old) =>
        old.replace('currency: { const: EUR }', 'currency: { const: CHF }'),
      ),
    );
    assert.match(text, /mappings\/sales\/orders\.yaml/);
    assert.match(text, /- currency: EUR\n.*\+ currency: CHF/);
    assert.match(text, /2 passed, 2 failed/);
  });

  it('runs them again when a schema or an input changes, and when a file is replaced by another', async () => {
    await start();
    const stricter = await after(() =>
      project.edit('schemas/sales/order@1.json', (old) => old.replace('"minimum": 1', '"minimum": 2')),
    );
    assert.match(stricter, /quantity must be >= 2|1 failed/);
    const input = await after(() =>
      project.edit('samples/order.json', (old) => old.replace('"4711"', '"4700"')),
    );
    assert.match(input, /samples\/order\.json/);
    const replaced = await after(async () => {
      const path = join(project.root, 'mappings/sales/orders.test.yaml');
      await writeFile(
        `${path}~`,
        'cases:\n  - { name: only one, input: { id: 1 }, fails: { code: MESSAGE_INVALID } }\n',
      );
      await rename(`${path}~`, path);
    });
    assert.match(replaced, /✓ only one/);
    assert.match(replaced, /1 passed/);
  });

  it('says what is wrong with the project, and goes on when it is mended', async () => {
    await start();
    const broken = await after(() =>
      project.edit('mappings/sales/orders.yaml', (old) =>
        old.replace('connection: archive', 'connection: archiv'),
      ),
    );
    assert.match(broken, /did you mean "archive"\?/);
    const mended = await after(() =>
      project.edit('mappings/sales/orders.yaml', (old) =>
        old.replace('connection: archiv\n', 'connection: archive\n'),
      ),
    );
    assert.match(mended, /4 passed/);
  });

  it('runs all or only what failed at the press of a key', async () => {
    await start();
    assert.match(await after(() => io.press('f')), /No case failed/);
    await after(() =>
      project.edit('mappings/sales/orders.yaml', (old) =>
        old.replace('currency: { const: EUR }', 'currency: { const: CHF }'),
      ),
    );
    const failed = await after(() => io.press('f'));
    assert.match(failed, /\n2 failed/);
    assert.match(await after(() => io.press('a')), /2 passed, 2 failed/);
  });

  it('is ended by a signal', async () => {
    await start('sales');
    io.signal('SIGINT');
    assert.equal(await ended, 0);
  });
});
