import assert from 'node:assert/strict';
import type { SoapSettings } from '../../../connectors/soap/settings.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { withCode } from '../../support/with-code.ts';
import { type OpenSoap, openSoap } from './open-soap.ts';

const ORDER = {
  // Not in the order of the schema: the connector puts it right.
  Lines: [
    { Net: 15.8, Qty: 2, Item: 'TEA-GREEN-100' },
    { Net: '0.10', Qty: '1', Item: 'A & B <C>' },
  ],
  Buyer: { Name: 'Ada Keller', Code: 'K-1001' },
  OrderRef: '0042',
  OrderDate: '2026-03-01',
};

describe('soap with the ERP of the sandbox', () => {
  let sandbox: Sandbox;
  let erp: OpenSoap;

  const settings = (more: Partial<SoapSettings> = {}): SoapSettings => ({
    wsdl: 'config/wsdl/erp.wsdl',
    endpoint: `${sandbox.url}/erp/sales`,
    auth: {
      type: 'ws_security',
      username: 'crossdock',
      password: sandbox.credentials.erpPassword,
      password_type: 'digest',
    },
    check: { operation: 'GetSystemInfo' },
    operations: {
      CreateSalesOrder: {
        ref: 'OrderNumber',
        probe: { operation: 'GetSalesOrder', input: { OrderRef: 'OrderRef' }, absent: ['NOT_FOUND'] },
      },
    },
    ...more,
  });

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0 });
    erp = await openSoap(settings());
  });
  afterEach(async () => {
    await erp.close();
    await sandbox.close();
  });

  it('books an order and tells its number there', async () => {
    const result = await erp.perform('CreateSalesOrder', ORDER);
    assert.deepEqual(result, { output: { OrderNumber: 'S-100000', Total: '15.90' }, ref: 'S-100000' });
    assert.deepEqual(sandbox.erp.orders.get('0042')?.lines[1], {
      item: 'A & B <C>',
      quantity: 1,
      net: '0.10',
    });
  });

  it('finds out whether an order was booked', async () => {
    assert.equal(await erp.probe('CreateSalesOrder', ORDER), undefined);
    await erp.perform('CreateSalesOrder', ORDER);
    assert.equal((await erp.probe('CreateSalesOrder', ORDER))?.ref, 'S-100000');
  });

  it('is in doubt after a time-out, and a probe then knows', async () => {
    sandbox.trouble({ system: 'erp', mode: 'accept-then-reset' });
    await assert.rejects(erp.perform('CreateSalesOrder', ORDER), withCode('TARGET_LOST'));
    assert.equal((await erp.probe('CreateSalesOrder', ORDER))?.ref, 'S-100000');
  });

  it('takes refusals of the ERP for permanent, with its code', async () => {
    await erp.perform('CreateSalesOrder', ORDER);
    await assert.rejects(erp.perform('CreateSalesOrder', ORDER), (error: Error) => {
      withCode('TARGET_REJECTED')(error);
      assert.match(error.message, /sales order 0042 exists \(Client, .*DUPLICATE_ORDER\)/);
      return true;
    });
    const stranger = { ...ORDER, OrderRef: '1', Buyer: { Code: 'K-9', Name: 'Nobody' } };
    await assert.rejects(erp.perform('CreateSalesOrder', stranger), /UNKNOWN_CUSTOMER/);
  });

  it('refuses what the schema has no place for before it is sent', async () => {
    for (const wrong of [{ Colour: 'red' }, { Lines: [] }, { Buyer: 'Ada' }, { OrderDate: null }])
      await assert.rejects(
        erp.perform('CreateSalesOrder', { ...ORDER, ...wrong }),
        withCode('OUTPUT_INVALID'),
      );
    assert.equal(sandbox.erp.orders.size, 0);
  });

  it('takes the text form of the password as well', async () => {
    const text = await openSoap(
      settings({
        auth: {
          type: 'ws_security',
          username: 'crossdock',
          password: sandbox.credentials.erpPassword,
          timestamp: true,
        },
      }),
    );
    try {
      assert.deepEqual((await text.perform('GetSystemInfo', {})).output, {
        Name: 'Sandbox ERP',
        Version: '8.2',
      });
    } finally {
      await text.close();
    }
  });

  it('knows refused credentials, also when it checks', async () => {
    sandbox.trouble({ system: 'erp', mode: 'wrong-credentials', count: 2 });
    await assert.rejects(erp.perform('CreateSalesOrder', ORDER), withCode('CREDENTIALS_REFUSED'));
    const results = await erp.connection.check(AbortSignal.timeout(5_000));
    assert.deepEqual(
      results.map(({ name, ok }) => [name, ok]),
      [
        ['address', true],
        ['credentials', false],
      ],
    );
  });

  it('checks with an operation that changes nothing', async () => {
    const results = await erp.connection.check(AbortSignal.timeout(5_000));
    assert.ok(results.every(({ ok }) => ok));
  });

  it('reads lists as lists and decimals with all their digits', async () => {
    await erp.perform('CreateSalesOrder', {
      ...ORDER,
      Lines: [{ Item: 'X', Qty: 1, Net: '12345678901234567.10' }],
    });
    const { output } = await erp.perform('GetSalesOrder', { OrderRef: '0042' });
    assert.deepEqual((output as { Lines: unknown }).Lines, [
      { Item: 'X', Qty: '1', Net: '12345678901234567.10' },
    ]);
  });

  it('speaks rpc style with the freight service, behind basic authentication', async () => {
    const freight = await openSoap({
      wsdl: 'sandbox/freight.wsdl',
      endpoint: `${sandbox.url}/erp/freight`,
      auth: { type: 'basic', username: 'crossdock', password: sandbox.credentials.erpPassword } as never,
    });
    try {
      const { output } = await freight.perform('Quote', { parcel: { weight: 2.5 }, country: 'FR' });
      assert.deepEqual(output, { quote: { price: '17.75', days: 5 } });
    } finally {
      await freight.close();
    }
  });
});
