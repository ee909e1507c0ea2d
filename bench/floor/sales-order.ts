/** As much of an order as the mapping needs. */
export interface Order {
  readonly id: string;
  readonly createdAt: string;
  readonly customer: { readonly firstName: string; readonly lastName: string; readonly id: string };
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
}

/** The mapping of bench/project, by hand. */
export function toSalesOrder(order: Order): object {
  return {
    OrderRef: order.id,
    OrderDate: order.createdAt.slice(0, 10),
    Currency: 'EUR',
    Buyer: { Code: order.customer.id, Name: `${order.customer.firstName} ${order.customer.lastName}` },
    Lines: order.lines.map(({ sku, quantity, unitPrice }) => ({
      Item: sku,
      Qty: quantity,
      Net: Math.round(quantity * unitPrice * 100) / 100,
    })),
  };
}
