import assert from 'node:assert/strict';
import { keyTexts, splitKey } from '../../../core/model/business-keys.ts';

describe('business keys as texts', () => {
  it('come back as they were, whatever the values hold', () => {
    const keys = { order: '4711', odd: 'a=b="c"', empty: '' };
    assert.deepEqual(Object.fromEntries(keyTexts(keys).map(splitKey)), keys);
  });

  it('are a name without a value where there is no equals sign', () => {
    assert.deepEqual(splitKey('order'), ['order', '']);
  });
});
