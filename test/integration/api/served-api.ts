import assert from 'node:assert/strict';
import { compileRoles, createAuthorizer, createToken } from '../../../core/access/index.ts';
import type { Grant } from '../../../core/access/index.ts';
import { API_PREFIX, createApi } from '../../../api/index.ts';
import type { ApiDeps } from '../../../api/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { createServer } from '../../../core/http/server/index.ts';
import type {
  BodyOf,
  Endpoint,
  ParamsOf,
  Problem,
  QueryOf,
  ResponseOf,
} from '../../../core/http/server/index.ts';
import { acceptArrivals } from '../../../core/intake/index.ts';
import type { Project } from '../../../core/language/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { Mapping } from '../../../core/model/mapping.ts';
import { DEFAULT_RETRY } from '../../../core/model/retry.ts';
import { createReconciler, failureFromOutcome, recordFailures } from '../../../core/recovery/index.ts';
import type { Database } from '../../../core/store/index.ts';
import { onEachStore } from '../../support/store.ts';

/** An answer that is expected to be a refusal. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Problem;
}

type AnyEndpoint = Endpoint<unknown, unknown, unknown, unknown>;

interface Input<E extends AnyEndpoint> {
  readonly params?: ParamsOf<E>;
  readonly query?: QueryOf<E>;
  readonly body?: BodyOf<E>;
}

/** Runs a suite against the API on both stores. */
export function onServedApi(title: string, suite: (served: () => ServedApi) => void): void {
  onEachStore(title, (store) => {
    let api: ServedApi | undefined;
    before(async () => {
      api = await serveApi(store());
    });
    after(() => api?.close());
    suite(() => {
      if (api === undefined) throw new Error('the API is served by the before hook');
      return api;
    });
  });
}

/** The API on a real socket over a real store, with a project of two domains: `sales` and `finance`. */
export interface ServedApi {
  readonly url: string;
  readonly database: Database;
  /** A new token with these grants. */
  issue(...grants: readonly Grant[]): Promise<string>;
  /** Asks as a client does; the answer must be what the contract says. */
  ask<E extends AnyEndpoint>(token: string, endpoint: E, input?: Input<E>): Promise<ResponseOf<E>>;
  /** Sends anything; for what must be refused. */
  send(token: string | undefined, method: string, path: string, body?: unknown): Promise<Answer>;
  /** Accepts a message of a mapping; resolves with its id. */
  message(
    mapping: 'sales/orders' | 'finance/payments',
    payload: string,
    keys?: Record<string, string>,
  ): Promise<string>;
  /** Makes a delivery of a message fail; resolves with the failure's id. */
  failure(messageId: string, route: string): Promise<string>;
  readonly woken: () => number;
  close(): Promise<void>;
}

export const ADMIN: Grant = { role: 'admin', domains: ['*'] };

