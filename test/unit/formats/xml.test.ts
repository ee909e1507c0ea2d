import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildXml, parseXml } from '../../../core/formats/index.ts';
import { propertyRuns } from '../../support/properties.ts';

const unreadable = (pattern: RegExp) => ({ code: 'BODY_UNREADABLE', message: pattern });

describe('parseXml', () => {
  it('makes plain JSON of elements, attributes and text', () => {
    assert.deepEqual(
      parseXml(
        '<?xml version="1.0" encoding="UTF-8"?><!-- c --><o id="1"><n>007</n><l>a</l><l k="v">b</l><e/><m>x<b/>y</m></o>',
      ),
      {
        o: {
          '@id': '1',
          n: '007',
          l: ['a', { '@k': 'v', '#text': 'b' }],
          e: '',
          m: { b: '', '#text': 'xy' },
        },
      },
    );
  });

  it('trims text, but not what stands in CDATA, and does not decode there', () => {
    assert.deepEqual(parseXml('<a><b>\n  x &amp; y\n</b><c><![CDATA[ &lt;b> ]]></c></a>'), {
      a: { b: 'x & y', c: ' &lt;b> ' },
    });
  });

  it('removes prefixes and namespace declarations when asked to', () => {
    const xml = '<s:a xmlns:s="urn:x" xmlns="urn:y" s:id="1"><s:b>2</s:b></s:a>';
    assert.deepEqual(parseXml(xml, { removePrefixes: true }), { a: { '@id': '1', b: '2' } });
    assert.deepEqual(Object.keys(parseXml(xml)), ['s:a']);
  });

  it('keeps names that objects have by nature', () => {
    assert.deepEqual(parseXml('<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty></a>'), {
      a: { toString: '1', hasOwnProperty: '2' },
    });
  });

  it('refuses external entities, entity bombs and every document type', () => {
    const bombs = [
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(100)}"><!ENTITY z "${'&x;'.repeat(100)}">]><a>&z;</a>`,
      '<!doctype html><html/>',
      '<a><!ENTITY x "y"></a>',
    ];
    for (const xml of bombs) assert.throws(() => parseXml(xml), unreadable(/document type or an entity/));
  });

  it('understands only the entities of XML and references to characters', () => {
    assert.deepEqual(parseXml('<a b="&quot;&#65;">&lt;&#x1F600;&apos;</a>'), {
      a: { '@b': '"A', '#text': "<😀'" },
    });
    assert.throws(() => parseXml('<a>&nbsp;</a>'), unreadable(/entity/));
    assert.throws(() => parseXml('<a>&#0;</a>'), unreadable(/numeric reference/));
    assert.throws(() => parseXml('<a>&#xD800;</a>'), unreadable(/numeric reference/));
  });

  it('refuses what is not well-formed, with the place', () => {
    assert.throws(() => parseXml('<a>\n<b>1</a>'), unreadable(/line 2/));
    for (const xml of ['', 'text', '<a/><b/>', '<a x=1/>', '<a x="1" x="2"/>', '<a>', '<a>&</a>']) {
      assert.throws(() => parseXml(xml), { code: 'BODY_UNREADABLE' });
    }
  });

  it('refuses what is too deep, too large or too much', () => {
    assert.throws(
      () => parseXml(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`),
      unreadable(/deeper than 64/),
    );
    assert.throws(
      () => parseXml(`<a>${'<b/>'.repeat(300)}</a>`, { maxNodes: 100 }),
      unreadable(/more than 100 elements/),
    );
    assert.throws(() => parseXml(`<a>${'x'.repeat(100)}</a>`, { maxBytes: 50 }), { code: 'BODY_TOO_LARGE' });
  });

  it('refuses other encodings and names that reach for prototypes', () => {
    assert.throws(
      () => parseXml(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a/>')),
      unreadable(/encoding/),
    );
    assert.throws(
      () => parseXml(Buffer.from([0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e])),
      unreadable(/UTF-8/),
    );
    assert.throws(() => parseXml('<a><__proto__><x>1</x></__proto__></a>'), { code: 'BODY_UNREADABLE' });
    assert.throws(() => parseXml('<a><n:__proto__/></a>', { removePrefixes: true }), {
      code: 'BODY_UNREADABLE',
    });
    assert.equal(({} as { x?: unknown }).x, undefined);
  });
});

describe('buildXml', () => {
  it('writes what parseXml reads', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'n:d');
    const text = fc.string().map((value) => value.replace(/[^\x20-\x7e]/g, '').trim());
    const attributes = fc.dictionary(fc.constantFrom('@x', '@n:y'), text, { noNullPrototype: true });
    const { element } = fc.letrec<{ element: unknown }>((tie) => ({
      element: fc.oneof(
        { maxDepth: 3 },
        text,
        fc
          .tuple(attributes, fc.dictionary(name, tie('element'), { minKeys: 1, noNullPrototype: true }))
          .map(([own, children]) => ({ ...own, ...children })),
      ),
    }));
    fc.assert(
      fc.property(element, (value) => {
        assert.deepEqual(parseXml(buildXml({ root: value })), { root: value });
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('escapes everything and leaves out what XML can not carry', () => {
    assert.equal(
      buildXml({ a: { '@x': '"<&\n', '#text': '<b>\u0000&' } }, { declaration: false }),
      '<a x="&quot;&lt;&amp;&#10;">&lt;b&gt;&amp;</a>',
    );
  });

  it('repeats elements for lists, leaves undefined out and makes empty ones of null', () => {
    assert.equal(
      buildXml({ a: { b: [1, true], c: null, d: undefined, e: '' } }, { declaration: false }),
      '<a><b>1</b><b>true</b><c/><e/></a>',
    );
  });

  it('refuses names that would break out, and what has no single root', () => {
    for (const value of [
      { 'a><b': 1 },
      { a: { '@x" y': 1 } },
      { a: { '1': 1 } },
      { a: 1, b: 2 },
      {},
      'x',
      { a: [1, 2] },
      { a: [[1]] },
    ]) {
      assert.throws(() => buildXml(value), { code: 'OUTPUT_INVALID' });
    }
    assert.throws(() => buildXml({ a: { b: [{ c: { '@x': {} } }] } }), {
      code: 'OUTPUT_INVALID',
      path: '/a/b/c/@x',
    });
  });
});
