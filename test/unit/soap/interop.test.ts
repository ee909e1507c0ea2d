import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from 'soap';
import { withCode } from '../../support/with-code.ts';
import { openSoap } from './open-soap.ts';

/** A WSDL like the ERP's, in one file as the other implementation wants it. */
const SCHEMA = readFileSync('config/wsdl/erp-sales.xsd', 'utf8').replace(/<\?xml.*?\?>/, '');
const WSDL = readFileSync('config/wsdl/erp.wsdl', 'utf8').replace(
  /<xsd:schema>[^]*?<\/xsd:schema>/,
  SCHEMA.replaceAll('$', '$$$$'),
);

/** Another implementation of SOAP understands what we write, and we what it writes. */
describe('soap with a server of the soap package', () => {
  let server: Server;
  let url: string;
  const seen: unknown[] = [];

  before(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/erp`;
    const soapServer = listen(server, {
      path: '/erp',
      xml: WSDL,
      services: {
        ErpSales: {
          ErpSalesSoap: {
            CreateSalesOrder: (input: { OrderRef: string }) => {
              seen.push(input);
              if (input.OrderRef === 'bad')
                // The package takes an error of this form for a fault.
                throw Object.assign(new Error('bad order'), {
                  Fault: { faultcode: 'soap:Client', faultstring: 'bad order' },
                });
              return { OrderNumber: 'S-1', Total: '12.50' };
            },
          },
        },
      },
    });
    soapServer.authenticate = (security: { UsernameToken?: { Username?: unknown } } | undefined) =>
      security?.UsernameToken?.Username === 'hub';
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const order = (ref: string): object => ({
    OrderRef: ref,
    OrderDate: '2026-03-01',
    Buyer: { Code: 'K-1', Name: 'Ada & Söhne' },
    Lines: [
      { Item: 'a', Qty: 1, Net: 1.5 },
      { Item: 'b', Qty: 2, Net: 11 },
    ],
  });

  it('is understood, and understands the answer and the fault', async () => {
    const auth = { type: 'ws_security', username: 'hub', password: 'x' } as const;
    const erp = await openSoap({ wsdl: 'config/wsdl/erp.wsdl', endpoint: url, auth });
    try {
      const { output } = await erp.perform('CreateSalesOrder', order('1'));
      assert.deepEqual(output, { OrderNumber: 'S-1', Total: '12.50' });
      const { Buyer, Lines } = seen[0] as { Buyer: unknown; Lines: { Item: unknown }[] };
      assert.deepEqual({ ...(Buyer as object) }, { Code: 'K-1', Name: 'Ada & Söhne' });
      assert.deepEqual(
        Lines.map(({ Item }) => Item),
        ['a', 'b'],
      );
      await assert.rejects(erp.perform('CreateSalesOrder', order('bad')), withCode('TARGET_REJECTED'));
    } finally {
      await erp.close();
    }
  });
});
