import assert from 'node:assert/strict';
import { linkOf } from '../../../connectors/rest/link-header.ts';

describe('a Link header', () => {
  const headers: readonly [string, string | undefined][] = [
    ['<https://a/?x=1,2;3>; rel="next"', 'https://a/?x=1,2;3'],
    ['<a>; rel="prev", <b>; title="a, b; c"; rel="start next"', 'b'],
    ['<a>; rel=NEXT', 'a'],
    ['<a>; rel="nextish"', undefined],
    ['a; rel=next', undefined],
    ['', undefined],
  ];
  for (const [header, expected] of headers)
    it(`${JSON.stringify(header)} leads to ${String(expected)}`, () => {
      assert.equal(linkOf(header, 'next'), expected);
    });
});
