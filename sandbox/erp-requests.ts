import { SoapFault, type XmlNode } from './erp-soap.ts';

/** The target namespace of config/wsdl/erp.wsdl. */
export const ERP_NAMESPACE = 'urn:erp:sales:v1';

export interface SalesOrder {
  readonly number: string;
  readonly ref: string;
  readonly date: string;
  readonly currency: string;
  readonly buyerCode: string;
  readonly buyerName: string;
  /** In cents. */
  readonly total: number;
  readonly lines: readonly { readonly item: string; readonly quantity: number; readonly net: string }[];
}

export interface ErpPayment {
  readonly number: string;
  readonly ref: string;
  readonly orderRef: string;
  readonly amount: string;
  readonly currency: string;
  readonly paidAt: string;
}

export interface ErpCustomer {
  readonly code: string;
  readonly name: string;
  readonly [field: string]: string;
}

/** The element of this name as text; a fault when it is missing or empty. */
export function requireText(node: XmlNode, name: string): string {
  const value = node[name];
  if (typeof value !== 'string' || value === '') throw invalid(`element ${name} is missing`);
  return value;
}

export function readOrder(input: XmlNode, number: string): SalesOrder {
  requireSequence(input, ['OrderRef', 'OrderDate', 'Currency', 'Buyer', 'Lines']);
  const buyer = input['Buyer'];
  if (typeof buyer !== 'object' || Array.isArray(buyer)) throw invalid('element Buyer is missing');
  requireSequence(buyer as XmlNode, ['Code', 'Name']);
  const lines = list(input['Lines']).map(readLine);
  if (lines.length === 0) throw invalid('element Lines is missing');
  const date = requireText(input, 'OrderDate');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw invalid(`"${date}" is not a date`);
  return {
    number,
    ref: requireText(input, 'OrderRef'),
    date,
    currency: input['Currency'] === undefined ? 'EUR' : requireText(input, 'Currency'),
    buyerCode: requireText(buyer as XmlNode, 'Code'),
    buyerName: requireText(buyer as XmlNode, 'Name'),
    total: lines.reduce((sum, line) => sum + Math.round(Number(line.net) * 100), 0),
    lines,
  };
}

export function readPayment(input: XmlNode, number: string): ErpPayment {
  requireSequence(input, ['PaymentRef', 'OrderRef', 'Amount', 'Currency', 'PaidAt']);
  const paidAt = requireText(input, 'PaidAt');
  if (Number.isNaN(Date.parse(paidAt))) throw invalid(`"${paidAt}" is not a time`);
  return {
    number,
    ref: requireText(input, 'PaymentRef'),
    orderRef: input['OrderRef'] === undefined ? '' : requireText(input, 'OrderRef'),
    amount: requireDecimal(input, 'Amount'),
    currency: requireText(input, 'Currency'),
    paidAt,
  };
}

export function readCustomer(input: XmlNode): ErpCustomer {
  requireSequence(input, ['Code', 'Name', 'Email', 'Street', 'Zip', 'City', 'Country']);
  const rest = ['Email', 'Street', 'Zip', 'City', 'Country'].flatMap((name) =>
    typeof input[name] === 'string' ? [[name.toLowerCase(), input[name]] as const] : [],
  );
  return {
    code: requireText(input, 'Code'),
    name: requireText(input, 'Name'),
    ...Object.fromEntries(rest),
  };
}

function readLine(line: string | XmlNode): SalesOrder['lines'][number] {
  if (typeof line === 'string') throw invalid('a line needs Item, Qty and Net');
  requireSequence(line, ['Item', 'Qty', 'Net']);
  const quantity = Number(requireText(line, 'Qty'));
  if (!Number.isInteger(quantity) || quantity < 1)
    throw new SoapFault('soap:Client', 'Qty must be a whole number of 1 or more', 'INVALID_LINE');
  return { item: requireText(line, 'Item'), quantity, net: requireDecimal(line, 'Net') };
}

function requireDecimal(node: XmlNode, name: string): string {
  const value = requireText(node, name);
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) throw invalid(`"${value}" is not a decimal`);
  return value;
}

/** An xsd:sequence is strict: known elements only, in this order. */
function requireSequence(node: XmlNode, names: readonly string[]): void {
  const places = Object.keys(node).map((name) => {
    const place = names.indexOf(name);
    if (place < 0) throw invalid(`element ${name} is not expected`);
    return place;
  });
  if (places.some((place, index) => index > 0 && place < (places[index - 1] as number)))
    throw invalid(`elements must come in the order ${names.join(', ')}`);
}

function list(value: XmlNode[string] | undefined): readonly (string | XmlNode)[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly (string | XmlNode)[]) : [value as string | XmlNode];
}

function invalid(text: string): SoapFault {
  return new SoapFault('soap:Client', `the request is not valid: ${text}`, 'INVALID_REQUEST');
}
