import { randomBytes } from 'node:crypto';
import { json, type Request, type Response, Router, urlencoded } from 'express';
import type { Clock } from '../core/model/clock.ts';
import type { Customer } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';

/** A deal as the CRM keeps it; `ref` is the caller's own name for it. */
export interface Deal {
  readonly id: string;
  readonly ref: string;
  readonly title: string;
  readonly amount: number;
  readonly [field: string]: unknown;
}

const TOKEN_LIFE_MS = 60_000;
const PAGE_SIZE = 50;

/**
 * The CRM: a REST API behind OAuth2 client credentials with tokens that live for a minute. Customers are read as a
 * feed of changes in pages (`GET /crm/customers?updated_since=`), accounts are looked up by mail address, deals are
 * posted with an idempotency key or put by the caller's reference.
 */
export class Crm {
  readonly router: Router;
  readonly customers: Map<string, Customer>;
  readonly deals = new Map<string, Deal>();
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #credentials: Credentials;
  readonly #tokens = new Map<string, number>();
  readonly #answered = new Map<string, { body: string; answer: Deal }>();
  #tokensIssued = 0;
  #nextDeal = 1;

  constructor(customers: readonly Customer[], clock: Clock, ledger: Ledger, credentials: Credentials) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#credentials = credentials;
    this.customers = new Map(customers.map((customer) => [customer.id, customer]));
    this.router = this.#routes();
  }

  /** Makes or changes a customer, which the feed then shows. */
  save(customer: Customer): Customer {
    const before = this.customers.get(customer.id);
    const saved = {
      ...customer,
      version: (before?.version ?? 0) + 1,
      updatedAt: new Date(this.#clock.now()).toISOString(),
    };
    this.customers.set(saved.id, saved);
    this.#ledger.write({ what: 'customer', id: saved.id, version: saved.version });
    return saved;
  }

  /** Makes all tokens invalid, as when an administrator ends all sessions. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  state(): Record<string, unknown> {
    return {
      customers: [...this.customers.values()],
      deals: [...this.deals.values()],
      tokensIssued: this.#tokensIssued,
    };
  }

  #routes(): Router {
    const router = Router();
    router.post('/oauth/token', urlencoded({ extended: false }), (request, response) => {
      this.#issueToken(request, response);
    });
    router.use((request, response, next) => {
      const token = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
      const expires = token === undefined ? undefined : this.#tokens.get(token);
      if (request.refuseCredentials === true || expires === undefined || expires <= this.#clock.now())
        response
          .status(401)
          .set('www-authenticate', 'Bearer error="invalid_token"')
          .json({ error: 'who are you?' });
      else next();
    });
    router.get('/accounts', (request, response) => {
      const email = (request.query as { email?: string }).email?.toLowerCase();
      const found = [...this.customers.values()].find((customer) => customer.email === email);
      if (found === undefined)
        return void response.status(404).json({ error: 'no account with this mail address' });
      const { id, erpCode, status } = found;
      response.json({ id, erpCode, email, status });
    });
    router.get('/customers', (request, response) => this.#listCustomers(request, response));
    router.post('/deals', json({ limit: '100kb' }), (request, response) => this.#postDeal(request, response));
    router.put('/deals/:ref', json({ limit: '100kb' }), (request, response) => {
      const { ref } = request.params;
      if (!isDeal(request.body))
        return void response.status(422).json({ error: 'title and amount are needed' });
      const before = this.deals.get(ref);
      const deal = { ...request.body, ref, id: before?.id ?? this.#dealId() };
      this.#keep(deal, request);
      response.status(before === undefined ? 201 : 200).json(deal);
    });
    router.get('/deals/:ref', (request, response) => {
      const deal = this.deals.get(request.params.ref);
      if (deal === undefined) response.status(404).json({ error: `no deal ${request.params.ref}` });
      else response.json(deal);
    });
    return router;
  }

  #issueToken(request: Request, response: Response): void {
    const form = (request.body ?? {}) as Record<string, string | undefined>;
    const basic = /^Basic (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const [id, secret] =
      basic === undefined
        ? [form['client_id'], form['client_secret']]
        : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
    const known = id === this.#credentials.crmClientId && secret === this.#credentials.crmClientSecret;
    if (form['grant_type'] !== 'client_credentials') {
      response.status(400).json({ error: 'unsupported_grant_type' });
    } else if (request.refuseCredentials === true || !known) {
      response.status(401).json({ error: 'invalid_client' });
    } else {
      const token = randomBytes(24).toString('base64url');
      this.#tokens.set(token, this.#clock.now() + TOKEN_LIFE_MS);
      this.#tokensIssued += 1;
      response.json({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_MS / 1_000 });
    }
  }

  /** Pages by cursor: `next` in the body and a `Link` header say the same. Oldest change first. */
  #listCustomers(request: Request, response: Response): void {
    const { updated_since: since = '', cursor, limit } = request.query as Record<string, string | undefined>;
    const size = Math.min(Number(limit) || PAGE_SIZE, PAGE_SIZE);
    const [afterTime = '', afterId = ''] =
      cursor === undefined ? [] : Buffer.from(cursor, 'base64url').toString().split('|');
    const changed = [...this.customers.values()]
      .filter((customer) => customer.updatedAt >= since)
      .sort((a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.id.localeCompare(b.id))
      .filter((it) => it.updatedAt > afterTime || (it.updatedAt === afterTime && it.id > afterId));
    const items = changed.slice(0, size);
    const last = items.at(-1);
    if (changed.length <= size || last === undefined) return void response.json({ items, next: null });
    const next = Buffer.from(`${last.updatedAt}|${last.id}`).toString('base64url');
    const url = new URL(request.originalUrl, `http://${request.get('host') ?? 'localhost'}`);
    url.searchParams.set('cursor', next);
    response.set('link', `<${url.href}>; rel="next"`).json({ items, next });
  }

  #postDeal(request: Request, response: Response): void {
    const key = request.get('idempotency-key');
    const body = JSON.stringify(request.body);
    const answered = key === undefined ? undefined : this.#answered.get(key);
    if (answered !== undefined) {
      if (answered.body === body)
        response.status(201).set('idempotent-replayed', 'true').json(answered.answer);
      else response.status(422).json({ error: 'this idempotency key was used with another body' });
      return;
    }
    if (!isDeal(request.body))
      return void response.status(422).json({ error: 'title and amount are needed' });
    const id = this.#dealId();
    const deal = {
      ...request.body,
      ref: typeof request.body['ref'] === 'string' ? request.body['ref'] : id,
      id,
    };
    if (this.deals.has(deal.ref)) return void response.status(409).json({ error: `deal ${deal.ref} exists` });
    this.#keep(deal, request);
    if (key !== undefined) this.#answered.set(key, { body, answer: deal });
    response.status(201).json(deal);
  }

  #dealId(): string {
    return `D-${this.#nextDeal++}`;
  }

  #keep(deal: Deal, request: Request): void {
    this.deals.set(deal.ref, deal);
    this.#ledger.write({ what: 'deal', ref: deal.ref, id: deal.id, key: request.get('idempotency-key') });
  }
}

function isDeal(body: unknown): body is Omit<Deal, 'id' | 'ref'> & { title: string; amount: number } {
  const deal = body as Partial<Deal> | undefined;
  return typeof deal?.title === 'string' && deal.title !== '' && typeof deal.amount === 'number';
}
