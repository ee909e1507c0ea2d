import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a broker says while a connection is opened (AMQP 0-9-1, sections 2.2.4 and 4.2). */
export interface Greeting {
  readonly product: string;
  readonly version: string;
  /** Why user, password or virtual host are refused; undefined when they are accepted. */
  readonly refusal?: string;
}

const TIMEOUT_MS = 5_000;
const FRAME_END = 0xce;
const START_OK = 11;
const TUNE = 30;
const TUNE_OK = 31;
const OPEN = 40;
const OPEN_OK = 41;
const CLOSE = 50;

/**
 * Opens a connection as far as the virtual host and closes it again: nothing is made and nothing is asked for. By hand,
 * because a broker names its version before anybody has said who they are. Rejects when no AMQP server answers.
 */
export async function greetBroker(url: URL): Promise<Greeting> {
  const line = new Line(url);
  try {
    const start = await line.receive();
    const server = { product: property(start, 'product'), version: property(start, 'version') };
    line.send(START_OK, startOk(url));
    const refusal = await askToEnter(line, url);
    return { ...server, refusal };
  } finally {
    line.end();
  }
}

async function askToEnter(line: Line, url: URL): Promise<string | undefined> {
  const tune = await line.receive();
  if (methodOf(tune) !== TUNE) return reasonIn(tune);
  // Its own limits are fine, and there is no time for a heartbeat.
  line.send(TUNE_OK, Buffer.concat([tune.subarray(4, 10), Buffer.from([0, 0])]));
  const vhost = url.pathname === '' ? '/' : decodeURIComponent(url.pathname.slice(1));
  line.send(OPEN, Buffer.concat([shortText(vhost), Buffer.from([0, 0])]));
  const opened = await line.receive();
  return methodOf(opened) === OPEN_OK ? undefined : reasonIn(opened);
}

/** A socket that speaks in frames of channel 0. */
class Line {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(url: URL) {
    const secure = url.protocol === 'amqps:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: Number(url.port || (secure ? 5671 : 5672)) };
    this.#socket = secure ? connectTls({ ...address, servername: host }) : connectTcp(address);
    this.#socket.once(secure ? 'secureConnect' : 'connect', () => {
      this.#socket.write(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'));
    });
    const fail = (error: Error): void => {
      this.#failure ??= error;
      this.#wake();
    };
    this.#socket.setTimeout(TIMEOUT_MS, () => fail(new Error('no answer within 5 s')));
    this.#socket.on('error', fail);
    this.#socket.on('close', () => fail(new Error('it closed the connection: is it an AMQP server?')));
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
  }

  /** The payload of the next frame: class, method, arguments. */
  async receive(): Promise<Buffer> {
    for (;;) {
      // Type, channel, length, payload, end mark.
      const length = this.#received.length >= 7 ? this.#received.readUInt32BE(3) : Infinity;
      if (this.#received.length >= length + 8) {
        if (this.#received[0] !== 1) throw new Error('what answers is no AMQP server');
        const payload = this.#received.subarray(7, 7 + length);
        this.#received = this.#received.subarray(length + 8);
        return payload;
      }
      if (this.#received.length > 0 && this.#received[0] !== 1)
        throw new Error('what answers is no AMQP server');
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** A method of the class Connection. */
  send(method: number, args: Buffer): void {
    const payload = Buffer.concat([Buffer.from([0, 10, 0, method]), args]);
    const head = Buffer.alloc(7);
    head[0] = 1;
    head.writeUInt32BE(payload.length, 3);
    this.#socket.write(Buffer.concat([head, payload, Buffer.from([FRAME_END])]));
  }

  /** Says goodbye, so that the broker's log has no complaint about a client that went away. */
  end(): void {
    if (this.#failure === undefined && this.#socket.writable)
      this.send(CLOSE, Buffer.from([0, 200, 0, 0, 0, 0, 0]));
    this.#socket.end();
    this.#socket.destroySoon();
  }
}

function startOk(url: URL): Buffer {
  // So that a wrong password is answered with a reason and not with silence.
  const capability = Buffer.concat([
    shortText('authentication_failure_close'),
    Buffer.from('t\x01', 'latin1'),
  ]);
  const properties = Buffer.concat([shortText('capabilities'), Buffer.from('F'), longText(capability)]);
  const user = decodeURIComponent(url.username || 'guest');
  const password = decodeURIComponent(url.password || 'guest');
  return Buffer.concat([
    longText(properties),
    shortText('PLAIN'),
    longText(Buffer.from(`\0${user}\0${password}`)),
    shortText('en_US'),
  ]);
}

function methodOf(payload: Buffer): number {
  return payload.readUInt16BE(2);
}

/** Reply code and text of Connection.Close. */
function reasonIn(payload: Buffer): string {
  if (methodOf(payload) !== CLOSE) return 'it answers what was not asked';
  return `${payload.readUInt16BE(4)} ${payload.toString('utf8', 7, 7 + (payload[6] ?? 0))}`;
}

/** A text of server-properties in Connection.Start: its name, `S`, its length, itself. */
function property(start: Buffer, name: string): string {
  const at = start.indexOf(Buffer.concat([shortText(name), Buffer.from('S')]));
  if (at < 0) return 'unknown';
  const text = at + name.length + 2;
  return start.toString('utf8', text + 4, text + 4 + start.readUInt32BE(text));
}

function shortText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function longText(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
