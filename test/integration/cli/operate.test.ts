import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { run } from '../../../cli/main.ts';
import { writeProject } from '../../support/hub.ts';
import { sendOrder } from '../../support/send-order.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';
import type { ScriptedServer } from '../../support/scripted-server.ts';
import { until } from '../../support/until.ts';
import type { CapturedIo, CapturedOptions, Ran } from '../../unit/cli/captured-io.ts';
import { capturedIo, crossdock } from '../../unit/cli/captured-io.ts';

const MAPPING = `from: { connection: shop, source: webhook }
message: { id: id, keys: { order: id } }
steps:
  - filter: status != "open"
to:
  - { target: erp, connection: erp, action: book, map: { id: id, customer: customer } }
  - { target: archive, connection: archive, action: write }
retry: { immediate: 0, delays: [1h] }
`;

const connections = (url: string): string => `shop:
  connector: webhook
  with: { verify: { type: bearer, secrets: ['\${file:secret}'] } }
erp:
  connector: rest
  with:
    base_url: ${url}
    check: /health
    actions:
      book: { method: POST, path: /orders, input: { type: object, required: [customer] } }
archive: { connector: file, with: { folder: out } }
`;

interface Failure {
  readonly id: string;
  readonly state: string;
  readonly code: string;
  readonly messageId: string;
}

