import assert from 'node:assert/strict';
import { pageLimit, pageOf, pageStart } from '../../../core/audit/index.ts';

const IDS = ['3', '2', '1'].map((digit) => ({ id: `00000000-0000-7000-8000-00000000000${digit}` }));

describe('Pages', () => {
  it('give out a cursor when more rows were read than asked for, and take it back', () => {
    const page = pageOf(IDS, 2);
    assert.deepEqual(page.items, IDS.slice(0, 2));
    assert.equal(pageStart(page.next === undefined ? {} : { after: page.next }), IDS[1]?.id);
  });

  it('end without a cursor', () => {
    assert.deepEqual(pageOf(IDS, 3), { items: IDS });
    assert.equal(pageStart({}), undefined);
  });

  it('refuse cursors and limits that are none', () => {
    const refused = { code: 'REQUEST_INVALID' };
    assert.throws(() => pageStart({ after: 'abc' }), refused);
    assert.throws(() => pageStart({ after: Buffer.from("' or 1=1 --").toString('base64url') }), refused);
    for (const limit of [0, -1, 1.5, 1001, Number.NaN]) assert.throws(() => pageLimit({ limit }), refused);
    assert.equal(pageLimit({}), 50);
  });
});
