import assert from 'node:assert/strict';
import { referencePages, stalePages } from '../../scripts/docs/reference-pages.ts';

describe('The reference pages', () => {
  it('say what the code says: run `npm run docs` if not', async () => {
    assert.deepEqual(await stalePages(await referencePages()), []);
  });
});