async function serveApi(database: Database): Promise<ServedApi> {
  let woken = 0;
  const deps: ApiDeps = {
    database,
    authorizer: createAuthorizer({
      database,
      roles: compileRoles({ 'token-clerk': ['tokens.*'] }),
      clock: systemClock,
      log: silentLogger,
    }),
    clock: systemClock,
    log: silentLogger,
    project: PROJECT,
    connections: new Map([
      [
        'erp',
        {
          state: 'open',
          lastError: new CrossdockError('TARGET_UNREACHABLE', 'connect ECONNREFUSED'),
          remainingMs: 1_000,
          connection: { check: () => Promise.resolve([{ name: 'address', ok: true, detail: 'answers' }]) },
        },
      ],
    ]),
    reconciler: createReconciler({
      database,
      clock: systemClock,
      log: silentLogger,
      routes: ['sales/orders/erp', 'finance/payments/erp'],
      depths: () => Promise.resolve(new Map()),
      removeQueue: () => Promise.resolve(),
      wake: () => {},
    }),
    hub: { version: '0.0.0', roles: ['api'], startedAt: 0 },
    parts: () => Promise.resolve([{ name: 'store', ready: true, needed: true }]),
    queued: () => Promise.resolve(new Map([['sales/orders/erp', { atLeast: 7, atMost: 56 }]])),
    wakeRelay: () => (woken += 1),
  };
  const server = createServer({ log: silentLogger, clock: systemClock });
  server.mount(API_PREFIX, createApi(deps));
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  let tokens = 0;
  return {
    url,
    database,
    issue: async (...grants) => {
      const name = `test-${(tokens += 1)}`;
      return (await createToken(database.db, { name, grants, createdBy: 'test', now: systemClock.now() }))
        .token;
    },
    ask: async <E extends AnyEndpoint>(
      token: string,
      endpoint: E,
      { params, query, body }: Input<E> = {},
    ) => {
      const given = (params ?? {}) as Readonly<Record<string, string>>;
      const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? '');
      const response = await fetch(`${url}${API_PREFIX}${path}?${searchOf(query ?? {})}`, {
        method: endpoint.method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      assert.equal(response.status, endpoint.status ?? 200, text);
      return JSON.parse(text) as ResponseOf<E>;
    },
    send: async (token, method, path, body) => {
      const response = await fetch(`${url}${API_PREFIX}${path}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Problem };
    },
    message: async (mapping, payload, keys = {}) => {
      const [accepted] = await acceptArrivals(
        database.db,
        [
          {
            source: `shop/${mapping}`,
            type: mapping,
            contentType: 'application/json',
            payload: Buffer.from(payload),
            headers: {},
            keys,
            routes: [`${mapping}/erp`],
            revision: 'r1',
          },
        ],
        systemClock,
      );
      if (accepted === undefined) throw new Error('nothing was accepted');
      // As if a relay had published it.
      await database.db.raw('delete from outbox where message_id = ?', [accepted.id]);
      return accepted.id;
    },
    failure: async (messageId, route) => {
      const delivery = { message: { id: messageId, journeyId: messageId }, route, step: 0 };
      const error = new CrossdockError('TARGET_REJECTED', 'no such customer "Jane"', {
        response: 'secret answer',
      });
      const { row } = failureFromOutcome(
        { delivery, attempt: 1, output: { Buyer: 'Jane' } },
        { kind: 'dead', reason: 'permanent', error },
        systemClock,
      );
      await recordFailures(database.db, [row]);
      return row.id;
    },
    woken: () => woken,
    close: () => server.close(1_000),
  };
}

function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) search.append(name, String(one));
  return search.toString();
}

const at = (file: string) => ({ file, line: 1, column: 1 });

function mapping(domain: string, name: string): Mapping {
  const file = `mappings/${domain}/${name}.yaml`;
  return {
    name: `${domain}/${name}`,
    domain,
    description: `The ${name} of ${domain}.`,
    from: { kind: 'connection', connection: 'shop', source: 'webhook', options: {}, at: at(file) },
    message: { keys: {} },
    steps: [],
    targets: [
      {
        name: 'erp',
        to: { kind: 'action', connection: domain === 'sales' ? 'erp' : 'bank', action: 'insert' },
        retry: DEFAULT_RETRY,
        at: at(file),
      },
    ],
    at: at(file),
  };
}

const limits = { concurrency: 16, timeoutMs: 30_000 };
const breaker = { failures: 5, pauseMs: 5_000, maxPauseMs: 60_000 };
const connection = (name: string) => ({
  name,
  connector: 'rest',
  settings: { password: 'hunter2' },
  offer: {
    sources: { webhook: { kind: 'push' as const, summary: '', options: {} } },
    actions: {},
  },
  limits,
  breaker,
  at: at('config/connections.yaml'),
});

const PROJECT: Project = {
  root: '/nowhere',
  hub: {
    namespace: 'test',
    intake: { maxBodyBytes: 1_000 },
    limits: { expression: { timeoutMs: 100, stack: 100, sequence: 1_000 } },
    outbound: { allow: [] },
    retry: DEFAULT_RETRY,
    retention: { messages: 1, payloads: 1, dedupe: 1 },
    queues: { maxLength: 10, deliveryLimit: 3 },
    shutdown: { graceMs: 1_000 },
    roles: {},
  },
  connections: new Map(['shop', 'erp', 'bank'].map((name) => [name, connection(name)])),
  schemas: new Map(),
  mappings: [mapping('sales', 'orders'), mapping('finance', 'payments')],
  revision: 'r1',
  sources: new Map([['mappings/sales/orders.yaml', 'from: …\n']]),
  files: {
    read: () => Promise.reject(new Error('has no files')),
    resolve: (path) => path,
  },
};
