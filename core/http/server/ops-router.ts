import type { ServerResponse } from 'node:http';
import type { Authorizer } from '../../access/index.ts';
import type { Clock } from '../../model/clock.ts';
import { CrossdockError } from '../../model/errors.ts';
import type { Logger } from '../../model/logger.ts';
import { sendProblem } from './problem.ts';
import { sendJson } from './send-json.ts';
import type { Handler } from './server.ts';

/** One part of the hub, as it is now. */
export interface PartState {
  /** `store`, `transport`, ... */
  readonly name: string;
  readonly ready: boolean;
  /** Whether this process is of no use without it. What is not needed and not ready makes it degraded. */
  readonly needed: boolean;
  /** Why it is not; never a secret. */
  readonly reason?: string;
}

export interface OpsOptions {
  /** The parts of this process, as they are now; asked at most once a second. Must not throw. */
  readonly parts: () => Promise<readonly PartState[]>;
  /** The metrics in Prometheus' text format. */
  readonly metrics: { scrape(): Promise<{ readonly contentType: string; readonly text: string }> };
  /** Who may read /metrics; `open`: everybody who gets here. */
  readonly access: Authorizer | 'open';
  readonly log: Logger;
  readonly clock: Clock;
}

const PARTS_MS = 1_000;

/** What the parts come to: `ready` to do its work · `degraded` does it, but something is missing. */
export function readinessOf(parts: readonly PartState[]): {
  readonly ready: boolean;
  readonly degraded: boolean;
} {
  const ready = parts.every((part) => part.ready || !part.needed);
  return { ready, degraded: ready && parts.some((part) => !part.ready) };
}

/**
 * `/livez`: 200 while the process turns. `/readyz`: 200, or 503 when a part is not ready that is needed; either way each
 * part and why it is not ready. `/metrics`: Prometheus text, for principals with `metrics.read`. Mounted at `/`; hands on
 * what it does not know.
 */
export function opsRouter({ parts, metrics, access, log, clock }: OpsOptions): Handler {
  let last: { readonly at: number; readonly parts: Promise<readonly PartState[]> } | undefined;
  const recent = (): Promise<readonly PartState[]> => {
    const now = clock.monotonic();
    if (last === undefined || now - last.at >= PARTS_MS) last = { at: now, parts: parts() };
    return last.parts;
  };

  const pages: Readonly<Record<string, (response: ServerResponse, authorization?: string) => Promise<void>>> =
    {
      '/livez': async (response) => {
        sendJson(response, 200, { live: true });
        return Promise.resolve();
      },
      '/readyz': async (response) => {
        const states = await recent();
        const readiness = readinessOf(states);
        // Everybody may ask: what more there is to know of a part is for those who may read the API's health page.
        const shown = states.map(({ name, ready, needed, reason }) => ({ name, ready, needed, reason }));
        sendJson(response, readiness.ready ? 200 : 503, { ...readiness, parts: shown });
      },
      '/metrics': async (response, authorization) => {
        if (access !== 'open') await mayScrape(access, authorization);
        const { contentType, text } = await metrics.scrape();
        response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
        response.end(text);
      },
    };
  return (request, response, next) => {
    const page = Object.hasOwn(pages, request.path) ? pages[request.path] : undefined;
    if (page === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) next();
    else
      page(response, request.headers.authorization).catch((error: unknown) =>
        sendProblem(response, error, log),
      );
  };
}

async function mayScrape(authorizer: Authorizer, authorization: string | undefined): Promise<void> {
  const principal = await authorizer.identify(authorization);
  if (principal !== undefined && authorizer.permits(principal, 'metrics.read')) return;
  await authorizer.refused(principal, 'metrics.read', 'GET /metrics');
  throw principal === undefined
    ? new CrossdockError('UNAUTHENTICATED', 'Metrics need a token.')
    : new CrossdockError('FORBIDDEN', 'This needs a role that grants metrics.read on all domains.', {
        details: { action: 'metrics.read' },
      });
}
