import assert from 'node:assert/strict';
import { parseXml, type XmlValue } from '../../../core/sdk.ts';
import { faultError, readFault } from '../../../connectors/soap/fault.ts';

const RESPONSE = { status: 500, headers: {}, body: Buffer.from('<the-answer/>') };
const faultOf = (xml: string): XmlValue =>
  parseXml(`<Fault xmlns:soap="s" xmlns:wsse="w" xmlns:e="e">${xml}</Fault>`, { removePrefixes: true })[
    'Fault'
  ] as XmlValue;
const fault11 = (code: string, detail = ''): string =>
  `<faultcode>${code}</faultcode><faultstring>no luck</faultstring><detail>${detail}</detail>`;
const fault12 = (code: string, subcode: string): string =>
  `<soap:Code><soap:Value>${code}</soap:Value><soap:Subcode><soap:Value>${subcode}</soap:Value></soap:Subcode></soap:Code>
   <soap:Reason><soap:Text xml:lang="en">no luck</soap:Text></soap:Reason>`;

describe('soap: what a fault means', () => {
  for (const [what, xml, code] of [
    ['Client of SOAP 1.1', fault11('soap:Client'), 'TARGET_REJECTED'],
    ['Client with a dotted subcode', fault11('soap:Client.Order'), 'TARGET_REJECTED'],
    ['Server of SOAP 1.1', fault11('soap:Server'), 'TARGET_FAILED'],
    ['Sender of SOAP 1.2', fault12('soap:Sender', 'e:BadOrder'), 'TARGET_REJECTED'],
    ['Receiver of SOAP 1.2', fault12('soap:Receiver', 'e:Busy'), 'TARGET_FAILED'],
    ['MustUnderstand', fault11('soap:MustUnderstand'), 'TARGET_REJECTED'],
    ['FailedAuthentication', fault11('wsse:FailedAuthentication'), 'CREDENTIALS_REFUSED'],
    ['InvalidSecurity as a subcode', fault12('soap:Sender', 'wsse:InvalidSecurity'), 'CREDENTIALS_REFUSED'],
    ['a code of its own', fault11('E4711'), 'TARGET_FAILED'],
  ] as const)
    it(`takes ${what} for ${code}`, () => {
      const error = faultError('Do', readFault(faultOf(xml)), RESPONSE);
      assert.equal(error.code, code);
      assert.match(error.message, /no luck/);
      assert.equal(error.response, '<the-answer/>');
    });

  it('lets the settings decide first: by fault code, element of the detail, or code in the detail', () => {
    const detail = '<e:OrderFault><e:errorCode>MAINTENANCE</e:errorCode></e:OrderFault>';
    const fault = readFault(faultOf(fault11('soap:Client', detail)));
    assert.deepEqual(fault.names, ['soap:Client', 'Client', 'OrderFault', 'MAINTENANCE']);
    assert.equal(
      faultError('Do', fault, RESPONSE, { unavailable: ['MAINTENANCE'] }).code,
      'TARGET_UNAVAILABLE',
    );
    assert.equal(faultError('Do', fault, RESPONSE, { failed: ['OrderFault'] }).code, 'TARGET_FAILED');
    assert.equal(faultError('Do', fault, RESPONSE, { credentials: ['Client'] }).code, 'CREDENTIALS_REFUSED');
  });

  it('survives a fault that says nothing', () => {
    assert.equal(faultError('Do', readFault(''), RESPONSE).code, 'TARGET_FAILED');
  });
});
