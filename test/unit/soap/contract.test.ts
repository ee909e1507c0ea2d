import { soap } from '../../../connectors/soap/index.ts';
import { connectorContract } from '../../contract/connector.ts';

const settings = (url: string): object => ({
  wsdl: 'config/wsdl/erp.wsdl',
  endpoint: `${url}/erp`,
  auth: { type: 'ws_security', username: 'hub', password: 'password-s3cret', password_type: 'text' },
  operations: { UpsertCustomer: { effect: 'idempotent', ref: 'Code' } },
});

const ANSWER = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
  <UpsertCustomerResponse xmlns="urn:erp:sales:v1"><Code>K-1</Code><Created>true</Created></UpsertCustomerResponse>
</s:Body></s:Envelope>`;

describe('connector contract: soap', () => {
  connectorContract(soap, {
    settings: settings('https://erp.example.com'),
    http: {
      settings,
      action: 'UpsertCustomer',
      input: { Code: 'K-1', Name: 'Ada Keller' },
      healthy: () => ({ headers: { 'content-type': 'text/xml' }, body: ANSWER }),
    },
  });
});
