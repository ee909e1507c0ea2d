import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { appendEvents, createEvent } from '../../../core/audit/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { query } from '../../../core/store/index.ts';
import { ADMIN, onServedApi } from '../api/served-api.ts';
import type { ServedApi } from '../api/served-api.ts';
import type { CapturedOptions, Ran } from '../../unit/cli/captured-io.ts';
import { crossdock } from '../../unit/cli/captured-io.ts';

/** More than one page holds. */
const BLOCKS = 502;

onServedApi('crossdock audit verify', (served) => {
  let api: ServedApi;
  let folder: string;
  let token: string;
  const verify = (argv: readonly string[] = [], options: CapturedOptions = {}): Promise<Ran> =>
    crossdock(['audit', 'verify', ...argv, '--url', api.url, '--token', token], { cwd: folder, ...options });
  const write = (): Promise<void> =>
    appendEvents(api.database.db, [createEvent('hub_stopped', { version: '1' }, {}, systemClock)]);
  const run = (text: string) => query(api.database.db, text);

  before(async () => {
    api = served();
    folder = await mkdtemp(join(tmpdir(), 'crossdock-heads-'));
    token = await api.issue(ADMIN);
    for (let block = 0; block < BLOCKS; block += 1) await write();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('goes through all pages, shows how far it is on a terminal, and ends with 0', async () => {
    const { code, stdout, stderr } = await verify([], { terminal: 120, env: { NO_COLOR: '1' } });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /✓ Intact: 502 events in 502 blocks are as they were written\./);
    assert.match(stderr, /500 blocks and 500 events compared …/);
  });

  it('prints the heads, and compares with them later', async () => {
    const { code, stdout } = await verify(['--json']);
    assert.equal(code, 0);
    const { heads, intact } = JSON.parse(stdout) as { heads: { chain: number }[]; intact: boolean };
    assert.ok(intact);
    await writeFile(join(folder, 'heads.json'), stdout);
    await write();
    assert.equal((await verify(['--heads', 'heads.json'])).code, 0);
    await writeFile(
      join(folder, 'other.json'),
      JSON.stringify({ heads: [{ ...heads[0], hash: '0'.repeat(64) }] }),
    );
    const other = await verify(['--heads', 'other.json']);
    assert.equal(other.code, EXIT_CODES.failed.code);
    assert.match(other.stdout, /✗ block 1\/\d+ is not the one that was kept/);
  });

  it('says what is wrong with a file that holds no heads', async () => {
    await writeFile(join(folder, 'none.json'), '{}');
    await writeFile(join(folder, 'odd.json'), '{"heads":[{"chain":1,"seq":"x"}]}');
    for (const file of ['missing.json', 'none.json', 'odd.json']) {
      const { code, stderr } = await verify(['--heads', file]);
      assert.equal(code, EXIT_CODES.usage.code);
      assert.match(stderr, new RegExp(file));
    }
  });

  it('names the block and the event that were tampered with, and ends with 1', async () => {
    const [victim] = (await run(
      `update events set data = '{"version":"2"}' where block = (select id from blocks where chain = 1 and seq = 7) returning id`,
    )) as { id: string }[];
    await run('delete from events where block = (select id from blocks where chain = 1 and seq = 9)');
    const { code, stdout } = await verify();
    assert.equal(code, EXIT_CODES.failed.code);
    assert.match(stdout, new RegExp(`✗ event ${victim?.id} \\(hub_stopped\\) of block 1/7 was changed`));
    assert.match(stdout, /✗ block 1\/9 of .* it had 1, it has 0/);
    assert.match(stdout, /✗ Tampered with: 2 findings in 502 events in 503 blocks\./);
    const json = JSON.parse((await verify(['--json'])).stdout) as {
      intact: boolean;
      findings: { kind: string }[];
    };
    assert.deepEqual([json.intact, json.findings.length], [false, 2]);
    assert.equal((await verify(['--since', '2100-01-01'])).code, 0);
  });

  it('is for those who may read all of the log', async () => {
    token = await api.issue({ role: 'auditor', domains: ['sales/*'] });
    assert.equal((await verify()).code, EXIT_CODES.forbidden.code);
    token = await api.issue({ role: 'auditor', domains: ['*'] });
    assert.equal((await verify()).code, EXIT_CODES.failed.code);
  });
});
