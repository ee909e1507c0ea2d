import assert from 'node:assert/strict';
import { soap } from '../../../connectors/soap/index.ts';
import type { SoapSettings } from '../../../connectors/soap/settings.ts';
import { schemaRegistry } from '../../../core/language/index.ts';
import type { JsonSchema, Offer } from '../../../core/sdk.ts';
import { withCode } from '../../support/with-code.ts';
import { filesWith } from './open-soap.ts';

/** A WSDL with one document-style operation `Do`, whose types are given. */
function wsdl(types: string, attributes = 'elementFormDefault="qualified"'): string {
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
      xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
    <types><x:schema targetNamespace="urn:t" ${attributes}>${types}</x:schema></types>
    <message name="In"><part name="p" element="t:Do"/></message>
    <portType name="P"><operation name="Do"><input message="t:In"/></operation></portType>
    <binding name="B" type="t:P"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
      <operation name="Do"><soap:operation soapAction="urn:do"/><input><soap:body use="literal"/></input></operation>
    </binding>
    <service name="S"><port name="B" binding="t:B"><soap:address location="http://erp.example.com/"/></port></service>
  </definitions>`;
}

const element = (content: string): string =>
  `<x:element name="Do"><x:complexType>${content}</x:complexType></x:element>`;

async function describeWith(
  texts: Readonly<Record<string, string>>,
  more: Partial<SoapSettings> = {},
): Promise<Offer> {
  const offer = await soap.describe?.({ wsdl: 'main.wsdl', ...more }, filesWith(texts));
  return offer ?? {};
}

async function inputOf(types: string): Promise<JsonSchema> {
  const { actions } = await describeWith({ 'main.wsdl': wsdl(types) });
  return actions?.['Do']?.input ?? {};
}

async function accepts(types: string, value: unknown): Promise<boolean> {
  const schema = await inputOf(types);
  return schemaRegistry(new Map()).compile(schema)(value).length === 0;
}

describe('soap: what a WSDL offers', () => {
  it('makes an action of each operation of the ERP, with schemas of what goes in and out', async () => {
    const { actions = {} } = (await soap.describe?.({ wsdl: 'config/wsdl/erp.wsdl' }, filesWith())) ?? {};
    assert.deepEqual(Object.keys(actions).sort(), [
      'CreatePayment',
      'CreateSalesOrder',
      'GetPayment',
      'GetSalesOrder',
      'GetSystemInfo',
      'UpsertCustomer',
    ]);
    const order = actions['CreateSalesOrder'];
    assert.equal(order?.effect, 'none');
    assert.deepEqual(order.input?.['required'], ['OrderRef', 'OrderDate', 'Buyer', 'Lines']);
    const properties = order.input['properties'] as Record<string, JsonSchema>;
    assert.equal(properties['Lines']?.['type'], 'array');
    assert.deepEqual(properties['Currency'], { enum: ['EUR', 'CHF', 'GBP', 'USD'] });
  });

  it('accepts decimals as numbers and as texts, and nothing else', async () => {
    const types = element('<x:sequence><x:element name="a" type="x:decimal"/></x:sequence>');
    for (const good of [1, 1.5, '12345678901234567.10', '-.5'])
      assert.ok(await accepts(types, { a: good }), String(good));
    for (const bad of ['1e3', 'abc', '', true, null])
      assert.ok(!(await accepts(types, { a: bad })), String(bad));
  });

  it('knows the ranges of integers, lengths of texts, dates and nil', async () => {
    const types =
      element(`<x:sequence><x:element name="n" type="x:short" minOccurs="0"/><x:element name="d" type="x:date" minOccurs="0"/>
        <x:element name="s" type="t:Short" minOccurs="0"/><x:element name="z" type="x:string" nillable="true" minOccurs="0"/></x:sequence>`) +
      '<x:simpleType name="Short"><x:restriction base="x:string"><x:maxLength value="3"/></x:restriction></x:simpleType>';
    for (const good of [{ n: -32_768 }, { d: '2026-01-01' }, { d: '2026-01-01Z' }, { s: 'abc' }, { z: null }])
      assert.ok(await accepts(types, good), JSON.stringify(good));
    for (const bad of [{ n: 32_768 }, { n: 1.5 }, { d: '1.1.2026' }, { s: 'abcd' }, { s: null }, { q: 1 }])
      assert.ok(!(await accepts(types, bad)), JSON.stringify(bad));
  });

  it('requires nothing of a choice, and gives each branch', async () => {
    const types = element(
      '<x:choice><x:element name="a" type="x:string"/><x:sequence><x:element name="b" type="x:string"/></x:sequence></x:choice>',
    );
    assert.ok(await accepts(types, { a: '1' }));
    assert.ok(await accepts(types, { b: '1' }));
    assert.equal((await inputOf(types))['required'], undefined);
  });

  it('follows extensions, groups, references and attributes', async () => {
    const types =
      element(
        '<x:complexContent><x:extension base="t:Base"><x:sequence><x:element ref="t:Own"/></x:sequence></x:extension></x:complexContent>',
      ) +
      `<x:element name="Own" type="x:int"/>
       <x:complexType name="Base"><x:sequence><x:group ref="t:G"/></x:sequence><x:attribute name="id" type="x:int" use="required"/></x:complexType>
       <x:group name="G"><x:sequence><x:element name="first" type="x:string"/></x:sequence></x:group>`;
    const schema = await inputOf(types);
    assert.deepEqual(Object.keys(schema['properties'] as object), ['@id', 'first', 'Own']);
    assert.deepEqual(schema['required'], ['@id', 'first', 'Own']);
  });

  it('comes to an end with types that refer to themselves', async () => {
    const types =
      element('<x:sequence><x:element name="root" type="t:Node"/></x:sequence>') +
      `<x:complexType name="Node"><x:sequence><x:element name="name" type="x:string"/>
        <x:element name="child" type="t:Node" minOccurs="0" maxOccurs="unbounded"/></x:sequence></x:complexType>`;
    assert.ok(await accepts(types, { root: { name: 'a', child: [{ name: 'b', child: [{ name: 'c' }] }] } }));
    assert.ok(!(await accepts(types, { root: { name: 'a', child: [{ child: [] }] } })));
  });

  it('reads schemas from files beside the WSDL, also without a namespace of their own', async () => {
    const main = wsdl('<x:include schemaLocation="xsd/more.xsd"/>');
    const more = `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
      <x:element name="Do"><x:complexType><x:sequence><x:element name="a" type="A"/></x:sequence></x:complexType></x:element>
      <x:simpleType name="A"><x:restriction base="x:string"><x:enumeration value="x"/></x:restriction></x:simpleType></x:schema>`;
    const { actions } = await describeWith({ 'main.wsdl': main, 'xsd/more.xsd': more });
    const properties = actions?.['Do']?.input?.['properties'] as Record<string, JsonSchema>;
    assert.deepEqual(properties['a'], { enum: ['x'] });
  });
});

describe('soap: what it refuses', () => {
  const refused = (
    texts: Readonly<Record<string, string>>,
    more: Partial<SoapSettings>,
    text: RegExp,
  ): Promise<void> =>
    assert.rejects(describeWith(texts, more), (error: Error) => {
      withCode('CONFIG_INVALID')(error);
      assert.match(error.message, text);
      return true;
    });
  const good = { 'main.wsdl': wsdl(element('<x:sequence/>')) };

  it('refuses imports from the network and from outside', async () => {
    for (const location of ['http://evil.example.com/x.xsd', 'file:///etc/passwd', '/etc/passwd'])
      await refused(
        { 'main.wsdl': wsdl(`<x:include schemaLocation="${location}"/>`) },
        {},
        /nothing is fetched/,
      );
  });

  it('refuses document types, and files that are no XML or no WSDL', async () => {
    await refused(
      { 'main.wsdl': '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>' },
      {},
      /document type/,
    );
    await refused({ 'main.wsdl': '<a><b></a>' }, {}, /not well-formed at line 1/);
    await refused({ 'main.wsdl': '<html/>' }, {}, /no WSDL/);
  });

  it('refuses a missing file by its name', async () => {
    await refused({}, { wsdl: 'no/such.wsdl' }, /no\/such\.wsdl can not be read/);
  });

  it('refuses types that nothing declares or that are derived from themselves', async () => {
    for (const type of ['t:Gone', 'x:strnig'])
      await refused(
        { 'main.wsdl': wsdl(element(`<x:sequence><x:element name="a" type="${type}"/></x:sequence>`)) },
        {},
        new RegExp(type.slice(2)),
      );
    const circle =
      '<x:complexType name="C"><x:complexContent><x:extension base="t:C"/></x:complexContent></x:complexType>';
    await refused(
      { 'main.wsdl': wsdl(`<x:element name="Do" type="t:C"/>${circle}`) },
      {},
      /derived from itself/,
    );
  });

  it('refuses settings about operations that the WSDL does not have', async () => {
    await refused(good, { operations: { Dо: {} } }, /no operation/);
    await refused(good, { check: { operation: 'Ping' } }, /no operation "Ping". It has: Do/);
    await refused(good, { operations: { Do: { effect: 'probe' } } }, /no `probe`/);
    await refused(good, { check: { operation: 'Do' } }, /must change nothing/);
  });

  it('refuses a port that is not there', async () => {
    await refused(good, { port: 'Other' }, /no SOAP port Other/);
  });
});
