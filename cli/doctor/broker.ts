import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { silentLogger } from '../../core/log.ts';
import { createRabbitTransport } from '../../core/transport/index.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const finding = findingsOf('broker');
const TIMEOUT_MS = 5_000;

/** The RabbitMQ that CROSSDOCK_AMQP_URL names: is it there, is it new enough, does it let us in? */
export async function examineBroker(session: Session): Promise<readonly Finding[]> {
  const { CROSSDOCK_AMQP_URL: url, CROSSDOCK_DATABASE_URL: databaseUrl } = session.environment;
  if (url === undefined) {
    return databaseUrl === undefined
      ? [finding.info('CROSSDOCK_AMQP_URL is not set: the in-memory transport is used')]
      : [finding.fail('CROSSDOCK_AMQP_URL is not set', 'a hub on Postgres needs RabbitMQ too')];
  }
  const place = new URL(url).host;
  let server: string;
  try {
    server = greetingOf(await firstFrame(new URL(url)));
  } catch (error) {
    return [
      finding.fail(
        `${place}: ${(error as Error).message}`,
        'check CROSSDOCK_AMQP_URL and the server behind it',
      ),
    ];
  }
  const [major = 0, minor = 0] = server.split('.').map(Number);
  const refusal = await refusalOf(session, url);
  const isOld = major < 3 || (major === 3 && minor < 10);
  return [
    isOld
      ? finding.fail(`RabbitMQ ${server} at ${place}`, 'use RabbitMQ 3.10 or newer')
      : finding.ok(`RabbitMQ ${server} at ${place}`),
    ...(refusal === undefined
      ? []
      : [
          finding.fail(
            `it does not let us in: ${refusal}`,
            'check user, password and virtual host of CROSSDOCK_AMQP_URL',
          ),
        ]),
  ];
}

/** Why the transport can not be used, as it says itself; undefined when it can. */
async function refusalOf({ io }: Session, url: string): Promise<string | undefined> {
  const transport = createRabbitTransport({ url, clock: io.clock, log: silentLogger });
  const stopped = new AbortController();
  try {
    transport.onReady(() => {
      stopped.abort();
    });
    if (!transport.state().ready) await io.clock.sleep(TIMEOUT_MS, stopped.signal).catch(() => {});
    const state = transport.state();
    return state.ready ? undefined : state.reason;
  } finally {
    await transport.close();
  }
}

/** An AMQP server speaks first: what it is comes before anybody must say who they are. */
function firstFrame(url: URL): Promise<Buffer> {
  const secure = url.protocol === 'amqps:';
  const address = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 5671 : 5672)),
  };
  return new Promise((resolve, reject) => {
    const socket: Socket = secure
      ? connectTls({ ...address, servername: address.host })
      : connectTcp(address);
    const received: Buffer[] = [];
    const end = (error: Error | undefined): void => {
      socket.destroy();
      if (error === undefined) resolve(Buffer.concat(received));
      else reject(error);
    };
    socket.setTimeout(TIMEOUT_MS, () => {
      end(new Error('no answer within 5 s'));
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write('AMQP\x00\x00\x09\x01', 'latin1'));
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      const bytes = Buffer.concat(received);
      // Frame: type, channel, length, payload, end mark.
      if (bytes.length >= 7 && bytes.length >= 8 + bytes.readUInt32BE(3)) end(undefined);
    });
    socket.once('error', end);
    socket.once('close', () => {
      end(new Error('it closed the connection: is it an AMQP server?'));
    });
  });
}

/** `server-properties.version` of Connection.Start: a short string as the name, `S`, a length, the text. */
function greetingOf(frame: Buffer): string {
  const name = frame.indexOf('\x07versionS', 0, 'latin1');
  if (frame[0] !== 1 || name < 0) throw new Error('what answers is no RabbitMQ');
  const length = frame.readUInt32BE(name + 9);
  return frame.toString('utf8', name + 13, name + 13 + length);
}
