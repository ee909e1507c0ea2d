import { createServer as createNodeServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Clock } from '../../model/clock.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { Logger } from '../../model/logger.ts';
import { ERROR_PAGES, errorPage, sendProblem } from './problem.ts';
import { sendJson } from './send-json.ts';

/** What can be mounted: made by `webhookRouter`, `apiRouter` and `opsRouter`, or any express handler. */
export type Handler = RequestHandler;

export interface ServerOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** Default DEFAULT_TIME_LIMITS. */
  readonly limits?: TimeLimits;
}

/** How long clients may take, in milliseconds: slow ones must not hold sockets for ever. */
export interface TimeLimits {
  /** For the headers of a request, from its first byte or from the opening of the connection on. */
  readonly headers: number;
  /** For the whole request. */
  readonly request: number;
  /** Between two requests of a connection. */
  readonly keepAlive: number;
  /** How often it is looked for those that are too slow: they are cut that much later at most. */
  readonly look: number;
}

export const DEFAULT_TIME_LIMITS: TimeLimits = {
  headers: 15_000,
  request: 60_000,
  // Longer than the idle time of usual load balancers (60 s), so that they end the connection and not we, in mid-request.
  keepAlive: 65_000,
  look: 5_000,
};

/** One listener. Mount first, then listen. */
export interface HttpServer {
  /** Serves everything below `path` with `handler`, in the order of the calls: the busiest first. */
  mount(path: string, handler: Handler): void;
  /** Resolves with where it listens (port 0 takes a free one). Throws ADDRESS_IN_USE, or CONFIG_INVALID for an address that is not ours. */
  listen(address: ListenAddress): Promise<{ readonly url: string } & ListenAddress>;
  /** Takes no new connections, lets requests under way end within `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CLOSE_CHECK_MS = 20;

/** An HTTP server with problem documents for all that goes wrong. Nothing is served before something is mounted. */
export function createServer({ log, clock, limits = DEFAULT_TIME_LIMITS }: ServerOptions): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  const last: RequestHandler = (request, response) => {
    const page = request.path.startsWith(`${ERROR_PAGES}/`)
      ? errorPage(request.path.slice(ERROR_PAGES.length + 1))
      : undefined;
    if (page !== undefined && request.method === 'GET') sendJson(response, 200, page);
    else sendProblem(response, new CrossdockError('NOT_FOUND', 'Nothing is served at this path.'), log);
  };
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    sendProblem(response, error, log);
  };

  const server = createNodeServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.look,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  let closing = false;
  const serve = (request: Parameters<typeof app>[0], response: Parameters<typeof app>[1]): void => {
    if (closing) response.setHeader('connection', 'close');
    app(request, response);
  };
  server.on('request', serve);
  // Node would say "100 Continue" by itself; a body that is refused by its length need not be sent (see readBody).
  server.on('checkContinue', serve);

  return {
    mount: (path, handler) => {
      app.use(path, handler);
    },
    listen: async ({ host, port }) => {
      app.use(last);
      app.use(failed);
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(listenError(error, host, port)));
        server.listen({ host, port }, resolve);
      });
      server.removeAllListeners('error');
      server.on('error', (error) => log.warn('the HTTP server met an error', { error: String(error) }));
      const address = server.address() as AddressInfo;
      return {
        host,
        port: address.port,
        url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
      };
    },
    close: async (graceMs) => {
      if (!server.listening) return;
      closing = true;
      const end = clock.monotonic() + graceMs;
      let closed = false;
      const ended = new Promise<void>((resolve) => server.close(() => resolve())).then(() => {
        closed = true;
      });
      // A connection whose request has just ended is idle, but Node would keep it for its keep-alive time.
      while (!closed && clock.monotonic() < end) {
        server.closeIdleConnections();
        await Promise.race([ended, clock.sleep(CLOSE_CHECK_MS)]);
      }
      server.closeAllConnections();
      await ended;
    },
  };
}

function listenError(error: unknown, host: string, port: number): CrossdockError {
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE')
    return new CrossdockError('ADDRESS_IN_USE', `${host}:${port} is taken by another program.`, {
      cause: error,
    });
  return new CrossdockError('CONFIG_INVALID', `can not listen on ${host}:${port}: ${String(error)}`, {
    cause: error,
  });
}
