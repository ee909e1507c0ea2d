import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createStyle } from '../../../../cli/output/style.ts';
import { diffLines, renderDiff } from '../../../../cli/output/value-diff.ts';

const plain = createStyle(false);
const order = {
  OrderRef: '4711',
  Buyer: { Code: 'K-1', Name: 'Ada Keller' },
  Lines: [
    { Item: 'TEA', Qty: 2, Net: 15.8 },
    { Item: 'POT', Qty: 1, Net: 30.9 },
    { Item: 'CUP', Qty: 4, Net: 20 },
  ],
};

describe('A diff of two values', () => {
  it('shows what changed within what did not', () => {
    const came = structuredClone(order);
    Object.assign(came.Lines[1] as object, { Net: 31 });
    assert.equal(
      renderDiff(order, came, plain),
      [
        '  ⋯ 7 lines alike, down to Lines[1].Net',
        '      Net: 15.8',
        '    - Item: POT',
        '      Qty: 1',
        '-     Net: 30.9',
        '+     Net: 31',
        '    - Item: CUP',
        '      Qty: 4',
        '      Net: 20',
      ].join('\n'),
    );
  });

  it('does not mind the order of members', () => {
    const { Lines, Buyer, OrderRef } = order;
    assert.ok(diffLines(order, { Lines, Buyer, OrderRef }).every(({ sign }) => sign === ' '));
  });

  it('says that an item moved, and where to', () => {
    const [a, b, c] = order.Lines;
    assert.equal(
      renderDiff({ Lines: [a, b, c] }, { Lines: [b, c, a] }, plain, { context: 0 }),
      [
        '  Lines:',
        '-   - { Item: TEA, Qty: 2, Net: 15.8 }  # moved to [2]',
        '  ⋯ 6 lines alike, down to Lines[2]',
        '+   - { Item: TEA, Qty: 2, Net: 15.8 }  # moved from [0]',
      ].join('\n'),
    );
  });

  it('puts a changed item beside the one that it was, where one is missing', () => {
    const [a, b, c] = order.Lines;
    assert.equal(
      renderDiff([a, b, c], [a, { ...c, Qty: 5 }], plain, { context: 1 }),
      [
        '  ⋯ 2 lines alike, down to [1]',
        '    Net: 15.8',
        '- - Item: POT  # missing',
        '-   Qty: 1',
        '-   Net: 30.9',
        '  - Item: CUP',
        '-   Qty: 4',
        '+   Qty: 5',
        '    Net: 20',
      ].join('\n'),
    );
  });

  it('tells apart by type what looks alike', () => {
    assert.equal(renderDiff({ n: '12' }, { n: 12 }, plain), "- n: '12'  # string\n+ n: 12  # number");
    assert.equal(renderDiff({ n: null }, { n: 'null' }, plain), "- n: null  # null\n+ n: 'null'  # string");
    assert.equal(renderDiff({ n: [] }, { n: {} }, plain), '- n: []  # list\n+ n: {}  # object');
  });

  it('names what is missing and what was not expected', () => {
    assert.equal(
      renderDiff({ a: { b: 1 } }, { c: [1] }, plain),
      '- a:  # missing\n-   b: 1\n+ c:  # not expected\n+   - 1',
    );
    assert.equal(renderDiff(undefined, { a: 1 }, plain), '- (nothing)\n+ a: 1');
  });

  it('cuts long texts to where they differ', () => {
    const text = renderDiff(`${'x'.repeat(500)}A`, `${'x'.repeat(500)}B`, plain);
    assert.match(text, /^- …x{30}A {0}$/m);
    assert.match(text, /^\+ …x{30}B$/m);
  });

  it('lets nothing of a value move the cursor', () => {
    const text = renderDiff({ a: 'x' }, { a: '\u001b[2J\n\u202e', '\u001b[1mkey': 1 }, plain);
    assert.doesNotMatch(text, /[\u001b\u202e]/); // eslint-disable-line no-control-regex -- that is what is looked for
  });

  it('has colours where they are wanted, and none where not', () => {
    assert.match(renderDiff(1, 2, createStyle(true)), /\u001b\[31m- 1\u001b\[39m\n\u001b\[32m\+ 2/); // eslint-disable-line no-control-regex -- colours
    assert.equal(renderDiff(1, 2, plain), '- 1\n+ 2');
  });

  it('has a changed line exactly where two values differ', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const changed = diffLines(a, b).some(({ sign }) => sign !== ' ');
        return changed === (canonical(a) !== canonical(b));
      }),
    );
  });
});

/** As JSON has it: -0 is 0. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}
