import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import { withCode } from '../../support/with-code.ts';
import { filesWith, type OpenSoap, openSoap } from './open-soap.ts';

const CUSTOMER = { Code: 'K-1', Name: 'Ada' };
const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
const answer = (body: string, namespace = 'http://schemas.xmlsoap.org/soap/envelope/'): string =>
  `<s:Envelope xmlns:s="${namespace}"><s:Body>${body}</s:Body></s:Envelope>`;
const DONE =
  '<r:UpsertCustomerResponse xmlns:r="urn:erp:sales:v1"><r:Code>K-1</r:Code></r:UpsertCustomerResponse>';

describe('soap: envelopes on the wire', () => {
  let server: ScriptedServer;
  let erp: OpenSoap;

  beforeEach(async () => {
    server = await startScriptedServer();
    erp = await openSoap({ wsdl: 'config/wsdl/erp.wsdl', endpoint: server.url });
  });
  afterEach(async () => {
    await erp.close();
    await server.close();
  });

  const answerWith = (status: number, body: string): void => {
    server.play(() => ({ status, headers: { 'content-type': 'text/xml' }, body }));
  };

  it('speaks SOAP 1.1 with its action in a header', async () => {
    answerWith(200, answer(DONE));
    assert.deepEqual((await erp.perform('UpsertCustomer', CUSTOMER)).output, { Code: 'K-1' });
    const [request] = server.seen;
    assert.equal(request?.headers['soapaction'], '"urn:erp:sales:v1#UpsertCustomer"');
    assert.equal(request.headers['content-type'], 'text/xml; charset=utf-8');
    assert.match(request.body, /<soap:Body><n0:UpsertCustomer><n0:Code>K-1<\/n0:Code>/);
  });

  it('speaks SOAP 1.2 where the binding says so', async () => {
    const wsdl = readFileSync('config/wsdl/erp.wsdl', 'utf8').replaceAll('/wsdl/soap/"', '/wsdl/soap12/"');
    const xsd = readFileSync('config/wsdl/erp-sales.xsd', 'utf8');
    const files = filesWith({ 'erp.wsdl': wsdl, 'erp-sales.xsd': xsd });
    const modern = await openSoap({ wsdl: 'erp.wsdl', endpoint: server.url }, files);
    try {
      answerWith(200, answer(DONE, SOAP12));
      await modern.perform('UpsertCustomer', CUSTOMER);
      const [request] = server.seen;
      assert.equal(
        request?.headers['content-type'],
        'application/soap+xml; charset=utf-8; action="urn:erp:sales:v1#UpsertCustomer"',
      );
      assert.ok(request.body.includes(SOAP12));
      const fault =
        '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>no</s:Text></s:Reason></s:Fault>';
      answerWith(400, answer(fault, SOAP12));
      await assert.rejects(modern.perform('UpsertCustomer', CUSTOMER), withCode('TARGET_REJECTED'));
    } finally {
      await modern.close();
    }
  });

  it('takes an empty answer for one that says nothing', async () => {
    answerWith(202, '');
    assert.deepEqual(await erp.perform('UpsertCustomer', CUSTOMER), { output: undefined });
    answerWith(200, answer(''));
    assert.deepEqual(await erp.perform('UpsertCustomer', CUSTOMER), { output: undefined });
  });

  for (const [what, body] of [
    ['a document type', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + answer('&e;')],
    ['no XML', 'it works!'],
    ['another document', '<html><body/></html>'],
    ['too many levels', '<a>'.repeat(500) + '</a>'.repeat(500)],
  ] as const)
    it(`is in doubt after a 200 with ${what}`, async () => {
      answerWith(200, body);
      await assert.rejects(erp.perform('UpsertCustomer', CUSTOMER), withCode('RESPONSE_UNREADABLE'));
    });

  it('goes by the status when a failure is no envelope', async () => {
    answerWith(500, '<html>Internal Server Error</html>');
    await assert.rejects(erp.perform('UpsertCustomer', CUSTOMER), withCode('TARGET_FAILED'));
    answerWith(400, 'Bad Request');
    await assert.rejects(erp.perform('UpsertCustomer', CUSTOMER), withCode('TARGET_REJECTED'));
  });
});
