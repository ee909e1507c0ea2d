import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { insertOutbox } from '../../../core/intake/index.ts';
import { connectPostgres } from '../../../core/store/index.ts';
import { writeProject } from '../../support/hub.ts';
import { realServices } from '../../support/real-services.ts';
import type { Ran } from '../../unit/cli/captured-io.ts';
import { crossdock } from '../../unit/cli/captured-io.ts';

const NAMESPACE = `cli_test_${process.pid}`;

describe('The commands for a database and a broker', function () {
  this.timeout(60_000);

  let services: NonNullable<ReturnType<typeof realServices>>;
  let project: Awaited<ReturnType<typeof writeProject>>;
  const cli = (
    argv: readonly string[],
    urls: { databaseUrl?: string; amqpUrl?: string } = {},
  ): Promise<Ran> =>
    crossdock(argv, {
      cwd: project.root,
      env: {
        CROSSDOCK_DATABASE_URL: urls.databaseUrl ?? services.databaseUrl,
        CROSSDOCK_AMQP_URL: urls.amqpUrl ?? services.amqpUrl,
        CROSSDOCK_LISTEN: '127.0.0.1:0',
      },
    });

  before(async function () {
    const found = realServices();
    if (found === undefined) return this.skip();
    services = found;
    project = await writeProject({
      'config/hub.yaml': `namespace: ${NAMESPACE}\n`,
      'config/connections.yaml': 'clock: { connector: schedule }\n',
    });
  });

  after(async () => {
    if (services === undefined) return;
    const database = connectPostgres({ url: services.databaseUrl, schema: NAMESPACE });
    await database.db.raw(`drop schema if exists ${NAMESPACE} cascade`);
    await database.close();
    await project.remove();
  });

  it('doctor names their versions, and finds them fit', async () => {
    const { stdout } = await cli(['doctor', '--json']);
    const { findings } = JSON.parse(stdout) as {
      findings: { name: string; status: string; detail: string }[];
    };
    const first = (name: string): { status: string; detail: string } | undefined =>
      findings.find((finding) => finding.name === name);
    assert.match(first('database')?.detail ?? '', /^PostgreSQL \d+\.\d+ at /);
    assert.equal(first('database')?.status, 'ok');
    assert.match(first('broker')?.detail ?? '', /^RabbitMQ \d+\.\d+\.\d+ at /);
    assert.deepEqual(
      findings.filter(({ name, status }) => name === 'broker' && status !== 'ok'),
      [],
    );
  });

  it('doctor says that a password is wrong, and not which', async () => {
    const wrong = (text: string): string => {
      const url = new URL(text);
      url.username = 'nobody';
      url.password = 'hunter2';
      return url.href;
    };
    const { code, stdout } = await cli(['doctor'], {
      databaseUrl: wrong(services.databaseUrl),
      amqpUrl: wrong(services.amqpUrl),
    });
    assert.equal(code, EXIT_CODES.failed.code);
    assert.match(stdout, /✗ database/);
    assert.match(stdout, /✗ broker +it does not let us in/);
    assert.ok(!stdout.includes('hunter2'));
  });

  it('migrate brings the schema up, doctor names what waits in it for routes of none, and it asks before it takes it back', async () => {
    const up = await cli(['migrate']);
    assert.equal(up.code, 0, up.stderr);
    assert.match(up.stdout, /ran 2 migrations \(0001, 0002\)/);
    assert.match((await cli(['migrate'])).stdout, /is up to date/);
    const database = connectPostgres({ url: services.databaseUrl, schema: NAMESPACE });
    await insertOutbox(database.db, [
      { route: 'old/one/gone', messageId: randomUUID(), attempts: 0, step: 0, repeat: false },
    ]);
    await database.close();
    const { stdout } = await cli(['doctor']);
    assert.match(stdout, /! database +no mapping has the route old\/one\/gone, but 1 delivery waits for it/);
    const unasked = await cli(['migrate', '--down']);
    assert.equal(unasked.code, EXIT_CODES.usage.code);
    assert.match(unasked.stderr, /all data in them are gone\. .*add --yes/);
    const down = await cli(['migrate', '--down', '--yes', '--json']);
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(JSON.parse(down.stdout), { ok: true, direction: 'down', migrations: ['0002', '0001'] });
  });
});
