import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../model/clock.ts';
import type { Receiver } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { ErrorCode } from '../../model/errors.ts';
import type { Logger } from '../../model/logger.ts';
import type { Draft } from '../../model/message.ts';
import { sendProblem } from './problem.ts';
import { readBody } from './read-body.ts';
import type { Handler } from './server.ts';

/** One mapping that is fed by requests. */
export interface WebhookSource {
  readonly receive: Receiver;
  /** Resolves after the commit, with the message's id; for a duplicate with the first one's. */
  accept(draft: Draft): Promise<{ readonly id: string; readonly duplicate: boolean }>;
}

/** What is counted of webhooks; `core/metrics` has it. */
export interface WebhookMetrics {
  /** `ms` from the request's headers to the commit. */
  intake(mapping: string, ms: number): void;
  refused(code: ErrorCode): void;
}

export interface WebhookOptions {
  /** The source behind POST /in/<mapping>. */
  readonly find: (mapping: string) => WebhookSource | undefined;
  readonly maxBodyBytes: number;
  /** False while the hub ends or is overloaded: then it says so with 503 and Retry-After. */
  readonly accepting: () => boolean;
  readonly metrics: WebhookMetrics;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * POST /in/<domain>/<name>, mounted at `/in`. The path that all messages of webhooks take, so there is nothing in front
 * of it and no parser: bytes are counted, proven by the receiver and handed on. Answers 202 `{id}` after the commit,
 * 200 `{id, duplicate: true}` for what came before, 200 `{ignored: true}` for what the mapping does not want.
 */
export function webhookRouter(options: WebhookOptions): Handler {
  const { log, metrics } = options;
  return (request, response) => {
    receive(options, request, response).catch((error: unknown) => {
      metrics.refused(sendProblem(response, error, log).code);
    });
  };
}

async function receive(
  { find, accepting, maxBodyBytes, metrics, clock }: WebhookOptions,
  request: IncomingMessage & { originalUrl: string },
  response: ServerResponse,
): Promise<void> {
  const start = clock.monotonic();
  const name = mappingName(request.url ?? '/');
  const source = find(name);
  if (source === undefined)
    throw new CrossdockError('SOURCE_UNKNOWN', 'No mapping receives requests at this path.');
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    throw new CrossdockError('METHOD_NOT_ALLOWED', `${String(request.method)} is not served here.`);
  }
  if (!accepting()) throw new CrossdockError('OVERLOADED', 'The hub takes no messages right now.');
  const payload = await readBody(request, response, maxBodyBytes);
  const receipt = source.receive({
    method: request.method,
    url: request.originalUrl,
    headers: flat(request.headers),
    body: payload,
    receivedAt: clock.now(),
  });
  switch (receipt.kind) {
    case 'ignored':
      return reply(response, 200, '{"ignored":true}');
    case 'reply':
      return reply(response, receipt.status, receipt.body, receipt.contentType);
    case 'message': {
      const { id, duplicate } = await source.accept({
        // A sender that does not say is taken for one of JSON, as its receiver took it.
        contentType: request.headers['content-type'] ?? 'application/json',
        payload,
        body: receipt.body,
        headers: receipt.headers ?? {},
        ...(receipt.key !== undefined && { key: receipt.key }),
      });
      metrics.intake(name, clock.monotonic() - start);
      if (duplicate) reply(response, 200, `{"id":"${id}","duplicate":true}`);
      else reply(response, 202, `{"id":"${id}"}`);
    }
  }
}

/** `/sales/orders?x=1` → `sales/orders`. A name that can't be decoded is nobody's. */
function mappingName(url: string): string {
  const end = url.indexOf('?');
  const path = url.slice(1, end === -1 ? undefined : end);
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

/** Node has joined repeated headers already; only set-cookie comes as a list. */
function flat(headers: IncomingMessage['headers']): Readonly<Record<string, string>> {
  if (headers['set-cookie'] !== undefined)
    return { ...headers, 'set-cookie': headers['set-cookie'].join(', ') };
  return headers as Record<string, string>;
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'application/json',
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
