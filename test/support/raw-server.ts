import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { systemClock } from '../../core/clock.ts';
import { createHttp } from '../../core/http/outbound/index.ts';
import { silentLogger } from '../../core/log.ts';
import type { Clock } from '../../core/model/clock.ts';
import type { HttpOptions, HttpResponse } from '../../core/model/connector.ts';

/** A server of bare sockets, with a client that may go to it. */
export interface RawServer {
  readonly url: string;
  send(options: HttpOptions, method?: string): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** `answer` is called for each piece of a request that comes in, and writes what it likes. */
export async function startRawServer(
  answer: (socket: Socket) => unknown,
  clock: Clock = systemClock,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = createHttp({ allow: [address], clock, log: silentLogger });
  return {
    url: `http://${address}`,
    send: async (options, method = 'GET') =>
      await http.client({ baseUrl: `http://${address}`, ...options }).send({ method, url: '/' }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await http.close();
      server.close();
      await once(server, 'close');
    },
  };
}
