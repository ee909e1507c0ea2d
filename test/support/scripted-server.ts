import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What the server does with a request. `hang` never answers, `reset` ends the connection without an answer. */
export type Script = (request: SeenRequest) => Answer | 'hang' | 'reset' | Promise<Answer | 'hang' | 'reset'>;

/** A real HTTP server on loopback that does what the test says. */
export interface ScriptedServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** For `outbound.allow`. */
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  readonly connections: number;
  play(script: Script): void;
  /** Resolves with the next request that comes in. */
  nextRequest(): Promise<SeenRequest>;
  close(): Promise<void>;
}

export async function startScriptedServer(script: Script = () => ({})): Promise<ScriptedServer> {
  let current = script;
  let connections = 0;
  let waiting: ((request: SeenRequest) => void)[] = [];
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one: SeenRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(one);
    for (const resolve of waiting.splice(0)) resolve(one);
    const answer = await current(one);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body ?? '');
  };
  const server: Server = createServer((request, response) => {
    // A client that gives up in the middle is part of what is tested.
    handle(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${address}`,
    address,
    seen,
    get connections() {
      return connections;
    },
    play: (next) => {
      current = next;
      seen.length = 0;
    },
    nextRequest: async () => await new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      waiting = [];
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
