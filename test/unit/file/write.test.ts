import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Folder } from '../../../connectors/file/folder.ts';
import type { WriteSettings } from '../../../connectors/file/settings.ts';
import { writeFile } from '../../../connectors/file/write.ts';
import type { ActionResult } from '../../../core/sdk.ts';
import { callWith } from '../../support/connection.ts';

describe('file: the action write', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'crossdock-write-'));
  });
  afterEach(async () => {
    await rm(path, { recursive: true });
  });

  const write = (settings: WriteSettings, input: unknown): Promise<ActionResult> =>
    writeFile(new Folder(path), settings, input, callWith());
  const only = async (): Promise<readonly [string, string]> => {
    const [name = '', ...more] = await readdir(path);
    assert.deepEqual(more, []);
    return [name, await readFile(join(path, name), 'utf8')];
  };

  it('writes JSON under a name that is the same for each try', async () => {
    const first = await write({}, { a: 1 });
    const second = await write({}, { a: 1 });
    assert.deepEqual(first, second);
    const [name, content] = await only();
    assert.equal(name, first.ref);
    assert.match(name, new RegExp(`^${callWith().messageId}-.{12}\\.json$`));
    assert.equal(content, '{"a":1}\n');
  });

  it('writes CSV of one object or of a list, with formulas made harmless', async () => {
    const settings = {
      name: 'label-{id}.csv',
      format: 'csv',
      columns: ['id', 'name'],
      delimiter: ';',
    } as const;
    await write(settings, { id: 7, name: '=1+1', other: 'x' });
    assert.deepEqual(await only(), ['label-7.csv', "id;name\r\n7;'=1+1\r\n"]);
  });

  it('keeps names from the message inside the folder', async () => {
    await write({ name: '{id}' }, { id: '../../etc/passwd' });
    assert.deepEqual(await readdir(path), ['__.._etc_passwd.json']);
    await write({ name: '{id}' }, { id: '.hidden' });
    assert.deepEqual((await readdir(path)).includes('.hidden.json'), false);
  });

  it('refuses what it can not write', async () => {
    for (const [settings, input] of [
      [{ name: 'x-{order.id}' }, { order: {} }],
      [{ format: 'text' }, { a: 1 }],
      [{ format: 'csv' }, 'text'],
      [{ name: '{id}' }, { id: 'x'.repeat(300) }],
    ] as const)
      await assert.rejects(write(settings, input), { code: 'OUTPUT_INVALID' });
    assert.deepEqual(await readdir(path), []);
  });

  it('takes a folder that is gone for an outage', async () => {
    await rm(path, { recursive: true });
    await assert.rejects(write({}, 1), { code: 'TARGET_UNAVAILABLE' });
    await new Folder(path).make();
  });
});
