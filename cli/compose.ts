import { randomUUID } from 'node:crypto';
import { compileRoles, createAuthorizer, ensureAdminToken, newAdminToken } from '../core/access/index.ts';
import { appendEvents, createEvent, createPartitions, recordRevision } from '../core/audit/index.ts';
import { Settler, Worker } from '../core/delivery/index.ts';
import type { BreakerState, Gate } from '../core/delivery/index.ts';
import { createHttp } from '../core/http/outbound/index.ts';
import type { ListenAddress } from '../core/http/server/index.ts';
import { Acceptor, Relay, releaseAllOutbox } from '../core/intake/index.ts';
import type { Project } from '../core/language/index.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Connector } from '../core/model/connector.ts';
import { CrossdockError } from '../core/model/errors.ts';
import type { EventData, EventType } from '../core/model/event.ts';
import type { Logger } from '../core/model/logger.ts';
import {
  beginAnew,
  createReconciler,
  createSuspectRelease,
  endRun,
  HoldingsReport,
  hurryAfterOutage,
  SAY_HELD_MS,
  SuspectTrials,
} from '../core/recovery/index.ts';
import type { Flow } from '../core/recovery/index.ts';
import { queueName, topologyOf } from '../core/transport/index.ts';
import { compileSources } from './compose-intake.ts';
import type { CompiledSource } from './compose-intake.ts';
import { createGauges, partsOf, queuedByRoute, warnOfRemoved } from './compose-observe.ts';
import {
  actionsOf,
  allOrReasons,
  closeGates,
  compileRoutes,
  openGates,
  openStore,
  openTransport,
  requireFree,
  subscribersOf,
  Unwinding,
} from './compose-parts.ts';
import type { Places } from './compose-parts.ts';
import { startSchedules } from './compose-schedule.ts';
import { serve } from './compose-serve.ts';
import { createMetrics } from '../core/metrics/index.ts';

/** What a process does of the hub's work. */
export const ROLES = ['intake', 'worker', 'scheduler', 'api'] as const;
export type Role = (typeof ROLES)[number];

