import { createHmac } from 'node:crypto';
import { json, Router } from 'express';
import type { Clock } from '../core/model/clock.ts';
import { type Customer, PRODUCTS } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { WebhookSender } from './webhook-sender.ts';

/** An order as the shop's `order.paid` webhook carries it. */
export interface ShopOrder {
  readonly type: 'order.paid';
  readonly id: string;
  readonly status: 'paid' | 'partially_paid';
  readonly createdAt: string;
  readonly currency: 'EUR';
  readonly total: number;
  readonly customer: {
    readonly id: string;
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
  };
  readonly shippingAddress: {
    readonly street: string;
    readonly zip: string;
    readonly city: string;
    readonly country: string;
  };
  readonly lines: readonly {
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: number;
  }[];
}

/**
 * The web shop: tells of paid orders by webhooks signed after the Standard Webhooks specification, and has an API for
 * its stock (`PUT /shop/stock/{sku}`, API key in `x-api-key`).
 */
export class Shop {
  readonly router: Router;
  readonly stock = new Map<string, { available: number; updatedAt: string }>();
  readonly orders: ShopOrder[] = [];
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #credentials: Credentials;
  readonly #sender: WebhookSender;
  #nextOrder: number;

  constructor(hubUrl: string, clock: Clock, ledger: Ledger, credentials: Credentials) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#credentials = credentials;
    this.#sender = new WebhookSender(new URL('/in/sales/orders', hubUrl).href, clock, ledger);
    // Goes on where an earlier run can't have been yet: the hub remembers the numbers that it has seen.
    this.#nextOrder = Math.floor(clock.now() / 100) - 17_600_000_000;
    for (const product of PRODUCTS) this.stock.set(product.sku, { available: 100, updatedAt: '' });
    this.router = this.#routes();
  }

  /** A paid order of this customer with `lines` lines (default one to four). */
  makeOrder(customer: Customer, random: Random, lines = random.between(1, 4)): ShopOrder {
    const items = Array.from({ length: lines }, () => ({
      ...random.pick(PRODUCTS),
      quantity: random.between(1, 5),
    }));
    const total =
      items.reduce((sum, item) => sum + item.quantity * Math.round(item.unitPrice * 100), 0) / 100;
    const { street, zip, city, country } = customer;
    return {
      type: 'order.paid',
      id: String(this.#nextOrder++),
      status: random.oneIn(20) ? 'partially_paid' : 'paid',
      createdAt: new Date(this.#clock.now()).toISOString(),
      currency: 'EUR',
      total,
      customer: {
        id: customer.id,
        email: customer.email,
        firstName: customer.firstName,
        lastName: customer.lastName,
      },
      shippingAddress: { street, zip, city, country },
      lines: items.map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity, unitPrice })),
    };
  }

  /** Sends the webhook of an order; resolves true once the hub acknowledged it. */
  send(order: ShopOrder): Promise<boolean> {
    this.orders.push(order);
    const id = `msg_${order.id}`;
    const body = JSON.stringify(order);
    return this.#sender.send({
      id: order.id,
      body,
      headers: () => signStandardWebhook(this.#credentials.shopWebhookSecret, id, body, this.#clock.now()),
    });
  }

  state(): Record<string, unknown> {
    return {
      webhooks: this.#sender.counts(),
      orders: this.orders,
      stock: Object.fromEntries(this.stock),
    };
  }

  close(): Promise<void> {
    return this.#sender.close();
  }

  #routes(): Router {
    const router = Router();
    router.use((request, response, next) => {
      if (request.refuseCredentials === true || request.get('x-api-key') !== this.#credentials.shopApiKey)
        response.status(401).json({ error: 'the API key is not valid' });
      else next();
    });
    router.get('/stock', (_request, response) => {
      response.json({ items: [...this.stock].map(([sku, level]) => ({ sku, ...level })) });
    });
    router.get('/stock/:sku', (request, response) => {
      const level = this.stock.get(request.params.sku);
      if (level === undefined) response.status(404).json({ error: `no product ${request.params.sku}` });
      else response.json({ sku: request.params.sku, ...level });
    });
    router.put('/stock/:sku', json({ limit: '100kb' }), (request, response) => {
      const { sku } = request.params;
      const available = (request.body as { available?: unknown } | undefined)?.available;
      if (!this.stock.has(sku)) {
        response.status(404).json({ error: `no product ${sku}` });
      } else if (typeof available !== 'number' || !Number.isInteger(available) || available < 0) {
        response.status(422).json({ error: 'available must be a whole number of 0 or more' });
      } else {
        const level = { available, updatedAt: new Date(this.#clock.now()).toISOString() };
        this.stock.set(sku, level);
        this.#ledger.write({ what: 'stock', sku, available, key: request.get('idempotency-key') });
        response.json({ sku, ...level });
      }
    });
    return router;
  }
}

/** The three headers of https://www.standardwebhooks.com: `v1,` and a base64 HMAC-SHA256 over id, time and body. */
export function signStandardWebhook(
  secret: string,
  id: string,
  body: string,
  nowMs: number,
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
