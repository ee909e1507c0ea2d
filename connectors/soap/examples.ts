import type { Example } from '../../core/sdk.ts';

/** Entries of connections.yaml, for the reference page. */
export const examples: readonly Example[] = [
  {
    title: 'Connection: an ERP with WS-Security, where an order is looked up before it is sent again',
    yaml: `erp:
  connector: soap
  with:
    wsdl: config/wsdl/erp.wsdl
    endpoint: https://erp.example.com/services/sales
    auth:
      type: ws_security
      username: crossdock
      password: \${env:ERP_PASSWORD}
      password_type: digest
    check: { operation: GetSystemInfo }
    operations:
      CreateSalesOrder:
        effect: probe
        probe: { operation: GetSalesOrder, input: { OrderRef: OrderRef }, absent: [NOT_FOUND] }
        ref: OrderNumber
      UpsertCustomer: { effect: idempotent }
      GetSalesOrder: { reads: true }
    faults:
      unavailable: [MAINTENANCE]
`,
  },
];
