import { createHmac } from 'node:crypto';
import type { Clock } from '../core/model/clock.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';
import type { ShopOrder } from './shop.ts';
import { WebhookSender } from './webhook-sender.ts';

/** The part of Stripe's `payment_intent.succeeded` event that an integration needs. Amounts are in cents. */
export interface PaymentEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: 'payment_intent.succeeded';
  /** Seconds since the epoch. */
  readonly created: number;
  readonly livemode: false;
  readonly data: {
    readonly object: {
      readonly id: string;
      readonly object: 'payment_intent';
      readonly amount: number;
      readonly amount_received: number;
      readonly currency: string;
      readonly status: 'succeeded';
      readonly created: number;
      readonly receipt_email: string;
      readonly metadata: { readonly order_id: string };
    };
  };
}

/** The payment provider: tells of payments by webhooks signed as Stripe signs them. */
export class Pay {
  readonly payments: PaymentEvent[] = [];
  readonly #clock: Clock;
  readonly #secret: string;
  readonly #sender: WebhookSender;

  constructor(hubUrl: string, clock: Clock, ledger: Ledger, credentials: Credentials) {
    this.#clock = clock;
    this.#secret = credentials.payWebhookSecret;
    this.#sender = new WebhookSender(new URL('/in/finance/payments', hubUrl).href, clock, ledger);
  }

  /** The payment of an order, in full. */
  makePayment(order: ShopOrder): PaymentEvent {
    const created = Math.floor(this.#clock.now() / 1_000);
    const amount = Math.round(order.total * 100);
    return {
      id: `evt_${order.id}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      created,
      livemode: false,
      data: {
        object: {
          id: `pi_${order.id}`,
          object: 'payment_intent',
          amount,
          amount_received: amount,
          currency: order.currency.toLowerCase(),
          status: 'succeeded',
          created,
          receipt_email: order.customer.email,
          metadata: { order_id: order.id },
        },
      },
    };
  }

  /** Sends the webhook of a payment; resolves true once the hub acknowledged it. */
  send(payment: PaymentEvent): Promise<boolean> {
    this.payments.push(payment);
    const body = JSON.stringify(payment);
    return this.#sender.send({
      id: payment.id,
      body,
      headers: () => ({ 'stripe-signature': signStripe(this.#secret, body, this.#clock.now()) }),
    });
  }

  state(): Record<string, unknown> {
    return { webhooks: this.#sender.counts(), payments: this.payments };
  }

  close(): Promise<void> {
    return this.#sender.close();
  }
}

/** Stripe's `Stripe-Signature`: a hex HMAC-SHA256 over time and body, https://docs.stripe.com/webhooks/signature. */
export function signStripe(secret: string, body: string, nowMs: number): string {
  const timestamp = Math.floor(nowMs / 1_000);
  return `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
