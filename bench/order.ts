import { createHmac } from 'node:crypto';

/** The header that carries the signature of an order's bytes: HMAC-SHA256, in hex. */
export const SIGNATURE_HEADER = 'x-shop-signature';

/** A paid order of the sample shop with eight lines, about 1.2 kB as JSON, which fits `sales/order@1`. */
export function makeOrder(id: string): object {
  return {
    type: 'order.paid',
    id,
    status: 'paid',
    createdAt: '2026-03-14T09:26:53.589Z',
    currency: 'EUR',
    total: 1284.37,
    customer: { id: 'C-1042', email: 'ada.lindqvist@example.com', firstName: 'Ada', lastName: 'Lindqvist' },
    shippingAddress: { street: 'Storgatan 7', zip: '111 23', city: 'Stockholm', country: 'SE' },
    lines: Array.from({ length: 8 }, (_, index) => ({
      sku: `SKU-${String(10_000 + index * 37)}`,
      name: `Article with a longer name, blue wool, no. ${index + 1}`,
      quantity: index + 1,
      unitPrice: 19.95 + index * 3.7,
    })),
  };
}

/** How a shop signs what it sends. */
export function sign(secret: string, body: string | Buffer): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
