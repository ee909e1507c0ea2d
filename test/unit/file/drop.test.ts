import assert from 'node:assert/strict';
import {
  chmod,
  chown,
  mkdtemp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDrop } from '../../../connectors/file/drop.ts';
import { type DroppedFile, Folder } from '../../../connectors/file/folder.ts';
import type { DropOptions } from '../../../connectors/file/settings.ts';
import type { Page, PulledRecord } from '../../../core/sdk.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const NOBODY = 65_534;

/** A folder in which something happens right after a file was looked at, or read to its end. */
class BusyFolder extends Folder {
  afterLook: (file: DroppedFile) => Promise<void> = () => Promise.resolve();
  afterRead: (file: DroppedFile) => Promise<void> = () => Promise.resolve();

  override async holds(file: DroppedFile): Promise<boolean> {
    const held = await super.holds(file);
    await this.afterLook(file);
    return held;
  }

  override async *read(file: DroppedFile, signal: AbortSignal): AsyncGenerator<Buffer> {
    yield* super.read(file, signal);
    await this.afterRead(file);
  }
}

describe('file: the source drop', () => {
  let path: string;
  let log: RecordingLog;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'crossdock-drop-'));
    log = new RecordingLog();
  });
  afterEach(async () => {
    await rm(path, { recursive: true });
  });

  /** Drops a file that was written so many seconds ago. */
  const drop = async (name: string, content: string | Buffer, secondsAgo = 60): Promise<void> => {
    await writeFile(join(path, name), content);
    const at = new Date(NOW - secondsAgo * 1_000);
    await utimes(join(path, name), at, at);
  };
  /** Puts a file into the place of another at once, as a careful producer does. */
  const replace = async (name: string, content: string, secondsAgo: number): Promise<void> => {
    await drop('.next', content, secondsAgo);
    await rename(join(path, '.next'), join(path, name));
  };
  const pull = (
    options: DropOptions,
    cursor?: unknown,
    folder: Folder = new Folder(path),
  ): AsyncIterator<Page> => {
    const source = createDrop({ folder, clock: new ManualClock(NOW), log }, options);
    return source(cursor, new AbortController().signal, NOW)[Symbol.asyncIterator]();
  };
  /** Takes all pages, as if each was committed. */
  const pullAll = async (
    options: DropOptions,
    cursor?: unknown,
  ): Promise<{ records: PulledRecord[]; cursor: unknown; pages: number }> => {
    const records: PulledRecord[] = [];
    let last = cursor;
    let pages = 0;
    const pagesOf = pull(options, cursor);
    for (let next = await pagesOf.next(); next.done !== true; next = await pagesOf.next()) {
      records.push(...next.value.records);
      last = next.value.cursor;
      if (next.value.records.length > 0) pages += 1;
    }
    return { records, cursor: last, pages };
  };
  const names = async (sub = ''): Promise<string[]> =>
    (await readdir(join(path, sub)).catch(() => [])).sort();
  const bodies = (records: readonly PulledRecord[]): unknown[] => records.map(({ body }) => body);

  it('yields a record per CSV line, then moves the file to done', async () => {
    await drop('stock.csv', 'sku,available\nA,1\n"B, red",02\n');
    const { records } = await pullAll({});
    assert.deepEqual(bodies(records), [
      { sku: 'A', available: '1' },
      { sku: 'B, red', available: '02' },
    ]);
    assert.deepEqual(records[1]?.headers, { file: 'stock.csv', record: '2' });
    assert.equal(new Set(records.map(({ key }) => key)).size, 2);
    assert.deepEqual(await names(), ['done']);
    assert.deepEqual(await names('done'), ['stock.csv']);
  });

  it('yields items of a JSON list, one document, or a line of NDJSON each, with their own bytes', async () => {
    await drop('list.json', '\uFEFF [ {"a": "x,]\\"}"}, 2 ,[3,[4]],\n"five" ] \n', 30);
    await drop('one.json', '{"a": [1, 2]}', 20);
    const json = await pullAll({ format: 'json', pattern: '*.json' });
    assert.deepEqual(bodies(json.records), [{ a: 'x,]"}' }, 2, [3, [4]], 'five', { a: [1, 2] }]);
    assert.equal(json.records[0]?.payload?.toString(), '{"a": "x,]\\"}"}');
    await drop('lines.ndjson', '{"a":1}\n\n{"a":2}\r\n{"a":3}');
    const lines = await pullAll({ format: 'ndjson', pattern: '*.ndjson' });
    assert.deepEqual(bodies(lines.records), [{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('takes the oldest file first', async () => {
    await drop('a.csv', 'n\n3\n', 10);
    await drop('c.csv', 'n\n1\n', 30);
    await drop('b.csv', 'n\n2\n', 20);
    assert.deepEqual(bodies((await pullAll({})).records), [{ n: '1' }, { n: '2' }, { n: '3' }]);
  });

  it('leaves alone what may still be written, what does not match, links and folders', async () => {
    await drop('fresh.csv', 'n\n1\n', 1);
    for (const name of ['x.csv.tmp', 'x.csv.part', '.hidden.csv', 'other.txt']) await drop(name, 'n\n1\n');
    await symlink('/etc/passwd', join(path, 'link.csv'));
    await mkdir(join(path, 'folder.csv'));
    const before = await names();
    assert.deepEqual((await pullAll({ pattern: '*.csv' })).records, []);
    assert.deepEqual(await names(), before);
  });

  it('waits for a file whose time is ahead of the clock until it was seen unchanged for long enough', async () => {
    const clock = new ManualClock(NOW);
    const source = createDrop({ folder: new Folder(path), clock, log }, { settle: '10s' });
    const run = async (): Promise<unknown[]> => {
      const records: unknown[] = [];
      for await (const page of source(undefined, new AbortController().signal, NOW))
        records.push(...bodies(page.records));
      return records;
    };
    await drop('a.csv', 'n\n1\n', -7_200);
    assert.deepEqual(await run(), []);
    await clock.advance(6_000);
    await drop('a.csv', 'n\n1\n2\n', -7_200);
    assert.deepEqual(await run(), []);
    await clock.advance(6_000);
    assert.deepEqual(await run(), []);
    await clock.advance(4_000);
    assert.deepEqual(await run(), [{ n: '1' }, { n: '2' }]);
    assert.deepEqual(await names(), ['done']);
  });

  it('reads in pages of 500 and moves the file only after the last one is committed', async () => {
    await drop('big.csv', `n\n${Array.from({ length: 1_200 }, (_, i) => i).join('\n')}\n`);
    const pages = pull({});
    const sizes: number[] = [];
    for (let next = await pages.next(); next.done !== true; next = await pages.next()) {
      if (next.value.records.length === 0) continue;
      sizes.push(next.value.records.length);
      assert.deepEqual(await names(), ['big.csv']);
    }
    assert.deepEqual(sizes, [500, 500, 200]);
    assert.deepEqual(await names('done'), ['big.csv']);
  });

  for (const [format, content] of [
    ['csv', `n,wide\n${`1,${'x'.repeat(900_000)}\n`.repeat(12)}`],
    ['ndjson', `{"wide":"${'x'.repeat(900_000)}"}\n`.repeat(12)],
  ] as const)
    it(`reads wide records in smaller pages (${format})`, async () => {
      await drop('wide', content);
      assert.deepEqual(
        await pullAll({ format }).then(({ records, pages }) => [records.length, pages]),
        [12, 3],
      );
    });

  it('goes on at the very record after a crash', async () => {
    await drop('big.csv', `n\n${Array.from({ length: 700 }, (_, i) => i).join('\n')}\n`, 90);
    // The first page was committed, then the hub died.
    const first = (await pull({}).next()).value as Page;
    // What came in between waits for its turn, even if it is older.
    await drop('other.csv', 'n\nlast\n', 100);
    assert.equal(first.records.length, 500);
    const { records } = await pullAll({}, JSON.parse(JSON.stringify(first.cursor)));
    assert.deepEqual(bodies(records).slice(0, 2), [{ n: '500' }, { n: '501' }]);
    assert.deepEqual(bodies(records).slice(-2), [{ n: '699' }, { n: 'last' }]);
    assert.equal(records.length, 201);
  });

  it('only moves a file whose last page was committed before a crash', async () => {
    await drop('a.csv', 'n\n1\n');
    const page = (await pull({}).next()).value as Page;
    assert.deepEqual(await names(), ['a.csv']);
    assert.deepEqual((await pullAll({}, page.cursor)).records, []);
    assert.deepEqual(await names('done'), ['a.csv']);
  });

  it('reads a file anew that has been replaced by another of the same name', async () => {
    await drop('a.csv', 'n\n1\n');
    const page = (await pull({}).next()).value as Page;
    await drop('a.csv', 'n\n2\n', 30);
    assert.deepEqual(bodies((await pullAll({}, page.cursor)).records), [{ n: '2' }]);
  });

  it('yields nothing of a file that is written to while it is read, and begins anew', async () => {
    const content = (n: number, length: number): string =>
      `n,filler\n${`${n},${'x'.repeat(length)}\n`.repeat(2_000)}`;
    await drop('big.csv', content(1, 100));
    const pages = pull({});
    const page = (await pages.next()).value as Page;
    assert.equal(page.records.length, 500);
    await drop('big.csv', content(2, 90), 30);
    assert.equal((await pages.next()).done, true);
    const { records } = await pullAll({}, page.cursor);
    assert.equal(records.length, 2_000);
    assert.ok(records.every(({ body }) => (body as { n: string }).n === '2'));
  });

  it('does not put aside what can not be read because it is still being written', async () => {
    await drop('list.json', '[{"a":1', 60);
    const folder = new BusyFolder(path);
    folder.afterRead = () => drop('list.json', '[{"a":1}]', 30);
    const pages = pull({ format: 'json' }, undefined, folder);
    assert.equal((await pages.next()).done, true);
    assert.deepEqual(await names(), ['list.json']);
    assert.deepEqual(bodies((await pullAll({ format: 'json' })).records), [{ a: 1 }]);
  });

  it('keeps both when a file of the same name is in done already', async () => {
    await drop('a.csv', 'n\n1\n', 60);
    await pullAll({});
    await drop('a.csv', 'n\n2\n', 30);
    await pullAll({});
    assert.deepEqual(await names('done'), [`a.${NOW - 30_000}.csv`, 'a.csv']);
  });

  it('deletes instead, if told so', async () => {
    await drop('a.csv', 'n\n1\n');
    await pullAll({ after: 'delete' });
    assert.deepEqual(await names(), []);
  });

  for (const after of ['move', 'delete'] as const) {
    it(`reads a file that came into the place of one that was read (${after})`, async () => {
      await drop('stock.csv', 'n\n1\n');
      const pages = pull({ after });
      const page = (await pages.next()).value as Page;
      // As long, and as old: only the inode tells them apart.
      await replace('stock.csv', 'n\n2\n', 60);
      await pages.next();
      assert.deepEqual(await names(), ['stock.csv']);
      assert.deepEqual(bodies((await pullAll({ after }, page.cursor)).records), [{ n: '2' }]);
    });

    it(`reads what came into the place at the very moment, and what came there next (${after})`, async () => {
      await drop('stock.csv', 'n\n1\n');
      const folder = new BusyFolder(path);
      const pages = pull({ after, pattern: 'stock.csv' }, undefined, folder);
      await pages.next();
      folder.afterLook = async () => {
        folder.afterLook = () => Promise.resolve();
        await replace('stock.csv', 'n\n2\n', 50);
      };
      await pages.next();
      await drop('stock.csv', 'n\n3\n', 40);
      const { records } = await pullAll({ after, pattern: 'stock.csv' });
      assert.deepEqual(bodies(records), [{ n: '2' }, { n: '3' }]);
      assert.deepEqual(
        records.map(({ headers }) => headers?.['file']),
        ['stock.csv', 'stock.csv'],
      );
      assert.deepEqual(await names(), after === 'move' ? ['done'] : []);
      assert.equal((await names('done')).length, after === 'move' ? 2 : 0);
    });

    it(`puts away, and does not read again, a file at which the hub died while it put it away (${after})`, async () => {
      await drop('stock.csv', 'n\n1\n');
      const folder = new BusyFolder(path);
      const pages = pull({ after }, undefined, folder);
      const page = (await pages.next()).value as Page;
      folder.afterLook = dieBehindTheNewName;
      await assert.rejects(async () => await pages.next(), /the hub died/);
      assert.ok(!(await names()).includes('stock.csv'));
      await drop('stock.csv', 'n\n2\n', 40);
      assert.deepEqual(bodies((await pullAll({ after }, page.cursor)).records), [{ n: '2' }]);
      assert.deepEqual(await names(), after === 'move' ? ['done'] : []);
    });
  }

  it('goes on with an unreadable file at which the hub died while it put it aside', async () => {
    await drop('bad.csv', 'a,b\n1,2\n3\n');
    const folder = new BusyFolder(path);
    const pages = pull({}, undefined, folder);
    const page = (await pages.next()).value as Page;
    folder.afterLook = dieBehindTheNewName;
    await assert.rejects(async () => await pages.next(), /the hub died/);
    assert.deepEqual((await pullAll({}, page.cursor)).records, []);
    assert.deepEqual(await names('failed'), ['bad.csv', 'bad.csv.reason.txt']);
    const reason = await readFile(join(path, 'failed', 'bad.csv.reason.txt'), 'utf8');
    assert.match(reason, /Records accepted before: 1/);
  });

  it('puts away a file whose name leaves no room for another', async () => {
    const name = `${'n'.repeat(251)}.csv`;
    await drop(name, 'n\n1\n');
    assert.equal((await pullAll({})).records.length, 1);
    assert.deepEqual(await names('done'), [name]);
  });

  it('puts an unreadable file aside with the reason, keeps the records before that place, and goes on', async () => {
    await drop('bad.csv', 'a,b\n1,2\n3\n4,5\n', 60);
    await drop('good.csv', 'a,b\n6,7\n', 50);
    const { records, cursor } = await pullAll({});
    assert.deepEqual(bodies(records), [
      { a: '1', b: '2' },
      { a: '6', b: '7' },
    ]);
    assert.equal(cursor, null);
    assert.deepEqual(await names('failed'), ['bad.csv', 'bad.csv.reason.txt']);
    const reason = await readFile(join(path, 'failed', 'bad.csv.reason.txt'), 'utf8');
    assert.match(reason, /line 3: it has 1 fields instead of 2/);
    assert.match(reason, /Records accepted before: 1/);
    assert.deepEqual(
      log.lines.map(({ level }) => level),
      ['error'],
    );
  });

  for (const [what, format, content] of [
    ['JSON whose list does not end', 'json', '[1, 2'],
    ['JSON with something behind its list', 'json', '[1] 2'],
    ['JSON with a missing item', 'json', '[1,,2]'],
    ['JSON with an item that is none', 'json', '[1, nope]'],
    ['NDJSON with a line that is none', 'ndjson', '{"a":1}\n{'],
    ['bytes that are not UTF-8', 'json', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])],
    ['a record that is too long', 'json', `["${'x'.repeat(200)}"]`],
    ['a line that is too long', 'ndjson', `"${'x'.repeat(200)}"`],
  ] as const)
    it(`puts ${what} aside`, async () => {
      await drop('bad', content);
      await pullAll({ format, max_record_bytes: 100 });
      assert.deepEqual(await names('failed'), ['bad', 'bad.reason.txt']);
    });

  it('takes an empty file for one without records', async () => {
    await drop('empty.csv', '');
    await drop('empty.json', '[ ]');
    assert.deepEqual((await pullAll({ pattern: '*.csv' })).records, []);
    assert.deepEqual((await pullAll({ pattern: '*.json', format: 'json' })).records, []);
    assert.deepEqual(await names('done'), ['empty.csv', 'empty.json']);
  });

  it('cuts items the same wherever the chunks of the file end', async () => {
    const text = '[{"a":"\\\\\\"],"},[[]],"ü€𝄞",{"b":{"c":[1,2]}}]';
    const filler = ' '.repeat(65_536 - 12);
    await drop('cut.json', filler + text);
    const { records } = await pullAll({ format: 'json' });
    assert.deepEqual(bodies(records), JSON.parse(text));
  });

  it('goes on behind files that it may not open, and says so of the first one in the end', async () => {
    await drop('a.csv', 'n\n1\n', 60);
    await drop('b.csv', 'n\n2\n', 50);
    await drop('c.csv', 'n\n3\n', 40);
    for (const name of ['a.csv', 'b.csv']) await chmod(join(path, name), 0);
    const records: PulledRecord[] = [];
    await withoutPrivileges(path, async () => {
      const pages = pull({});
      await assert.rejects(
        async () => {
          for (let next = await pages.next(); next.done !== true; next = await pages.next())
            records.push(...next.value.records);
        },
        { code: 'TARGET_UNAVAILABLE', message: /The file can not be read: .*a\.csv may not be read/ },
      );
    });
    assert.deepEqual(bodies(records), [{ n: '3' }]);
    assert.deepEqual(await names(), ['a.csv', 'b.csv', 'done']);
  });

  it('goes on at the very record of a file that could not be opened for a while', async () => {
    await drop('big.csv', `n\n${Array.from({ length: 700 }, (_, i) => i).join('\n')}\n`);
    const { cursor } = (await pull({}).next()).value as Page;
    await chmod(join(path, 'big.csv'), 0);
    await withoutPrivileges(path, async () => {
      await assert.rejects(pullAll({}, cursor), { code: 'TARGET_UNAVAILABLE' });
    });
    await chmod(join(path, 'big.csv'), 0o600);
    assert.deepEqual(bodies((await pullAll({}, cursor)).records)[0], { n: '500' });
  });

  it('says which file it can not read because its name is not UTF-8', async () => {
    await drop('good.csv', 'n\n1\n');
    const name = Buffer.concat([Buffer.from(`${path}/b`), Buffer.from([0xfc]), Buffer.from('ro.csv')]);
    await writeFile(name, 'n\n2\n');
    const pages = pull({ pattern: '*.csv' });
    assert.deepEqual(bodies(((await pages.next()).value as Page).records), [{ n: '1' }]);
    await pages.next();
    await assert.rejects(async () => await pages.next(), {
      code: 'TARGET_UNAVAILABLE',
      message: 'The file b\\xfcro.csv can not be read: its name is not UTF-8.',
    });
    assert.deepEqual((await pullAll({ pattern: '*.json' })).records, []);
  });

  it('says what is wrong with a folder that is gone', async () => {
    const source = createDrop(
      { folder: new Folder(join(path, 'gone')), clock: new ManualClock(NOW), log },
      {},
    );
    const pages = source(undefined, new AbortController().signal, NOW)[Symbol.asyncIterator]();
    await assert.rejects(pages.next(), { code: 'TARGET_UNAVAILABLE', message: /does not exist/ });
  });

  it('stops between pages when it is told to', async () => {
    await drop('big.csv', `n\n${Array.from({ length: 700 }, (_, i) => i).join('\n')}\n`);
    const controller = new AbortController();
    const source = createDrop({ folder: new Folder(path), clock: new ManualClock(NOW), log }, {});
    const pages = source(undefined, controller.signal, NOW)[Symbol.asyncIterator]();
    await pages.next();
    controller.abort();
    await pages.return?.();
    assert.deepEqual(await names(), ['big.csv']);
  });
});

/** The modes of files do not hold root back: as root, becomes nobody for a while, and the folder theirs. */
async function withoutPrivileges(path: string, work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await work();
  await chown(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

function dieBehindTheNewName({ name, at }: DroppedFile): Promise<void> {
  return at === name ? Promise.resolve() : Promise.reject(new Error('the hub died'));
}
