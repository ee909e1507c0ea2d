import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../../core/formats/index.ts';

const unreadable = (pattern: RegExp) => ({ code: 'BODY_UNREADABLE', message: pattern });

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 10 }), (text) => {
        if (text.includes('__proto__')) return;
        assert.deepEqual(parseJson(Buffer.from(text)), JSON.parse(text));
      }),
    );
  });

  it('takes a byte order mark off', () => {
    assert.deepEqual(parseJson(Buffer.from('\ufeff{"a":"é"}')), { a: 'é' });
  });

  it('refuses bytes that are not UTF-8 instead of replacing them', () => {
    assert.throws(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22])), unreadable(/not valid UTF-8/));
    assert.throws(() => parseJson(Buffer.from('"é"', 'latin1')), unreadable(/not valid UTF-8/));
  });

  it('refuses too many bytes before it reads them', () => {
    assert.throws(() => parseJson(Buffer.from('"12345"'), { maxBytes: 6 }), { code: 'BODY_TOO_LARGE' });
    assert.throws(() => parseJson('"ééé"', { maxBytes: 7 }), { code: 'BODY_TOO_LARGE' });
  });

  it('refuses deep nesting without recursing into it', () => {
    assert.throws(() => parseJson(Buffer.from('['.repeat(1_000_000))), unreadable(/deeper than 64 levels/));
    assert.throws(() => parseJson(Buffer.from('{"a":'.repeat(100_000))), unreadable(/deeper than 64 levels/));
    assert.deepEqual(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`) !== undefined, true);
    assert.throws(() => parseJson(`${'['.repeat(65)}${']'.repeat(65)}`), unreadable(/deeper/));
  });

  it('does not count brackets in strings', () => {
    const text = JSON.stringify({ a: `${'['.repeat(500)}"\\${'{'.repeat(500)}`, b: '\\\\"[[' });
    assert.deepEqual(parseJson(text), JSON.parse(text));
  });

  it('leaves members named __proto__ out, however they are written', () => {
    for (const text of [
      '{"__proto__":{"x":1},"a":1}',
      '{"\\u005f_proto__":{"x":1},"a":1}',
      '{"a":1,"__prot\\u006f__":null}',
    ]) {
      const value = parseJson(text) as object;
      assert.deepEqual(Object.keys(value), ['a']);
      assert.equal((Object.assign({}, value) as { x?: number }).x, undefined);
    }
    assert.deepEqual(parseJson('{"a":[{"__proto__":1,"b":"__proto__"}]}'), { a: [{ b: '__proto__' }] });
  });

  it('says where the mistake is, without quoting the document', () => {
    assert.throws(
      () => parseJson('{\n  "secret" 1}'),
      unreadable(/^The body is not JSON: line 2, column 12\.$/),
    );
    assert.throws(() => parseJson(''), unreadable(/it is empty/));
    for (const text of ['nul', '{"a":1,}', '"a', '01', '[1 2]', '\u0000']) {
      assert.throws(() => parseJson(text), unreadable(/not JSON/));
    }
  });
});
