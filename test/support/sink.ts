import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the sink got. */
export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An HTTP server that keeps what it gets; `answer` may be exchanged while it runs. */
export interface Sink {
  readonly url: string;
  readonly requests: SinkRequest[];
  answer: (request: SinkRequest, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startSink(port = 0): Promise<Sink> {
  const server = createServer((request, response) => void receive(request, response));
  const sink: Sink = {
    url: '',
    requests: [],
    answer: (_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const got = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    sink.requests.push(got);
    sink.answer(got, response);
  }
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(sink, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
