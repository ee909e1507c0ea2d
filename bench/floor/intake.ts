import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import express from 'express';
import type { Request, Response } from 'express';
import { v7 } from 'uuid';
import { sign, SIGNATURE_HEADER } from '../order.ts';
import { Batcher } from './batcher.ts';
import type { Relay } from './broker.ts';
import type { Incoming, Store } from './store.ts';

const MAX_BODY = 1024 * 1024;
const MAX_WAITING = 5_000;

/** The webhook: proves the signature over the raw bytes, answers 202 after the commit and 200 for what came before. */
export function serveIntake(port: number, secret: string, store: Store, relay: Relay): Promise<Server> {
  const accepts = new Batcher<Incoming, string | undefined>(250, 2, async (incoming) => {
    const handOver = relay.ready;
    const outboxIds = await store.accept(incoming, handOver);
    if (handOver)
      relay.handOver(
        incoming.flatMap(({ id, payload }, index) => {
          const outboxId = outboxIds[index];
          return outboxId === undefined ? [] : [{ outboxId, messageId: id, payload, repeat: false }];
        }),
      );
    return outboxIds;
  });

  const receive = async (request: Request, response: Response): Promise<void> => {
    if (accepts.depth > MAX_WAITING) return unavailable(response);
    const payload = await readBody(request);
    if (payload === undefined) return reply(response, 413, { title: 'The body is too large' });
    if (!isSigned(request.headers[SIGNATURE_HEADER], sign(secret, payload)))
      return reply(response, 401, { title: 'The signature is not valid' });
    let order: { id?: unknown; customer?: { id?: string } };
    try {
      order = JSON.parse(payload.toString()) as typeof order;
    } catch {
      return reply(response, 400, { title: 'The body is not JSON' });
    }
    if (typeof order.id !== 'string') return reply(response, 400, { title: 'The order has no id' });
    const id = v7();
    const outboxId = await accepts.submit({
      id,
      key: order.id,
      customer: order.customer?.id ?? '',
      payload,
    });
    if (outboxId !== undefined) return reply(response, 202, { id });
    reply(response, 200, { id: await store.firstId(order.id), duplicate: true });
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.post('/in/sales/orders', (request, response) => {
    receive(request, response).catch(() => unavailable(response));
  });
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1', (error?: Error) =>
      error === undefined ? resolve(server) : reject(error),
    );
  });
}

function isSigned(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function readBody(request: Request): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
    });
    request.on('end', () => {
      if (size > MAX_BODY) resolve(undefined);
      else resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

function unavailable(response: Response): void {
  response.setHeader('retry-after', '5');
  reply(response, 503, { title: 'Orders can not be stored right now' });
}

function reply(response: Response, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
