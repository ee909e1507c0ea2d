import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { RecordingLog } from '../../support/recording-log.ts';
import { realServices } from '../../support/real-services.ts';
import { startSink } from '../../support/sink.ts';
import { startTestHub, writeProject } from '../../support/hub.ts';
import { until } from '../../support/until.ts';

type Answer = (response: ServerResponse) => void;

const json =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
const raw =
  (text: string): Answer =>
  (response) =>
    void response.socket?.end(Buffer.from(text, 'latin1'));

/** What targets may say that a store, a calendar or a text can not take as it is; each with the event that it leads to. */
const ANSWERS: readonly (readonly [string, Answer])[] = [
  ['delivered', json(201, JSON.stringify({ id: 'x'.repeat(1_000_000) }))],
  ['delivered', json(201, '{"id":"NUL \\u0000 and half a pair \\ud83d"}')],
  ['delivered', json(201, '{"id":1e999}')],
  ['delivered', json(201, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]))],
  ['delivered', json(201, '['.repeat(200_000))],
  ['dead', json(400, Buffer.concat([Buffer.from('\u0000\u0007'), randomBytes(500_000)]))],
  ['dead', json(422, Buffer.from('eda080eda080', 'hex'))],
  ['dead', json(302, '', { location: 'http://%00%ff/\u00ff' })],
  ['retry_scheduled', json(500, '\\'.repeat(100_000), { 'retry-after': '9999999999' })],
  ['throttled', json(429, '', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' })],
  ['throttled', json(503, '', { 'retry-after': '9999999999.9', date: 'never' })],
  ['throttled', json(429, '', { 'retry-after': '-Infinity' })],
  ['in_doubt', raw('HTTP/1.1 201 \u0000\u0001\r\nx: \u0000\r\n\r\n')],
  ['in_doubt', raw('\u0000\u0000\u0000')],
  ['in_doubt', raw('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{"id":')],
];

const PLACES = [
  { kind: 'the embedded default', options: () => ({}) },
  { kind: 'RabbitMQ and Postgres', options: realServices },
];

for (const { kind, options } of PLACES) {
  describe(`Targets that say what nobody can store, on ${kind}`, () => {
    it('are each asked once, and each delivery is settled', async function () {
      const places = options();
      if (places === undefined) return this.skip();
      const sink = await startSink();
      sink.answer = ({ path }, response) => ANSWERS[Number(path.slice(1))]?.[1](response);
      const files: Record<string, string> = {
        'config/hub.yaml': `namespace: h${randomBytes(5).toString('hex')}\noutbound: { allow: ['127.0.0.1'] }\n`,
        'config/connections.yaml': [
          'sender: { connector: webhook, with: { verify: { type: none } } }',
          // One each: what they say pauses connections.
          ...ANSWERS.map(
            (_, index) =>
              `t${index}: { connector: rest, with: { base_url: '${sink.url}', actions: { put: { method: POST, path: /${index}, ref: id } } } }`,
          ),
        ].join('\n'),
      };
      ANSWERS.forEach((_, index) => {
        files[`mappings/odd/m${index}.yaml`] = `
from: { connection: sender, source: webhook }
message: { id: id }
retry: { immediate: 0, delays: [1h] }
to: [{ target: t, connection: t${index}, action: put }]
`;
      });
      const project = await writeProject(files);
      const log = new RecordingLog();
      const hub = await startTestHub(project.root, { ...places, log });
      const eventsOf = async (id: string): Promise<readonly string[]> => {
        const response = await fetch(`${hub.url}/api/v1/messages/${id}/journey`, {
          headers: { authorization: `Bearer ${hub.adminToken}` },
        });
        return [
          ...(await response.text()).matchAll(
            /"type":"(delivered|dead|retry_scheduled|throttled|in_doubt)"/g,
          ),
        ].map(([, type = '']) => type);
      };
      try {
        const ids = await Promise.all(
          ANSWERS.map(async (_, index) => {
            const response = await fetch(`${hub.url}/in/odd/m${index}`, {
              method: 'POST',
              body: '{"id":"1"}',
              headers: { 'content-type': 'application/json' },
            });
            return ((await response.json()) as { id: string }).id;
          }),
        );
        let found: readonly (readonly string[])[] = [];
        await until(
          async () => {
            found = await Promise.all(ids.map(eventsOf));
            return found.every((types) => types.length > 0);
          },
          { timeoutMs: 30_000, everyMs: 50, what: () => JSON.stringify(found) },
        );
        assert.deepEqual(
          found,
          ANSWERS.map(([type]) => [type]),
        );
        assert.equal(sink.requests.length, ANSWERS.length);
        assert.deepEqual(
          log.lines.filter(({ level }) => level === 'error'),
          [],
        );
      } finally {
        await hub.stop();
        await sink.close();
        await project.remove();
      }
    });
  });
}
