import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../scripts/services/processes.ts';
import { writeProject } from '../support/hub.ts';
import { crossdock, startHubProcess } from '../support/hub-process.ts';
import type { CommandResult, HubProcess } from '../support/hub-process.ts';
import { sendOrder } from '../support/send-order.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import type { ScriptedServer } from '../support/scripted-server.ts';

const PERSON = 'Ottilie Brandt';
const MAIL = 'ottilie.brandt@corp.test';
const ORDER = {
  id: '4711',
  customer: { id: 'C-1', name: PERSON, email: MAIL },
  comment: `Please ring at ${PERSON}.`,
  contact: { phone: '+49 40 1234567' },
  lines: [
    { sku: 'MUG-1', quantity: 2 },
    { sku: 'PEN-9', quantity: 0 },
  ],
};

const project = (crm: ScriptedServer): Record<string, string> => ({
  'config/connections.yaml': `shop:
  connector: webhook
  with: { verify: { type: bearer, secrets: ['\${file:secret}'] } }
archive: { connector: file, with: { folder: out } }
crm:
  connector: rest
  with: { base_url: '${crm.url}', check: /, actions: { find: { method: GET, path: '/accounts/{id}' } } }
`,
  'config/hub.yaml': `outbound: { allow: ['${crm.address}'] }\n`,
  'schemas/sales/order@1.json': JSON.stringify({
    type: 'object',
    properties: {
      customer: { $ref: 'sales/customer@1' },
      comment: { type: 'string' },
      lines: { type: 'array', minItems: 1 },
      terms: { type: 'integer', minimum: 14, maximum: 14, 'x-sensitive': true },
    },
  }),
  'schemas/sales/customer@1.json': JSON.stringify({
    type: 'object',
    properties: {
      id: { type: 'string' },
      name: { type: 'string', 'x-sensitive': true },
      email: { type: 'string', format: 'email', 'x-sensitive': true },
    },
  }),
  'mappings/sales/orders.yaml': `from: { connection: shop, source: webhook }
message: { schema: sales/order@1, id: id, keys: { order: id } }
to:
  - target: archive
    connection: archive
    action: write
    map: { ref: id, buyer: $uppercase(customer.name), mail: customer.email, comment: comment }
`,
  'mappings/sales/lines.yaml': `from: { connection: shop, source: webhook }
message: { schema: sales/order@1, id: id }
steps:
  - enrich: { as: account, connection: crm, action: find, with: { id: customer.id } }
  - split: 'lines.$merge([$, { "buyer": $$.customer.name, "account": $$.account.code }])'
  - filter: quantity > 0
to:
  - { target: archive, connection: archive, action: write }
`,
  'mappings/sales/lines.test.yaml': `# Tests of the lines.
cases:
  - name: an order without lines is refused # as it should be
    input: { id: '1', lines: [] }
    fails: { code: MESSAGE_INVALID, path: /lines }
`,
  secret: 's3cret\n',
});

