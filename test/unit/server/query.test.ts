import assert from 'node:assert/strict';
import { readQuery } from '../../../core/http/server/query.ts';

describe('A query string', () => {
  const schema = {
    type: 'object',
    properties: {
      limit: { type: 'integer' },
      all: { type: 'boolean' },
      type: { type: 'array' },
      name: { type: 'string' },
    },
  };

  it('becomes values of the types that the schema names', () => {
    assert.deepEqual(
      { ...readQuery(schema, 'limit=5&all=true&type=a&name=7') },
      { limit: 5, all: true, type: ['a'], name: '7' },
    );
  });

  it('keeps as text what does not look like its type, so that validation complains', () => {
    assert.deepEqual({ ...readQuery(schema, 'limit=five&all=yes') }, { limit: 'five', all: 'yes' });
  });

  it('shows a repeated name as a list, so that validation complains where it is none', () => {
    assert.deepEqual({ ...readQuery(schema, 'limit=1&limit=2') }, { limit: ['1', '2'] });
  });

  it('can not reach the prototype', () => {
    const values = readQuery(schema, '__proto__=1&constructor=2');
    assert.deepEqual(Object.keys(values), ['__proto__', 'constructor']);
    assert.equal(Object.getPrototypeOf(values), Object.prototype);
  });
});
