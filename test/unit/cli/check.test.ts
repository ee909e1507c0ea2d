import assert from 'node:assert/strict';
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { crossdock } from './captured-io.ts';
import { freshProject } from './fresh-project.ts';

const ORDERS = 'mappings/sales/orders.yaml';

describe('crossdock check', () => {
  const project = freshProject();
  const { run, edit } = project;

  it('shows what it knows of each expression', async () => {
    const { code, stdout } = await run(['check', '--types', 'sales/orders']);
    assert.equal(code, 0);
    assert.match(stdout, /^sales\/orders$/m);
    assert.match(stdout, /^ {2}message\.id +string$/m);
    assert.match(stdout, /No mistakes/);
    const { types } = JSON.parse((await run(['check', '--types', '--json'])).stdout) as {
      types: readonly { mapping: string; path: string; source: string; type: string; line: number }[];
    };
    const id = types.find(({ path }) => path === 'message.id');
    assert.deepEqual([id?.mapping, id?.source, id?.type], ['sales/orders', 'id', 'string']);
  });

  it('shows the types of a domain, and of a file or folder', async () => {
    const types = await run(['check', '--types', 'sales/orders']);
    for (const word of ['sales', 'sales/', 'mappings', 'mappings/sales', 'mappings/sales/orders.yaml'])
      assert.equal((await run(['check', '--types', word])).stdout, types.stdout, word);
    const nested = await crossdock(['check', '--types', 'orders.yaml'], {
      cwd: join(project.root, 'mappings/sales'),
    });
    assert.equal(nested.stdout, types.stdout);
  });

  it('says which mappings there are when it is asked for another one', async () => {
    const { code, stderr } = await run(['check', '--types', 'sales/ordr']);
    assert.equal(code, EXIT_CODES.usage.code);
    assert.match(stderr, /no mapping "sales\/ordr".*sales\/orders/);
  });

  it('passes with a warning, unless it is strict', async () => {
    await edit(ORDERS, (text) => text.replace('status = "paid"', 'id = 5'));
    const passed = await run(['check']);
    assert.equal(passed.code, 0);
    assert.match(passed.stdout, /warning: steps\[0\]\.filter: always false: .*\[constant-condition\]/);
    assert.match(passed.stdout, /^✓ No mistakes but 2 warnings: /m);
    const strict = await run(['check', '--strict']);
    assert.equal(strict.code, EXIT_CODES.failed.code);
    const json = JSON.parse((await run(['check', '--strict', '--json'])).stdout) as { ok: boolean };
    assert.equal(json.ok, false);
  });

  it('tells of links that lead nowhere and of linked folders, and follows links to files', async () => {
    const { root } = project;
    await rename(join(root, 'mappings/sales/orders.yaml'), join(root, 'orders.txt'));
    await symlink('../../orders.txt', join(root, 'mappings/sales/orders.yaml'));
    assert.equal((await run(['check'])).code, 0);
    await symlink('nowhere.yaml', join(root, 'mappings/sales/refunds.yaml'));
    await symlink('sales', join(root, 'mappings/more'));
    const { code, stdout } = await run(['check']);
    assert.equal(code, EXIT_CODES.failed.code);
    assert.match(
      stdout,
      /^mappings\/more:1:1: a link to a folder is not followed: put the folder itself here/m,
    );
    assert.match(stdout, /^mappings\/sales\/refunds\.yaml:1:1: the link leads to no file/m);
    assert.match(stdout, /2 mistakes in 2 files/);
  });

  it('says which expressions are left to the interpreter, and why', async () => {
    assert.match((await run(['check', '--verbose'])).stdout, /All expressions are compiled/);
    await edit(ORDERS, (text) => text.replace('status = "paid"', "'[$x := 1, $x]'"));
    const { stdout } = await run(['check', '--verbose']);
    assert.match(stdout, /orders\.yaml:\d+:\d+: steps\[0\]\.filter: a member of a constructor binds/);
  });

  it('marks the place in its line on a terminal, and keeps to one line elsewhere', async () => {
    await edit(ORDERS, (text) => text.replace('id: id ', 'id: $uppercse(id) '));
    const options = { cwd: project.root, env: { NO_COLOR: '1' } };
    const shown = await crossdock(['check'], { ...options, terminal: 100 });
    assert.match(shown.stdout, /\d+ │ .*\$uppercse\(id\).*\n +│ +\^{9} did you mean "\$uppercase"\?/);
    const plain = await crossdock(['check'], options);
    assert.match(
      plain.stdout,
      /^mappings\/sales\/orders\.yaml:\d+:\d+: message\.id: unknown function "\$uppercse"; did you mean "\$uppercase"\? \[unknown-function\]$/m,
    );
    assert.doesNotMatch(plain.stdout, /│/);
  });

  it('gives each mistake as data, with its code and an edit that puts it right', async () => {
    await edit(ORDERS, (text) => text.replace('id: id ', 'id: $uppercse(id) '));
    const { problems } = JSON.parse((await run(['check', '--json'])).stdout) as {
      problems: readonly { code: string; severity: string; fix: { text: string } }[];
    };
    const [problem] = problems;
    assert.deepEqual(
      [problem?.code, problem?.severity, problem?.fix.text],
      ['unknown-function', 'error', '$uppercase'],
    );
  });
});