describe('crossdock test capture, asking a running hub', function () {
  this.timeout(90_000);
  let crm: ScriptedServer;
  let files: Awaited<ReturnType<typeof writeProject>>;
  let hub: HubProcess;

  const cli = (...argv: readonly string[]): Promise<CommandResult> =>
    crossdock({ root: files.root, url: hub.url }, ...argv);
  const send = (mapping: string, order: object): Promise<string> =>
    sendOrder({ url: hub.url, mapping, token: 's3cret', look: (id) => hub.api(`/messages/${id}`) }, order);
  const read = (file: string): Promise<string> => readFile(join(files.root, file), 'utf8');

  before(async () => {
    crm = await startScriptedServer(() => ({ status: 200, body: JSON.stringify({ code: 'K-1' }) }));
    files = await writeProject(project(crm));
    hub = await startHubProcess({ root: files.root, port: await freePort() });
  });

  after(async () => {
    await (hub as HubProcess | undefined)?.stop();
    await files.remove();
    await crm.close();
  });

  it('prints a case without what is sensitive, and writes nothing', async () => {
    const id = await send('sales/orders', ORDER);
    const { code, stdout, stderr } = await cli('test', 'capture', id);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /brandt|ottilie/i);
    assert.match(
      stdout,
      new RegExp(`^# Captured from message ${id}; 3 values are replaced\\.\n- name: 'captured sales`),
    );
    assert.match(stdout, /message:\n {4}id: '4711'\n {4}keys:\n {6}order: '4711'/);
    assert.match(stderr, /3 values replaced:\n {2}input\.customer\.name /);
    assert.match(stderr, /input\.contact\.phone looks like a phone number/);
    assert.match(stderr, /Nothing is written\./);
    await assert.rejects(read('mappings/sales/orders.test.yaml'), { code: 'ENOENT' });
    const { items } = await hub.api<{ items: { type: string }[] }>('/audit');
    assert.ok(
      items.some(({ type }) => type === 'payload_read'),
      'the reading of the payload is audited',
    );
  });

  it('asks before it writes what looks personal; then the written case passes', async () => {
    const id = await send('sales/orders', { ...ORDER, id: '4712' });
    const refused = await cli('test', 'capture', id, '--write');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--yes/);
    const { code, stderr } = await cli(
      'test',
      'capture',
      id,
      '--write',
      '--sensitive',
      'contact.phone',
      '--name',
      'an order',
    );
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(await read('mappings/sales/orders.test.yaml'), /brandt|ottilie|1234567/i);
    const again = await cli('test', 'capture', id, '--write', '--yes', '--name', 'an order');
    assert.equal(again.code, 0, again.stderr);
    const { stdout, code: tested } = await cli('test', 'sales/orders');
    assert.equal(tested, 0, stdout);
    assert.match(stdout, /✓ an order\n {2}✓ an order \(2\)\n/);
  });

  it('leaves a place for an answer that the hub does not keep; with it, --update fills the case in', async () => {
    const id = await send('sales/lines', ORDER);
    const { code, stderr } = await cli('test', 'capture', id, '--write', '--yes', '--name', 'two lines');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /write given\.account \(what crm find answers\)/);
    const open = await cli('test', 'sales/lines');
    assert.equal(open.code, 0);
    assert.match(open.stdout, /○ two lines\n {6}to do: write given\.account/);
    assert.match(open.stdout, /1 passed, 1 to do/);
    assert.match(
      await read('mappings/sales/lines.test.yaml'),
      /^# Tests of the lines\.\n.*# as it should be\n/s,
    );
  });

  it('takes answers from a file, and the message of which a part was split off', async () => {
    const id = await send('sales/lines', { ...ORDER, id: '4713' });
    const journey = await hub.api<{ messages: { id: string; causationId?: string }[] }>(
      `/messages/${id}/journey`,
    );
    const part = journey.messages.find(({ causationId }) => causationId === id);
    const answers = await writeProject({ 'answers.yaml': `account: { code: K-1, owner: ${MAIL} }\n` });
    const { code, stdout, stderr } = await cli(
      ...['test', 'capture', part?.id ?? '', '--given', join(answers.root, 'answers.yaml'), '--json'],
    );
    await answers.remove();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /brandt|ottilie/i);
    const captured = JSON.parse(stdout) as {
      case: {
        input: typeof ORDER;
        given: object;
        expect: { archive: { sku: string; buyer: string; account: string }[] };
      };
      differs: string[];
    };
    const { input, given, expect } = captured.case;
    assert.deepEqual(given, { account: { code: 'K-1', owner: input.customer.email } });
    assert.deepEqual(
      expect.archive.map(({ sku, buyer, account }) => [sku, buyer, account]),
      [['MUG-1', input.customer.name, 'K-1']],
    );
    assert.deepEqual(captured.differs, []);
  });

  it('captures what a failure was about', async () => {
    const id = await send('sales/lines', { id: '4714', lines: [] });
    const { items } = await hub.api<{ items: { id: string; messageId: string }[] }>('/failures');
    const failure = items.find(({ messageId }) => messageId === id);
    const { code, stdout, stderr } = await cli('test', 'capture', '--failure', failure?.id ?? '');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /fails:\n {4}code: MESSAGE_INVALID\n {4}path: \/lines/);
  });

  it('writes nothing when a path that is to be hidden is nowhere in the message', async () => {
    const id = await send('sales/orders', { ...ORDER, id: '4715' });
    const before = await read('mappings/sales/orders.test.yaml');
    const capture = ['test', 'capture', id, '--write', '--yes', '--sensitive', 'contact.fone'];
    const { code, stdout, stderr } = await cli(...capture);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /--sensitive contact\.fone is nowhere in the message\. Did you mean "contact\.phone"\?/,
    );
    assert.equal(stdout, '');
    assert.equal(await read('mappings/sales/orders.test.yaml'), before);
  });

  it('writes no case that is invalid only because no stand-in fits', async () => {
    const id = await send('sales/orders', { ...ORDER, id: '4716', terms: 14 });
    const before = await read('mappings/sales/orders.test.yaml');
    const { code, stdout, stderr } = await cli('test', 'capture', id, '--write', '--yes');
    assert.equal(code, 2);
    assert.match(stdout, /MESSAGE_INVALID/);
    assert.match(stderr, /Nothing is written: no stand-in fits the schema at input\.terms/);
    assert.equal(await read('mappings/sales/orders.test.yaml'), before);
  });

  it('says what it can not capture', async () => {
    const unknown = await cli('test', 'capture', '019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e');
    assert.equal(unknown.code, 1);
    for (const [what, ...argv] of [
      ['message', 'abc'],
      ['failure', '--failure', 'abc'],
    ]) {
      const strange = await cli('test', 'capture', ...argv);
      assert.equal(strange.code, 2);
      assert.match(strange.stderr, new RegExp(`"abc" is no id of a ${what}: such an id looks like 019a`));
    }
    const nothing = await cli('test', 'capture');
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /Name a message, or a failure with --failure/);
  });
});
