import type { Clock } from '../core/model/clock.ts';
import type { Logger } from '../core/model/logger.ts';
import { type Customer, makeCustomer, makeStreet, PRODUCTS } from './catalogue.ts';
import type { Crm } from './crm.ts';
import type { Erp } from './erp.ts';
import type { Pay } from './pay.ts';
import type { Random } from './random.ts';
import type { Shop } from './shop.ts';

/** How many of each to send now. */
export interface TrafficOrder {
  /** Paid orders of customers that the ERP knows. */
  readonly orders?: number;
  /** Lines of each of these orders; default one to four. */
  readonly lines?: number;
  /** Paid orders of the prospect that the ERP does not know: they end as failures. */
  readonly strangers?: number;
  /** Payments of orders sent before. */
  readonly payments?: number;
  /** Changed customers. */
  readonly customers?: number;
  /** Customers that nobody knew before. */
  readonly newCustomers?: number;
  /** Stock files, with one line for each product. */
  readonly stock?: number;
}

/** How many webhooks were acknowledged, and what else was done. */
export interface TrafficReport {
  readonly acknowledged: number;
  readonly failed: number;
}

/** A new customer orders only after the CRM's changes have had time to reach the ERP. */
const SETTLING_MS = 30_000;

/** Makes the four systems busy: a given amount at once, or gently for as long as it runs. Same seed, same traffic. */
export class Traffic {
  readonly #shop: Shop;
  readonly #crm: Crm;
  readonly #erp: Erp;
  readonly #pay: Pay;
  readonly #clock: Clock;
  readonly #random: Random;
  #unpaid = 0;
  #nextCustomer: number;

  constructor(
    systems: { readonly shop: Shop; readonly crm: Crm; readonly erp: Erp; readonly pay: Pay },
    clock: Clock,
    random: Random,
  ) {
    this.#shop = systems.shop;
    this.#crm = systems.crm;
    this.#erp = systems.erp;
    this.#pay = systems.pay;
    this.#clock = clock;
    this.#random = random;
    this.#nextCustomer = 2_000 + (Math.floor(clock.now() / 1_000) % 100_000_000);
  }

  /** Sends all of it, up to 64 webhooks at a time; resolves when each was acknowledged or given up on. */
  async send(order: TrafficOrder): Promise<TrafficReport> {
    const jobs: (() => Promise<boolean>)[] = [];
    const times = (count: number | undefined, job: () => Promise<boolean>): void => {
      for (let i = 0; i < (count ?? 0); i += 1) jobs.push(job);
    };
    times(order.customers, () => this.#changeCustomer());
    times(order.newCustomers, () => this.#addCustomer());
    times(order.orders, () => this.#sendOrder(this.#random.pick(this.#buyers()), order.lines));
    times(order.strangers, () => this.#sendOrder(this.#prospect(), order.lines));
    times(order.payments, () => this.#sendPayment());
    times(order.stock, () => this.#dropStock());
    const results: boolean[] = [];
    const queue = jobs.values();
    const work = async (): Promise<void> => {
      for (const job of queue) results.push(await job());
    };
    await Promise.all(Array.from({ length: 64 }, work));
    const acknowledged = results.filter(Boolean).length;
    return { acknowledged, failed: results.length - acknowledged };
  }

  /**
   * About an order every two seconds, its payment a little later, a customer change now and then, a stock file twice a
   * minute; one order in fifteen is of the prospect. Returns the function that stops it.
   */
  run(log: Logger): () => Promise<void> {
    let beat = 0;
    return this.#clock.every(
      1_000,
      async () => {
        beat += 1;
        const order: TrafficOrder = {
          ...(beat % 2 === 1 ? (this.#random.oneIn(15) ? { strangers: 1 } : { orders: 1 }) : { payments: 1 }),
          ...(beat % 7 === 0 ? { customers: 1 } : {}),
          ...(beat % 40 === 0 ? { newCustomers: 1 } : {}),
          ...(beat % 30 === 5 ? { stock: 1 } : {}),
        };
        // Not awaited: the hub may be away for a while, and the shop goes on selling.
        void this.send(order).catch((error: unknown) => log.warn('traffic failed', { error: String(error) }));
        await Promise.resolve();
      },
      log,
    );
  }

  #buyers(): Customer[] {
    const settled = new Date(this.#clock.now() - SETTLING_MS).toISOString();
    return [...this.#crm.customers.values()].filter(
      (it) => it.status === 'active' && (it.version > 1 || it.updatedAt < settled),
    );
  }

  #prospect(): Customer {
    const prospect = [...this.#crm.customers.values()].find((it) => it.status === 'prospect');
    if (prospect === undefined) throw new Error('there is no prospect');
    return prospect;
  }

  #sendOrder(customer: Customer, lines?: number): Promise<boolean> {
    return this.#shop.send(this.#shop.makeOrder(customer, this.#random, lines));
  }

  async #sendPayment(): Promise<boolean> {
    const order = this.#shop.orders[this.#unpaid];
    if (order === undefined) return true;
    this.#unpaid += 1;
    return this.#pay.send(this.#pay.makePayment(order));
  }

  async #changeCustomer(): Promise<boolean> {
    const customer = this.#random.pick(this.#buyers());
    this.#crm.save({ ...customer, street: makeStreet(this.#random) });
    return Promise.resolve(true);
  }

  async #addCustomer(): Promise<boolean> {
    this.#nextCustomer += 1;
    this.#crm.save(makeCustomer(this.#nextCustomer, this.#random, ''));
    return Promise.resolve(true);
  }

  async #dropStock(): Promise<boolean> {
    await this.#erp.dropStockFile(
      PRODUCTS.map(({ sku }) => ({ sku, available: this.#random.between(0, 250) })),
    );
    return true;
  }
}