export interface HubOptions extends Places {
  /** Read and checked. */
  readonly project: Project;
  readonly connectors: readonly Connector[];
  readonly roles: ReadonlySet<Role>;
  readonly listen: ListenAddress;
  readonly version: string;
  /**
   * The file with the admin token is gone. Whoever starts a hub on an embedded store owns the store, so a new token is made;
   * a store that is shared has its tokens made by those who have one.
   */
  readonly adminTokenLost?: boolean;
  /** Called with an admin token that was made just now, before anything is served: who sees the hub finds the token. */
  readonly keepAdminToken?: (token: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A hub that runs. */
export interface Hub {
  /** Where it listens; undefined for a process that serves nothing. */
  readonly url?: string;
  /** The admin token, if it was made just now: to be shown once. */
  readonly adminToken?: string;
  /** Ends gracefully: intake stops, what is in hand is finished within the grace time, batches are flushed. */
  stop(): Promise<void>;
}

const SUSPECTS_MS = 100;

/**
 * Puts a hub together and starts it: the one place that knows every part. What was opened is closed again when a later part
 * refuses. Stopping is the same list backwards.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const unwinding = new Unwinding();
  try {
    return await assemble(options, unwinding);
  } catch (error) {
    await unwinding.run(options.log);
    throw error;
  }
}

async function assemble(options: HubOptions, unwinding: Unwinding): Promise<Hub> {
  const { project, clock, log, roles, version } = options;
  const { hub: config, revision } = project;
  const does = (...wanted: readonly Role[]): boolean => wanted.some((role) => roles.has(role));

  const programs = compileRoutes(project);
  const queues = new Map([...programs.keys()].map((route) => [route, queueName(config.namespace, route)]));
  const topology = topologyOf([...programs.keys()], {
    namespace: config.namespace,
    maxLength: config.queues.maxLength,
    // It is the worker that judges what comes back again and again; this is for what a worker never gets to judge.
    deliveryLimit: 10 * config.queues.deliveryLimit,
  });
  const http = createHttp({ allow: config.outbound.allow, clock, log });
  unwinding.add('the HTTP client', () => http.close());
  let gateChanged: (gate: Gate, state: BreakerState) => void = () => {};
  const opening = await Promise.allSettled([
    openStore(options, config.namespace),
    openTransport(options, topology, clock, log),
    openGates({
      project,
      connectors: options.connectors,
      clock,
      log,
      http,
      onChange: (gate, state) => gateChanged(gate, state),
    }),
    requireFree(options.listen),
  ]);
  const [store, broker, doors] = opening;
  if (store.status === 'fulfilled') unwinding.add('the store', () => store.value.close());
  if (broker.status === 'fulfilled') unwinding.add('the transport', () => broker.value.transport.close());
  if (doors.status === 'fulfilled') unwinding.add('the connections', () => closeGates(doors.value.values()));
  const [database, { transport, madeAnew }, gates] = allOrReasons(opening);

  await createPartitions(database.db, clock);
  await recordRevision(database.db, revision, project.sources);
  const note = async <T extends EventType>(type: T, data: EventData[T]): Promise<void> => {
    await appendEvents(database.db, [createEvent(type, data, {}, clock)]);
  };

  let worker: Worker | undefined;
  const connectionChanged = async (gate: Gate, state: 'open' | 'closed'): Promise<void> => {
    const error = gate.lastError;
    if (state === 'open') {
      log.info('a connection is paused', { connection: gate.name, code: error?.code, error: error?.message });
      await note('connection_paused', {
        connection: gate.name,
        code: error?.code ?? 'TARGET_UNAVAILABLE',
        error: error?.message ?? '',
      });
    } else {
      log.info('a connection goes on', { connection: gate.name });
      await note('connection_resumed', { connection: gate.name });
      const routes = [...programs.values()]
        .filter(({ connections }) => connections.includes(gate.name))
        .map(({ route }) => route);
      await hurryAfterOutage(database.db, routes, clock.now());
    }
  };
  gateChanged = (gate, state) => {
    metrics.breaker(gate.name, state);
    worker?.connectionChanged(gate.name);
    if (state === 'probing') return;
    connectionChanged(gate, state).catch((error: unknown) => {
      log.warn('a change of a connection could not be noted', {
        connection: gate.name,
        error: String(error),
      });
    });
  };

  // What a mere API process puts into the outbox is found by those that relay.
  const relay = does('intake', 'worker', 'scheduler')
    ? new Relay({ database, transport, clock, log, queues })
    : undefined;
  const wake = (): void => relay?.wake();
  const queued = (): ReturnType<typeof queuedByRoute> => queuedByRoute(transport, queues);
  const reconciler = createReconciler({
    database,
    clock,
    log,
    routes: [...programs.keys()],
    depths: async () =>
      (await queued()) ??
      Promise.reject(new CrossdockError('BROKER_REFUSED', 'the transport can not say what waits in it')),
    removeQueue: (route) => transport.remove(queueName(config.namespace, route)),
    wake,
  });
  const metrics = createMetrics({ clock, log, gauges: createGauges({ database, transport, queues, clock }) });
  const makeGood = (queue: string): void => {
    const route = [...queues].find(([, name]) => name === queue)?.[0];
    if (route === undefined) return;
    reconciler.queueLost(route).catch((error: unknown) => {
      log.warn('a lost queue could not be made good yet', { route, error: String(error) });
    });
  };
  transport.onQueueLost(makeGood);
  const flow = (route: string): Flow => {
    const states = (programs.get(route)?.connections ?? []).map((name) => gates.get(name)?.state);
    return states.includes('open') ? 'none' : states.includes('probing') ? 'one' : 'all';
  };
  if (options.amqpUrl === undefined) {
    // This process is alone on its store, and its transport begins empty: what was under way is not any more.
    const { deliveryLimit } = config.queues;
    const suspects = await beginAnew({ database, clock, log, reconciler, deliveryLimit });
    unwinding.add('the run', () => endRun(database.db));
    if (suspects.length > 0) {
      const paused = (route: string): boolean => flow(route) === 'none';
      const release = createSuspectRelease({ database, clock, suspects, deliveryLimit, wake, paused });
      unwinding.add(
        'the release of suspects',
        clock.every(SUSPECTS_MS, async () => void (await release.runOnce()), log),
      );
    }
  } else {
    if (database.kind === 'embedded') await releaseAllOutbox(database.db);
    // A queue that had to be made is new, or was lost while no hub ran.
    madeAnew.forEach(makeGood);
  }
  await warnOfRemoved(database, [...programs.keys()], log);
  if (relay !== undefined) {
    relay.start();
    unwinding.add('the relay', () => relay.stop());
  }

  if (does('worker')) {
    const settler = new Settler({ database, clock, log, revision, onChildren: wake });
    worker = new Worker({
      database,
      clock,
      log,
      revision,
      transport,
      settler,
      programs,
      queues,
      gates,
      action: actionsOf(project),
      subscribers: subscribersOf(project),
      random: Math.random,
      trials: new SuspectTrials({ database, clock, log, deliveryLimit: config.queues.deliveryLimit }),
      onSettled: (route, outcome, ms) => metrics.settled(route, outcome, ms),
    });
    const started = worker;
    const holdings = new HoldingsReport({ database, clock, owner: randomUUID(), held: () => started.held() });
    unwinding.add('what is held', () => holdings.end());
    unwinding.add(
      'the report of what is held',
      clock.every(SAY_HELD_MS, () => holdings.runOnce(), log),
    );
    unwinding.add('the worker', () => started.stop(config.shutdown.graceMs));
    await worker.start();
  }

  const sources = does('intake', 'scheduler')
    ? compileSources(project, gates)
    : new Map<string, CompiledSource>();
  if (does('scheduler')) {
    const { deadLetters } = topology;
    const { retention } = config;
    await startSchedules(
      { database, transport, clock, log, metrics, retention, sources, reconciler, deadLetters, flow, wake },
      unwinding,
    );
  }

  const acceptor =
    does('intake') && relay !== undefined ? new Acceptor({ database, clock, relay }) : undefined;
  const authorizer = createAuthorizer({ database, roles: compileRoles(config.roles), clock, log });
  const adminToken =
    (await ensureAdminToken(database.db, clock.now())) ??
    (options.adminTokenLost && database.kind === 'embedded'
      ? await newAdminToken(database.db, clock.now())
      : undefined);
  if (adminToken !== undefined) await options.keepAdminToken?.(adminToken);
  const { url, server } = await serve({
    address: options.listen,
    api: does('api'),
    ...(acceptor === undefined ? {} : { intake: { sources, acceptor } }),
    metrics,
    deps: {
      database,
      authorizer,
      clock,
      log,
      project,
      connections: gates,
      hub: { version, roles: [...roles], startedAt: clock.now() },
      parts: partsOf({ database, transport, gates, serves: does('intake', 'api') }),
      queued,
      reconciler,
      wakeRelay: wake,
    },
  });
  unwinding.add('the HTTP server', async () => {
    await server.close(config.shutdown.graceMs);
    await acceptor?.drain();
  });

  await note('hub_started', { version, revision, roles: [...roles] });
  let stopping: Promise<void> | undefined;
  return {
    url,
    adminToken,
    stop: () =>
      (stopping ??= (async () => {
        await note('hub_stopped', { version }).catch((error: unknown) =>
          log.warn('an event could not be written', { error: String(error) }),
        );
        await unwinding.run(log);
      })()),
  };
}
