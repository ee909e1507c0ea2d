import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Request, type Response, Router, text } from 'express';
import type { Clock } from '../core/model/clock.ts';
import type { Customer } from './catalogue.ts';
import type { Credentials } from './credentials.ts';
import {
  ERP_NAMESPACE,
  type ErpCustomer,
  type ErpPayment,
  readCustomer,
  readOrder,
  readPayment,
  requireText,
  type SalesOrder,
} from './erp-requests.ts';
import {
  readEnvelope,
  SoapFault,
  tokenMatches,
  writeEnvelope,
  writeFault,
  type XmlNode,
} from './erp-soap.ts';
import type { Ledger } from './ledger.ts';

export interface ErpOptions {
  /** Those that it knows from the beginning. */
  readonly customers: readonly Customer[];
  /** Where stock files are dropped. */
  readonly dropDir: string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly credentials: Credentials;
}

const FREIGHT_NAMESPACE = 'urn:erp:freight';
/** How far the `Created` of a token may be away, as the UsernameToken profile recommends. */
const TOKEN_WINDOW_MS = 300_000;

/**
 * The ERP: SOAP, document style, behind a WS-Security UsernameToken (text or digest) at /erp/sales; an old rpc-style
 * freight service behind basic authentication at /erp/freight; stock files dropped into a folder. It refuses what real
 * ones refuse: wrong credentials, unknown customers, order numbers that exist, elements out of order.
 */
export class Erp {
  readonly router: Router;
  readonly customers = new Map<string, ErpCustomer>();
  readonly orders = new Map<string, SalesOrder>();
  readonly payments = new Map<string, ErpPayment>();
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #credentials: Credentials;
  readonly #nonces = new Set<string>();
  readonly #dropDir: string;
  #files = 0;

