import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Hub, HubOptions } from '../../../cli/compose.ts';
import { connectPostgres, query } from '../../../core/store/index.ts';
import { startTestHub, writeProject } from '../../support/hub.ts';
import { realServices } from '../../support/real-services.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { startSink } from '../../support/sink.ts';
import type { Sink } from '../../support/sink.ts';
import { until } from '../../support/until.ts';

const PLACES: readonly { readonly kind: string; readonly options: () => Partial<HubOptions> | undefined }[] =
  [
    { kind: 'the embedded default', options: () => ({}) },
    { kind: 'RabbitMQ and Postgres', options: realServices },
  ];

/** A hub with one route, whose target answers when the test says so. */
class Bench {
  readonly log = new RecordingLog();
  readonly namespace = `once${randomBytes(5).toString('hex')}`;
  readonly #waiting: ServerResponse[] = [];
  readonly #ends: (() => Promise<unknown>)[] = [];
  hub: Hub | undefined;
  sink: Sink | undefined;

  async start(places: Partial<HubOptions>): Promise<void> {
    const sink = await startSink();
    this.#ends.push(() => sink.close());
    this.sink = sink;
    sink.answer = (_request, response) => void this.#waiting.push(response);
    const project = await writeProject({
      'config/hub.yaml': `namespace: ${this.namespace}\noutbound: { allow: ['127.0.0.1'] }\n`,
      'config/connections.yaml': `
sender: { connector: webhook, with: { verify: { type: none } } }
target: { connector: rest, with: { base_url: '${sink.url}', actions: { put: { method: POST, path: / } } } }
`,
      'mappings/a/b.yaml': `
from: { connection: sender, source: webhook }
message: { id: id }
to: [{ target: t, connection: target, action: put }]
`,
    });
    this.#ends.push(() => project.remove());
    const hub = await startTestHub(project.root, { ...places, log: this.log });
    this.#ends.push(() => hub.stop());
    this.hub = hub;
  }

  async end(): Promise<void> {
    this.answerAll();
    for (const end of this.#ends.reverse()) await end();
  }

  answerAll(): void {
    for (const response of this.#waiting.splice(0))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  async send(id: string): Promise<string> {
    const response = await fetch(`${this.hub?.url}/in/a/b`, {
      method: 'POST',
      body: JSON.stringify({ id }),
      headers: { 'content-type': 'application/json' },
    });
    return ((await response.json()) as { id: string }).id;
  }

  async api(path: string, body?: object): Promise<string> {
    const response = await fetch(`${this.hub?.url}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${this.hub?.adminToken}`, 'content-type': 'application/json' },
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return text;
  }

  /** How often the target was asked for the message with this id of the sender. */
  asked(id: string): number {
    return (this.sink?.requests ?? []).filter(({ body }) => body === JSON.stringify({ id })).length;
  }

  async delivered(message: string): Promise<number> {
    return (await this.api(`/messages/${message}/journey`)).split('"type":"delivered"').length - 1;
  }
}

for (const { kind, options } of PLACES) {
  describe(`A target that takes its time, on ${kind}`, () => {
    let bench: Bench;
    beforeEach(() => {
      bench = new Bench();
    });
    afterEach(() => bench.end());

    it('is asked once when a copy comes while the first is in hand', async function () {
      const places = options();
      if (places === undefined) return this.skip();
      await bench.start(places);
      const message = await bench.send('slow');
      await until(() => bench.asked('slow') === 1);
      await bench.api('/reconcile/redrive', { overdueAfter: 0, why: 'somebody is impatient' });
      // What comes behind the copy is asked for, so the copy was handed out before.
      await until(async () => (await bench.api('/reconcile')).includes('"outbox":0'));
      await bench.send('behind');
      await until(() => bench.asked('behind') === 1);
      assert.equal(bench.asked('slow'), 1);
      bench.answerAll();
      await until(async () => (await bench.delivered(message)) === 1);
      await until(async () => (await bench.api('/reconcile')).includes('"open":0'));
      assert.equal(bench.asked('slow'), 1);
      assert.equal(await bench.delivered(message), 1);
    });

    if (options !== realServices) return;
    it('is asked once though the store refuses to write for a while what became of it', async function () {
      const places = options();
      const { databaseUrl } = places ?? {};
      if (places === undefined || databaseUrl === undefined) return this.skip();
      await bench.start(places);
      const message = await bench.send('done');
      await until(() => bench.asked('done') === 1);
      const store = connectPostgres({ url: databaseUrl, schema: bench.namespace });
      try {
        await query(store.db, 'alter table events rename to events_away');
        bench.answerAll();
        await until(() => bench.log.lines.some(({ text }) => text.includes('stay in hand')));
        await query(store.db, 'alter table events_away rename to events');
      } finally {
        await store.close();
      }
      await until(async () => (await bench.delivered(message)) === 1);
      assert.equal(bench.asked('done'), 1);
    });
  });
}
