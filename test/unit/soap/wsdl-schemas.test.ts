import assert from 'node:assert/strict';
import { readWsdlSchemas, soap } from '../../../connectors/soap/index.ts';
import { filesWith } from './open-soap.ts';

const XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:stock" xmlns="urn:stock">
  <xs:element name="Level" type="Level"><xs:annotation><xs:documentation>How many
    there are.</xs:documentation></xs:annotation></xs:element>
  <xs:element name="Levels"><xs:complexType><xs:sequence><xs:element ref="Level" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="Level"><xs:sequence><xs:element name="Sku" type="xs:string"/><xs:element name="Count" type="xs:decimal"/></xs:sequence></xs:complexType>
</xs:schema>`;

describe('soap: the schemas of a WSDL or XSD file', () => {
  it('are those of the operations, the same as the actions of a connection have', async () => {
    const path = 'config/wsdl/erp.wsdl';
    const { operations } = await readWsdlSchemas(path, filesWith());
    const offer = (await soap.describe?.({ wsdl: path }, filesWith())) ?? {};
    assert.deepEqual(
      operations.map(({ name }) => name),
      Object.keys(offer.actions ?? {}),
    );
    const [create] = operations;
    assert.match(create?.summary ?? '', /^Books a sales order/);
    assert.deepEqual(create?.input?.(), offer.actions?.['CreateSalesOrder']?.input);
    assert.deepEqual(create?.output?.(), offer.actions?.['CreateSalesOrder']?.output);
  });

  it('are those of its global elements, in imported files as well', async () => {
    const { elements } = await readWsdlSchemas('config/wsdl/erp.wsdl', filesWith());
    assert.ok(
      elements.some(({ name, namespace }) => name === 'CreateSalesOrder' && namespace === 'urn:erp:sales:v1'),
    );
  });

  it('are read from an XSD file alone', async () => {
    const { operations, elements } = await readWsdlSchemas('stock.xsd', filesWith({ 'stock.xsd': XSD }));
    assert.deepEqual(operations, []);
    assert.deepEqual(
      elements.map(({ name, summary }) => [name, summary]),
      [
        ['Level', 'How many there are.'],
        ['Levels', ''],
      ],
    );
    const count = { type: 'string', pattern: '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$' };
    const level = {
      type: 'object',
      properties: { Sku: { type: 'string' }, Count: count },
      required: ['Sku', 'Count'],
      additionalProperties: false,
    };
    assert.deepEqual(elements[0]?.schema('output'), level);
    assert.deepEqual(elements[1]?.schema('output')['$defs'], { Level: level });
  });

  it('are those of the elements alone where a WSDL has no SOAP port', async () => {
    const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types>${XSD}</types></definitions>`;
    const { operations, elements } = await readWsdlSchemas('types.wsdl', filesWith({ 'types.wsdl': wsdl }));
    assert.deepEqual([operations.length, elements.length], [0, 2]);
    await assert.rejects(
      readWsdlSchemas('types.wsdl', filesWith({ 'types.wsdl': wsdl }), { service: 'Stock' }),
      /no SOAP port Stock/,
    );
  });

  it('are never fetched, and a file with entities is refused', async () => {
    const far = XSD.replace('<xs:element', '<xs:import schemaLocation="http://192.0.2.1/x.xsd"/><xs:element');
    await assert.rejects(
      readWsdlSchemas('stock.xsd', filesWith({ 'stock.xsd': far })),
      /put a copy beside it/,
    );
    const bomb = `<!DOCTYPE x [<!ENTITY a "b">]>${XSD}`;
    await assert.rejects(readWsdlSchemas('stock.xsd', filesWith({ 'stock.xsd': bomb })), /document type/);
  });
});
