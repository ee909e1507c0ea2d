import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { systemClock } from '../core/clock.ts';
import type { Clock } from '../core/model/clock.ts';
import type { Logger } from '../core/model/logger.ts';
import { firstCustomers } from './catalogue.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { Crm } from './crm.ts';
import { Erp } from './erp.ts';
import { Ledger } from './ledger.ts';
import { Pay } from './pay.ts';
import { Random } from './random.ts';
import { Shop } from './shop.ts';
import { Traffic, type TrafficOrder, type TrafficReport } from './traffic.ts';
import { SYSTEMS, type Trouble, TROUBLES, Troubles } from './trouble.ts';

export interface SandboxOptions {
  /** Default 7401; 0 takes a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Where the webhooks go. Default http://127.0.0.1:7400. */
  readonly hubUrl?: string;
  /** Folder of the ledgers (`shop.jsonl`, `crm.jsonl`, ...). Default: none are written. */
  readonly ledgerDir?: string;
  /** Send gentle traffic all the time. Default false. */
  readonly traffic?: boolean;
  /** Default 1. */
  readonly seed?: number;
  /** Where the ERP drops its stock files. Default .crossdock/drop/stock. */
  readonly dropDir?: string;
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** The four systems, running. */
export interface Sandbox {
  /** `http://127.0.0.1:7401`; the systems are at /shop, /crm, /erp and /pay below it. */
  readonly url: string;
  readonly shop: Shop;
  readonly crm: Crm;
  readonly erp: Erp;
  readonly pay: Pay;
  readonly credentials: Credentials;
  /** What each system keeps, as JSON; the same as `GET /control/state`. */
  state(): Record<string, unknown>;
  /** The same as `POST /control/trouble`. */
  trouble(trouble: Trouble): void;
  /** Ends all trouble; the same as `DELETE /control/trouble`. */
  calm(): void;
  /** The same as `POST /control/traffic`. */
  traffic(order: TrafficOrder): Promise<TrafficReport>;
  close(): Promise<void>;
}

const SILENT: Logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => SILENT };

/** Starts shop, CRM, ERP and payment provider in this process, on one port. For trying and testing only. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    port = 7401,
    host = '127.0.0.1',
    hubUrl = 'http://127.0.0.1:7400',
    ledgerDir,
    seed = 1,
    dropDir = '.crossdock/drop/stock',
    clock = systemClock,
    log = SILENT,
  } = options;
  const credentials = readCredentials();
  const random = new Random(seed);
  const customers = firstCustomers(random);
  const ledgers = SYSTEMS.map((system) => new Ledger(ledgerDir, system));
  const [shopLedger, crmLedger, erpLedger, payLedger] = ledgers as [Ledger, Ledger, Ledger, Ledger];
  const shop = new Shop(hubUrl, clock, shopLedger, credentials);
  const crm = new Crm(customers, clock, crmLedger, credentials);
  const known = customers.filter((customer) => customer.status === 'active');
  const erp = new Erp({ customers: known, dropDir, clock, ledger: erpLedger, credentials });
  const pay = new Pay(hubUrl, clock, payLedger, credentials);
  const troubles = new Troubles(clock);
  const traffic = new Traffic({ shop, crm, erp, pay }, clock, random);

  const state = (): Record<string, unknown> => ({
    shop: shop.state(),
    crm: crm.state(),
    erp: erp.state(),
    pay: pay.state(),
    troubles: troubles.list(),
  });
  const app = express();
  app.disable('x-powered-by');
  app.use('/shop', troubles.middleware('shop'), shop.router);
  app.use('/crm', troubles.middleware('crm'), crm.router);
  app.use('/erp', troubles.middleware('erp'), erp.router);
  app.use('/control', controls({ state, troubles, traffic }));
  app.use(answerError);

  await mkdir(dropDir, { recursive: true });
  const server = await listen(app, port, host);
  const stopTraffic = options.traffic === true ? traffic.run(log) : undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    shop,
    crm,
    erp,
    pay,
    credentials,
    state,
    trouble: (trouble) => troubles.set(trouble),
    calm: () => troubles.clear(),
    traffic: (order) => traffic.send(order),
    close: async () => {
      await stopTraffic?.();
      await Promise.all([shop.close(), pay.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const ledger of ledgers) ledger.close();
    },
  };
}

function controls(sandbox: {
  readonly state: () => Record<string, unknown>;
  readonly troubles: Troubles;
  readonly traffic: Traffic;
}): express.Router {
  const router = express.Router();
  router.use(express.json());
  router.get('/state', (_request, response) => void response.json(sandbox.state()));
  router.post('/trouble', (request, response) => {
    const trouble = request.body as Partial<Trouble> | undefined;
    if (!SYSTEMS.includes(trouble?.system as never) || !TROUBLES.includes(trouble?.mode as never)) {
      response.status(400).json({ error: 'system and mode are needed', systems: SYSTEMS, modes: TROUBLES });
      return;
    }
    sandbox.troubles.set(trouble as Trouble);
    response.json({ troubles: sandbox.troubles.list() });
  });
  router.delete('/trouble', (_request, response) => {
    sandbox.troubles.clear();
    response.json({ troubles: {} });
  });
  router.post('/traffic', async (request, response) => {
    response.json(await sandbox.traffic.send((request.body ?? {}) as TrafficOrder));
  });
  return router;
}

/** Bodies that are no JSON and the like: the status that express found, as JSON. */
function answerError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error);
  const { status = 500, message } = error as { status?: number; message: string };
  response.status(status).json({ error: message });
}

async function listen(app: express.Express, port: number, host: string): Promise<Server> {
  const server = app.listen(port, host);
  // Longer than the hub keeps a connection for reuse, so that it never writes into one that is just being closed.
  server.keepAliveTimeout = 65_000;
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  return server;
}
