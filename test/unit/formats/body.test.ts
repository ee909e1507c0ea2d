import assert from 'node:assert/strict';
import { parseBody } from '../../../core/formats/index.ts';

describe('parseBody', () => {
  it('reads JSON, forms and XML by their content types', () => {
    const json = Buffer.from('{"a":1}');
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/CloudEvents+JSON;charset="UTF-8"',
    ]) {
      assert.deepEqual(parseBody(type, json), { a: 1 });
    }
    for (const type of ['application/xml', 'text/xml; charset=utf8', 'application/soap+xml']) {
      assert.deepEqual(parseBody(type, Buffer.from('<a>1</a>')), { a: '1' });
    }
    assert.deepEqual(
      parseBody('application/x-www-form-urlencoded', Buffer.from('a=1&b=x+y&a=%C3%A9&c&__proto__=1&=e')),
      { a: ['1', 'é'], b: 'x y', c: '', '': 'e' },
    );
  });

  it('refuses other content types and charsets', () => {
    for (const type of [
      '',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'image/svg',
    ]) {
      assert.throws(() => parseBody(type, Buffer.from('{}')), { code: 'CONTENT_TYPE_UNSUPPORTED' });
    }
    assert.throws(() => parseBody('application/json; charset=iso-8859-1', Buffer.from('{}')), {
      code: 'BODY_UNREADABLE',
    });
  });

  it('keeps to its limits', () => {
    const fields = Buffer.from('a=1&'.repeat(50));
    assert.throws(() => parseBody('application/x-www-form-urlencoded', fields, { maxNodes: 49 }), {
      code: 'BODY_UNREADABLE',
    });
    assert.throws(() => parseBody('application/x-www-form-urlencoded', fields, { maxBytes: 10 }), {
      code: 'BODY_TOO_LARGE',
    });
    assert.throws(() => parseBody('application/x-www-form-urlencoded', Buffer.from('a=%ff')), {
      code: 'BODY_UNREADABLE',
    });
    assert.throws(() => parseBody('application/json', Buffer.from('[[[1]]]'), { maxDepth: 2 }), {
      code: 'BODY_UNREADABLE',
    });
  });
});
