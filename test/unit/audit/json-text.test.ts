import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jsonText, plainText } from '../../../core/audit/index.ts';

describe('jsonText', () => {
  it('drops NUL characters, in values and in keys', () => {
    assert.equal(jsonText({ 'a\u0000b': 'c\u0000d' }), '{"ab":"cd"}');
  });

  it('replaces half a surrogate pair and keeps a whole one', () => {
    assert.equal(jsonText('\ud83d'), '"\\ufffd"');
    assert.equal(jsonText('\ude00x'), '"\\ufffdx"');
    assert.equal(jsonText('😀'), '"😀"');
  });

  it('leaves a backslash before the letters u0000 alone', () => {
    assert.deepEqual(JSON.parse(jsonText(String.raw`\u0000`)), String.raw`\u0000`);
    assert.deepEqual(JSON.parse(jsonText('\\\u0000')), '\\');
  });

  it('says of any text what plainText says of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(JSON.parse(jsonText(text)), plainText(text));
      }),
    );
  });
});
