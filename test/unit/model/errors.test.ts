import assert from 'node:assert/strict';
import { CrossdockError } from '../../../core/model/errors.ts';

describe('CrossdockError', () => {
  it('has a code of the table, whatever a connector that is not type-checked gives it', () => {
    for (const code of ['MY_OWN', 'toString', '']) {
      const error = new CrossdockError(code as 'UNEXPECTED', 'text');
      assert.deepEqual([error.code, error.fate], ['UNEXPECTED', 'transient']);
    }
  });

  it('takes no wait that is no number of milliseconds', () => {
    for (const retryAfterMs of [NaN, Infinity, 'soon' as unknown as number])
      assert.equal(new CrossdockError('TARGET_THROTTLED', 'text', { retryAfterMs }).retryAfterMs, undefined);
  });

  it('is made of anything that was thrown', () => {
    const thrown = [null, undefined, 'text', 12n, Symbol('text'), Object.create(null), { toString: null }];
    for (const what of thrown) assert.equal(CrossdockError.from(what).code, 'UNEXPECTED');
    assert.equal(CrossdockError.from(new Error('words')).message, 'words');
  });
});