describe('An operator at the command line', function () {
  this.timeout(120_000);

  let target: ScriptedServer;
  /** What the ERP answers. */
  let status = 200;
  const booked: unknown[] = [];
  let project: Awaited<ReturnType<typeof writeProject>>;
  let hub: CapturedIo;
  let running: Promise<number>;
  let url: string;

  const cli = (argv: readonly string[], options: CapturedOptions = {}): Promise<Ran> =>
    crossdock([...argv, '--url', url], { cwd: project.root, ...options });
  const json = async <T>(argv: readonly string[]): Promise<T> => {
    const { code, stdout, stderr } = await cli([...argv, '--json']);
    assert.ok(code === 0 || code === 1, `${argv.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  };
  const failures = async (...argv: string[]): Promise<readonly Failure[]> =>
    (await json<{ items: readonly Failure[] }>(['failures', 'list', ...argv])).items;
  const send = (order: object): Promise<string> =>
    sendOrder(
      { url, mapping: 'sales/orders', token: 's3cret', look: (id) => json(['messages', 'show', id]) },
      order,
    );

  before(async () => {
    target = await startScriptedServer(({ method, body }) => {
      if (status === 200 && method === 'POST') booked.push(JSON.parse(body));
      return { status: method === 'GET' ? 200 : status, body: JSON.stringify({ number: booked.length }) };
    });
    project = await writeProject({
      'config/connections.yaml': connections(target.url),
      'config/hub.yaml': `outbound: { allow: ['${target.address}'] }\n`,
      'mappings/sales/orders.yaml': MAPPING,
      secret: 's3cret\n',
    });
    hub = capturedIo({ cwd: project.root });
    running = run(['start', '--listen', '127.0.0.1:0', '--json', '--log-level', 'error'], hub);
    await until(() => hub.stdout().trimEnd().endsWith('}') || hub.stderr() !== '', { timeoutMs: 60_000 });
    assert.equal(hub.stderr(), '');
    url = (JSON.parse(hub.stdout()) as { url: string }).url;
  });

  after(async () => {
    hub.signal('SIGTERM');
    assert.equal(await running, 0);
    await target.close();
    await project.remove();
  });

  it('finds the admin token in the data folder, where no other user can read it', async () => {
    const { mode } = await stat(join(project.root, '.crossdock', 'admin-token'));
    assert.equal(mode & 0o077, 0);
    assert.ok(
      !hub
        .stdout()
        .includes((await readFile(join(project.root, '.crossdock', 'admin-token'), 'utf8')).trim()),
    );
    const { code } = await cli(['tokens']);
    assert.equal(code, 0);
  });

  it('is told that another process has the data folder', async () => {
    const { code, stderr } = await crossdock(['start', '--listen', '127.0.0.1:0', '--log-level', 'error'], {
      cwd: project.root,
    });
    assert.equal(code, EXIT_CODES.failed.code);
    assert.match(stderr, /^error: /);
    assert.match(stderr, /--data/);
  });

  it('finds a message by its key and follows its journey to both targets', async () => {
    const id = await send({ id: '1', status: 'paid', customer: 'C-1' });
    const found = await cli(['messages', 'search', 'order=1']);
    assert.match(found.stdout, new RegExp(`${id} .*order=1`));
    const trace = await cli(['messages', 'trace', id], { terminal: 120, env: { NO_COLOR: '1' } });
    assert.equal(trace.code, 0);
    assert.match(trace.stdout, /● accepted sales\/orders from shop\/sales\/orders\n.*order=1/);
    assert.match(trace.stdout, /├─ sales\/orders\/erp\n.*✓ delivered .*attempt 1, took/);
    assert.match(trace.stdout, /└─ sales\/orders\/archive\n.*✓ delivered/);
    const shown = await cli(['messages', 'show', id, '--payload']);
    assert.match(shown.stdout, /"customer": "C-1"/);
    const list = await cli(['messages', '--mapping', 'sales/orders', '-n', '1']);
    assert.match(list.stdout, new RegExp(id));
  });

  it('makes a schema of messages that the hub has', async () => {
    const ids = [
      await send({ id: 's-1', customer: 'c', status: 'paid' }),
      await send({ id: 's-2', customer: 'd' }),
    ];
    const made = await cli([
      'schema',
      'infer',
      'sales/seen@1',
      '--stdout',
      ...ids.flatMap((id) => ['--message', id]),
    ]);
    assert.equal(made.code, 0, made.stderr);
    const { properties, required } = JSON.parse(made.stdout) as { properties: object; required: string[] };
    assert.deepEqual(Object.keys(properties), ['id', 'customer', 'status']);
    assert.deepEqual(required, ['id', 'customer']);
    assert.match(made.stderr, /of 2 samples, 3 fields/);
  });

  it('sees which mappings and connections there are, and that they work', async () => {
    const mappings = await cli(['mappings']);
    assert.match(
      mappings.stdout,
      /sales\/orders +shop webhook +erp book, archive write +POST .*\/in\/sales\/orders/,
    );
    const mapping = await cli(['mappings', 'show', 'sales/orders']);
    assert.match(mapping.stdout, /filter: status != "open"/);
    const checked = await cli(['connections', 'check']);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stdout, /3 connections fine\./);
    const unknown = await cli(['connections', 'check', 'epr']);
    assert.equal(unknown.code, EXIT_CODES.failed.code);
    assert.match(unknown.stderr, /Did you mean "erp"\?/);
  });

  it('sees a failure, mends its body and sends it again', async () => {
    const id = await send({ id: '2', status: 'paid' });
    const [failure] = await failures('--message', id);
    assert.equal(failure?.code, 'OUTPUT_INVALID');
    const shown = await cli(['failures', 'show', failure.id]);
    assert.match(shown.stdout, /OUTPUT_INVALID: .*customer/);
    assert.match(shown.stdout, /what to do +Mend the mapping/);
    assert.match((await cli(['dead'])).stdout, new RegExp(failure.id));

    await writeFile(join(project.root, 'body.json'), '{"id":"2","status":"paid","customer":"C-2"}');
    const edited = await cli([
      'failures',
      'edit',
      failure.id,
      '--body',
      'body.json',
      '--why',
      'customer missing',
      '--retry',
    ]);
    assert.equal(edited.code, 0, edited.stderr);
    await until(async () => (await failures('--message', id)).length === 0);
    assert.deepEqual(booked.at(-1), { id: '2', customer: 'C-2' });
    const trace = await cli(['messages', 'trace', id]);
    assert.match(trace.stdout, /edited .*by admin, "customer missing"/);
  });

  it('mends a body in the editor of the person', async () => {
    const id = await send({ id: '3', status: 'paid' });
    const [failure] = await failures('--message', id);
    assert.ok(failure);
    const editor = join(project.root, 'editor');
    await writeFile(editor, `#!/bin/sh\nsed -i 's/"paid"/"paid", "customer": "C-3"/' "$1"\n`, {
      mode: 0o755,
    });
    const env = { EDITOR: editor };
    const untouched = await cli(['failures', 'edit', failure.id], { env: { EDITOR: 'true' }, answers: [] });
    assert.match(untouched.stderr, /Nothing was changed/);
    const edited = await cli(['failures', 'edit', failure.id, '--retry'], {
      env,
      answers: ['it was missing'],
    });
    assert.equal(edited.code, 0, edited.stderr);
    assert.deepEqual(edited.questions, ['Why is it changed? ']);
    await until(async () => (await failures('--message', id)).length === 0);
    assert.deepEqual(booked.at(-1), { id: '3', customer: 'C-3' });
  });

  it('retries many at once only when it says so', async () => {
    status = 500;
    for (const id of ['10', '11', '12']) await send({ id, status: 'paid', customer: 'C-1' });
    assert.equal((await failures('--state', 'waiting')).length, 3);
    const groups = await cli(['failures', 'groups']);
    assert.match(groups.stdout, /^ +3 +sales\/orders\/erp +3 waiting .*TARGET_FAILED/m);

    const vague = await cli(['failures', 'retry']);
    assert.equal(vague.code, EXIT_CODES.usage.code);
    assert.match(vague.stderr, /Say which failures/);
    const alone = await cli(['failures', 'retry', '--route', 'sales/orders/erp']);
    assert.equal(alone.code, EXIT_CODES.usage.code);
    assert.match(alone.stderr, /Retry 3 failures\? Nobody is there to answer: add --yes/);
    const dry = await cli(['failures', 'retry', '--all', '--dry-run']);
    assert.match(dry.stdout, /3 failures would be sent again\./);
    const declined = await cli(['failures', 'retry', '--all'], { answers: ['n'] });
    assert.equal(declined.code, EXIT_CODES.failed.code);
    assert.match(declined.questions[0] as string, /^Retry 3 failures\?/);
    assert.equal((await failures('--state', 'waiting')).length, 3);

    status = 200;
    const before = booked.length;
    const agreed = await cli(['retries', 'retry', '--all', '--why', 'the ERP is back'], { answers: ['yes'] });
    assert.equal(agreed.code, 0, agreed.stderr);
    assert.match(agreed.stdout, /✓ 3 failures sent again\./);
    await until(async () => (await failures()).length === 0);
    assert.equal(booked.length, before + 3);
  });

  it('postpones and gives up, and must say why', async () => {
    status = 500;
    const id = await send({ id: '20', status: 'paid', customer: 'C-1' });
    const [failure] = await failures('--message', id);
    assert.ok(failure);
    const later = await cli(['failures', 'reschedule', failure.id, '--due', '2h']);
    assert.equal(later.code, 0, later.stderr);
    assert.match((await cli(['failures'])).stdout, /waiting, in (1h|2h)/);

    const silent = await cli(['failures', 'discard', failure.id]);
    assert.equal(silent.code, EXIT_CODES.usage.code);
    assert.match(silent.stderr, /Say why/);
    const discarded = await cli(['failures', 'discard', failure.id, '--why', 'a test order']);
    assert.equal(discarded.code, 0, discarded.stderr);
    const again = await cli(['failures', 'discard', failure.id, '--why', 'a test order']);
    assert.equal(again.code, EXIT_CODES.failed.code);
    status = 200;
    assert.match((await cli(['messages', 'trace', id])).stdout, /discarded .*by admin, "a test order"/);
    assert.match(
      (await cli(['audit', '--type', 'discarded'])).stdout,
      /discarded +sales\/orders\/erp +by admin, "a test order"/,
    );
  });

  it('can prove that nothing was lost', async () => {
    await send({ id: '30', status: 'open', customer: 'C-1' });
    const { code, stdout } = await cli(['reconcile']);
    assert.equal(code, 0);
    assert.match(stdout, /^sales\/orders\/erp +\d+/m);
    assert.match(stdout, /✓ Balanced: nothing is missing\./);
    const redriven = await cli(['reconcile', '--redrive', '--yes']);
    assert.equal(redriven.code, 0);
    assert.match(redriven.stdout, /Nothing is stuck\./);
  });

  it('can prove that the audit log is what was written', async () => {
    const { code, stdout, stderr } = await cli(['audit', 'verify']);
    assert.equal(code, 0);
    assert.match(stdout, /✓ Intact: \d+ events in \d+ blocks are as they were written\./);
    assert.match(stderr, /Not compared with kept heads/);
    await writeFile(join(project.root, 'heads.json'), (await cli(['audit', 'verify', '--json'])).stdout);
    const compared = await cli(['audit', 'verify', '--heads', 'heads.json']);
    assert.deepEqual([compared.code, compared.stderr], [0, '']);
  });

  it('makes a token that may only look, and takes it away again', async () => {
    const made = await cli(['tokens', 'create', 'viewer', '--grant', 'viewer:sales', '--expires', '1h']);
    assert.equal(made.code, 0, made.stderr);
    const token = made.stdout.trim();
    assert.match(token, /^\S+$/);
    assert.match(made.stderr, /viewer on sales\/\*/);
    const looked = await cli(['messages', '--token', token]);
    assert.equal(looked.code, 0);
    const acted = await cli(['failures', 'retry', '--all', '--yes', '--token', token]);
    assert.equal(acted.code, EXIT_CODES.forbidden.code);
    const { items } = await json<{ items: { id: string; name: string }[] }>(['tokens', 'list']);
    const id = items.find(({ name }) => name === 'viewer')?.id as string;
    const revoked = await cli(['tokens', 'revoke', id, '--yes', '--why', 'no longer needed']);
    assert.equal(revoked.code, 0, revoked.stderr);
    await until(async () => (await cli(['messages', '--token', token])).code === EXIT_CODES.forbidden.code);
    assert.match((await cli(['tokens'])).stdout, /viewer .*revoked/);
  });

  it('says that a message is not there, and that an id is none', async () => {
    const gone = await cli(['messages', 'show', '019a5b0e-7c11-7d7e-8f5e-0d5a1c2b3d4e']);
    assert.equal(gone.code, EXIT_CODES.failed.code);
    assert.match(gone.stderr, /^error: /);
    const wrong = await cli(['messages', 'show', '4711']);
    assert.equal(wrong.code, EXIT_CODES.failed.code);
    assert.match(wrong.stderr, /id/);
  });
});