  constructor({ customers, dropDir, clock, ledger, credentials }: ErpOptions) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#credentials = credentials;
    this.#dropDir = dropDir;
    for (const { erpCode, firstName, lastName } of customers)
      this.customers.set(erpCode, { code: erpCode, name: `${firstName} ${lastName}` });
    this.router = this.#routes();
  }

  /** Drops a file with one line per product, as the warehouse does: written beside, then renamed. */
  async dropStockFile(
    levels: readonly { readonly sku: string; readonly available: number }[],
  ): Promise<string> {
    const countedAt = new Date(this.#clock.now()).toISOString();
    this.#files += 1;
    const name = `stock-${countedAt.replace(/[-:.]/g, '')}-${String(this.#files).padStart(4, '0')}.csv`;
    const lines = levels.map(({ sku, available }) => `${sku},MAIN,${available},${countedAt}\n`);
    await mkdir(this.#dropDir, { recursive: true });
    const path = join(this.#dropDir, name);
    await writeFile(`${path}.tmp`, `sku,warehouse,available,counted_at\n${lines.join('')}`);
    this.#ledger.write({ what: 'stock file', name, lines: levels.length });
    await rename(`${path}.tmp`, path);
    return path;
  }

  state(): Record<string, unknown> {
    return {
      customers: [...this.customers.values()],
      orders: [...this.orders.values()],
      payments: [...this.payments.values()],
      stockFiles: this.#files,
    };
  }

  #routes(): Router {
    const router = Router();
    const wsdlFolder = join(import.meta.dirname, '..', 'config', 'wsdl');
    const send = (path: string) => (_request: Request, response: Response) =>
      void response.type('text/xml').send(readFileSync(path));
    router.get('/sales', send(join(wsdlFolder, 'erp.wsdl')));
    router.get('/erp-sales.xsd', send(join(wsdlFolder, 'erp-sales.xsd')));
    router.get('/freight', send(join(import.meta.dirname, 'freight.wsdl')));
    const body = text({ type: () => true, limit: '5mb' });
    router.post('/sales', body, (request, response) => this.#answerSales(request, response));
    router.post('/freight', body, (request, response) => this.#answerFreight(request, response));
    return router;
  }

  #answerSales(request: Request, response: Response): void {
    answer(response, ERP_NAMESPACE, true, () => {
      const { operation, namespace, input, token } = readEnvelope(String(request.body));
      if (token === undefined) throw new SoapFault('wsse:InvalidSecurity', 'a UsernameToken is needed');
      if (request.refuseCredentials === true || !this.#admits(token))
        throw new SoapFault('wsse:FailedAuthentication', 'the user name or the password is wrong');
      if (namespace !== ERP_NAMESPACE) throw new SoapFault('soap:Client', `unknown namespace "${namespace}"`);
      return { operation, output: this.#perform(operation, input) };
    });
  }

  #admits(token: Parameters<typeof tokenMatches>[0]): boolean {
    const { erpUsername, erpPassword } = this.#credentials;
    if (!tokenMatches(token, erpUsername, erpPassword)) return false;
    if (!token.digest) return true;
    const fresh = Math.abs(this.#clock.now() - Date.parse(token.created)) < TOKEN_WINDOW_MS;
    if (!fresh || this.#nonces.has(token.nonce)) return false;
    this.#nonces.add(token.nonce);
    return true;
  }

  #perform(operation: string, input: XmlNode): XmlNode {
    switch (operation) {
      case 'CreateSalesOrder':
        return this.#createSalesOrder(input);
      case 'GetSalesOrder':
        return this.#getSalesOrder(requireText(input, 'OrderRef'));
      case 'CreatePayment':
        return this.#createPayment(input);
      case 'GetPayment':
        return this.#getPayment(requireText(input, 'PaymentRef'));
      case 'UpsertCustomer':
        return this.#upsertCustomer(input);
      case 'GetSystemInfo':
        return { Name: 'Sandbox ERP', Version: '8.2' };
      default:
        throw new SoapFault('soap:Client', `unknown operation ${operation}`);
    }
  }

  #createSalesOrder(input: XmlNode): XmlNode {
    const order = readOrder(input, `S-${100_000 + this.orders.size}`);
    if (this.orders.has(order.ref)) throw refusal('DUPLICATE_ORDER', `sales order ${order.ref} exists`);
    if (!this.customers.has(order.buyerCode))
      throw refusal('UNKNOWN_CUSTOMER', `there is no customer ${order.buyerCode}`);
    this.orders.set(order.ref, order);
    this.#ledger.write({ what: 'order', ref: order.ref, number: order.number });
    return { OrderNumber: order.number, Total: cents(order.total) };
  }

  #getSalesOrder(ref: string): XmlNode {
    const order = this.orders.get(ref);
    if (order === undefined) throw refusal('NOT_FOUND', `there is no sales order ${ref}`);
    return {
      OrderNumber: order.number,
      OrderRef: order.ref,
      BuyerCode: order.buyerCode,
      Total: cents(order.total),
      Lines: order.lines.map(({ item, quantity, net }) => ({ Item: item, Qty: String(quantity), Net: net })),
    };
  }

  #createPayment(input: XmlNode): XmlNode {
    const payment = readPayment(input, `P-${100_000 + this.payments.size}`);
    if (this.payments.has(payment.ref)) throw refusal('DUPLICATE_PAYMENT', `payment ${payment.ref} exists`);
    this.payments.set(payment.ref, payment);
    this.#ledger.write({ what: 'payment', ref: payment.ref, number: payment.number });
    return { PaymentNumber: payment.number, Matched: String(this.orders.has(payment.orderRef)) };
  }

  #getPayment(ref: string): XmlNode {
    const payment = this.payments.get(ref);
    if (payment === undefined) throw refusal('NOT_FOUND', `there is no payment ${ref}`);
    return { PaymentNumber: payment.number, PaymentRef: payment.ref, Amount: payment.amount };
  }

  #upsertCustomer(input: XmlNode): XmlNode {
    const customer = readCustomer(input);
    const created = !this.customers.has(customer.code);
    this.customers.set(customer.code, customer);
    this.#ledger.write({ what: 'customer', code: customer.code, created });
    return { Code: customer.code, Created: String(created) };
  }

  #answerFreight(request: Request, response: Response): void {
    const { erpUsername, erpPassword } = this.#credentials;
    const expected = `Basic ${Buffer.from(`${erpUsername}:${erpPassword}`).toString('base64')}`;
    if (request.refuseCredentials === true || request.get('authorization') !== expected) {
      response.status(401).set('www-authenticate', 'Basic realm="freight"').send('who are you?');
      return;
    }
    answer(response, FREIGHT_NAMESPACE, false, () => {
      const { operation, namespace, input } = readEnvelope(String(request.body));
      if (operation !== 'Quote' || namespace !== FREIGHT_NAMESPACE)
        throw new SoapFault('soap:Client', `unknown operation ${operation}`);
      const weight = Number((input['parcel'] as XmlNode | undefined)?.['weight']);
      if (!(weight > 0)) throw new SoapFault('soap:Client', 'the weight must be more than 0');
      const country = requireText(input, 'country');
      const price = cents(Math.round(weight * 350) + (country === 'DE' ? 0 : 900));
      return { operation, output: { quote: { price, days: country === 'DE' ? '2' : '5' } } };
    });
  }
}

/** Runs one operation and writes its envelope; SOAP 1.1 sends faults with status 500. */
function answer(
  response: Response,
  namespace: string,
  qualified: boolean,
  run: () => { operation: string; output: XmlNode },
): void {
  response.type('text/xml');
  try {
    const { operation, output } = run();
    response.send(writeEnvelope(operation, namespace, output, qualified));
  } catch (error) {
    const fault =
      error instanceof SoapFault ? error : new SoapFault('soap:Server', `internal error: ${String(error)}`);
    response.status(500).send(writeFault(fault, namespace));
  }
}

function refusal(code: string, text: string): SoapFault {
  return new SoapFault('soap:Client', text, code);
}

function cents(amount: number): string {
  return (amount / 100).toFixed(2);
}
