import { API_PREFIX, createApi } from '../api/index.ts';
import type { ApiDeps } from '../api/index.ts';
import { createServer, opsRouter, webhookRouter } from '../core/http/server/index.ts';
import type { HttpServer, ListenAddress, WebhookSource } from '../core/http/server/index.ts';
import type { Acceptor } from '../core/intake/index.ts';
import type { Metrics } from '../core/metrics/index.ts';
import type { CompiledSource } from './compose-intake.ts';

export interface ServeOptions {
  readonly address: ListenAddress;
  /** Where webhooks go; absent in a process that takes none. */
  readonly intake?: Intake;
  readonly api: boolean;
  readonly deps: ApiDeps;
  readonly metrics: Metrics;
}

interface Intake {
  readonly sources: ReadonlyMap<string, CompiledSource>;
  readonly acceptor: Acceptor;
}

/** Messages that may wait for their commit; beyond it senders are asked to come back. */
const MAX_WAITING = 5_000;

/** Puts intake, API and the pages for machines on one listener: what the process's roles ask for. */
export async function serve(
  options: ServeOptions,
): Promise<{ readonly url: string; readonly server: HttpServer }> {
  const { deps, intake, metrics } = options;
  const { log, clock, project, authorizer } = deps;
  const server = createServer({ log, clock });
  if (intake !== undefined) {
    const webhooks = webhooksOf(intake, metrics);
    const accepting = (): boolean => intake.acceptor.depth < MAX_WAITING;
    server.mount(
      '/in',
      webhookRouter({
        find: (mapping) => webhooks.get(mapping),
        maxBodyBytes: project.hub.intake.maxBodyBytes,
        accepting,
        metrics,
        log,
        clock,
      }),
    );
  }
  if (options.api) server.mount(API_PREFIX, createApi(deps));
  server.mount('/', opsRouter({ parts: deps.parts, metrics, access: authorizer, log, clock }));
  const { url } = await server.listen(options.address);
  return { url, server };
}

function webhooksOf({ sources, acceptor }: Intake, metrics: Metrics): ReadonlyMap<string, WebhookSource> {
  return new Map(
    [...sources].flatMap(([name, source]) => {
      if (source.kind !== 'push') return [];
      const accept: WebhookSource['accept'] = async (draft) => {
        const accepted = await acceptor.accept(await source.arrive(draft));
        if (accepted.duplicate) metrics.duplicate(source.source);
        else metrics.accepted(source.source);
        return accepted;
      };
      return [[name, { receive: source.receive, accept }] as const];
    }),
  );
}
