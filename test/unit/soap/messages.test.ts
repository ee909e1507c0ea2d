import assert from 'node:assert/strict';
import { parseXml } from '../../../core/sdk.ts';
import { readElement } from '../../../connectors/soap/read-element.ts';
import { Prefixes, writeElement } from '../../../connectors/soap/write-element.ts';
import type { ElementDeclaration, XsdType } from '../../../connectors/soap/xsd-model.ts';

const simple = (base: string): XsdType => ({ kind: 'simple', base });
const one = (name: string, type: XsdType, more: Partial<ElementDeclaration> = {}): ElementDeclaration => ({
  name,
  namespace: 'urn:t',
  type: () => type,
  minOccurs: 1,
  maxOccurs: 1,
  nillable: false,
  ...more,
});
const complex = (elements: readonly ElementDeclaration[], more: object = {}): XsdType => ({
  kind: 'complex',
  particles: elements.map((element) => ({ elements: [element], repeated: false })),
  attributes: [],
  open: false,
  ...more,
});
const write = (element: ElementDeclaration, value: unknown): string =>
  writeElement(element, value, new Prefixes());

describe('soap: writing an element', () => {
  it('follows the order of the schema and not that of the value', () => {
    const type = complex([one('a', simple('string')), one('b', simple('string'))]);
    assert.equal(write(one('r', type), { b: '2', a: '1' }), '<n0:r><n0:a>1</n0:a><n0:b>2</n0:b></n0:r>');
  });

  it('writes each name in its own namespace', () => {
    const type = complex([
      one('a', simple('string'), { namespace: '' }),
      one('b', simple('string'), { namespace: 'urn:u' }),
    ]);
    const prefixes = new Prefixes();
    assert.equal(
      writeElement(one('r', type), { a: '1', b: '2' }, prefixes),
      '<n0:r><a>1</a><n1:b>2</n1:b></n0:r>',
    );
    assert.equal(prefixes.declarations(), ' xmlns:n0="urn:t" xmlns:n1="urn:u"');
  });

  it('escapes what would be markup', () => {
    assert.equal(
      write(one('r', simple('string')), '</n0:r><x>&"'),
      '<n0:r>&lt;/n0:r&gt;&lt;x&gt;&amp;&quot;</n0:r>',
    );
  });

  for (const [number, text] of [
    [1e21, '1000000000000000000000'],
    [-1.5e-7, '-0.00000015'],
    [1.25e25, '12500000000000000000000000'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '0'],
  ] as const)
    it(`writes ${String(number)} without an exponent`, () => {
      assert.equal(write(one('r', simple('decimal')), number), `<n0:r>${text}</n0:r>`);
    });

  it('takes turns in a group that repeats', () => {
    const pair = [
      one('k', simple('string'), { maxOccurs: Infinity }),
      one('v', simple('int'), { maxOccurs: Infinity }),
    ];
    const type: XsdType = {
      kind: 'complex',
      particles: [{ elements: pair, repeated: true }],
      attributes: [],
      open: false,
    };
    assert.equal(
      write(one('r', type, { namespace: '' }), { v: [1, 2], k: ['a', 'b'] }),
      '<r><n0:k>a</n0:k><n0:v>1</n0:v><n0:k>b</n0:k><n0:v>2</n0:v></r>',
    );
  });

  it('writes attributes, text beside attributes, nil and what an open type is given', () => {
    const text = complex([], {
      attributes: [{ name: 'cur', namespace: '', type: simple('string'), required: true }],
      text: simple('decimal'),
    });
    assert.equal(write(one('r', text), { '@cur': 'EUR', '#text': 1 }), '<n0:r cur="EUR">1</n0:r>');
    assert.equal(write(one('r', simple('string'), { nillable: true }), null), '<n0:r xsi:nil="true"/>');
    assert.equal(
      write(one('r', complex([], { open: true })), { x: { y: [1, 2] } }),
      '<n0:r><x><y>1</y><y>2</y></x></n0:r>',
    );
  });

  it('names the path of what does not fit', () => {
    const type = complex([one('a', complex([one('b', simple('int'))]))]);
    for (const [value, text] of [
      [{ a: { b: true } }, /^a\.b: a int is needed here/],
      [{ a: { b: Number.NaN } }, /^a\.b: a number must be finite/],
      [{ a: {} }, /^a: b is missing/],
      [{ a: { b: 1 }, c: 1 }, /^there is no element c here; known are a/],
      [{ a: [{ b: 1 }, { b: 2 }] }, /a may occur 1 times, not 2/],
    ] as const)
      assert.throws(() => write(one('r', type), value), { code: 'OUTPUT_INVALID', message: text });
  });
});

describe('soap: reading an element', () => {
  const read = (element: ElementDeclaration, xml: string): unknown =>
    readElement(element, parseXml(xml, { removePrefixes: true })['r'] as never);

  it('makes lists where the schema wants lists, whatever came', () => {
    const type = complex([one('a', simple('int'), { maxOccurs: Infinity })]);
    assert.deepEqual(read(one('r', type), '<r><a>1</a></r>'), { a: [1] });
    assert.deepEqual(read(one('r', type), '<r><a>1</a><a>2</a></r>'), { a: [1, 2] });
    assert.deepEqual(read(one('r', type), '<r/>'), {});
  });

  it('keeps every digit and every leading zero', () => {
    const type = complex([one('d', simple('decimal')), one('s', simple('string')), one('l', simple('long'))]);
    assert.deepEqual(read(one('r', type), '<r><d>0.10</d><s>007</s><l>9007199254740993</l></r>'), {
      d: '0.10',
      s: '007',
      l: '9007199254740993',
    });
  });

  it('reads booleans, floats and nil as what they are', () => {
    const type = complex([
      one('b', simple('boolean')),
      one('f', simple('double')),
      one('n', simple('int'), { nillable: true }),
    ]);
    const xml =
      '<r xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b>1</b><f>1.5</f><n i:nil="true"/></r>';
    assert.deepEqual(read(one('r', type), xml), { b: true, f: 1.5, n: null });
  });

  it('leaves out what the schema does not know', () => {
    assert.deepEqual(read(one('r', complex([one('a', simple('string'))])), '<r><a>1</a><new>2</new></r>'), {
      a: '1',
    });
  });
});
