import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { sameJson } from '../../../../cli/output/diff.ts';
import { appendToYaml, setInYaml } from '../../../../cli/testing/yaml-edit.ts';

const FILE = `# All of these are read by people.
cases:
  # The first one.
  - name: "quoted"   # why
    input: { a: 1 }
    expect:
      erp:
        Net: 1 # one
        Lines:
          - { Item: TEA,   Qty: 2 }

  - name: second
    input: {}
    expect: {}
`;

describe('A value set in a YAML text', () => {
  it('changes only that value', () => {
    const text = setInYaml(FILE, ['cases', 0, 'expect', 'erp'], { Net: 2, Lines: [{ Item: 'TEA', Qty: 3 }] });
    assert.equal(text, FILE.replace('Net: 1 #', 'Net: 2 #').replace('Qty: 2', 'Qty: 3'));
  });

  it('replaces a list that got longer, and leaves the comments elsewhere', () => {
    const Lines = [
      { Item: 'TEA', Qty: 2 },
      { Item: '4711', Qty: 1 },
    ];
    const text = setInYaml(FILE, ['cases', 0, 'expect', 'erp'], { Net: 1, Lines });
    assert.equal(
      text,
      FILE.replace(
        '          - { Item: TEA,   Qty: 2 }\n',
        "          - Item: TEA\n            Qty: 2\n          - Item: '4711'\n            Qty: 1\n",
      ),
    );
  });

  it('fills in what stands empty, as a block when it is long', () => {
    const short = setInYaml(FILE, ['cases', 1, 'expect', 'erp'], { a: 'x, y' });
    assert.ok(short.endsWith("    expect: { erp: { a: 'x, y' } }\n"), short);
    const long = setInYaml(FILE, ['cases', 1, 'expect', 'erp'], { a: 'x'.repeat(60), b: 'y'.repeat(60) });
    assert.ok(long.includes('    expect:\n      erp:\n        a: xxx'), long);
    assert.ok(long.startsWith(FILE.slice(0, FILE.indexOf('    expect: {}'))));
  });

  it('adds a member behind the last one', () => {
    const text = setInYaml(FILE, ['cases', 0, 'expect', 'crm'], { ref: 'A' });
    assert.deepEqual((parse(text) as { cases: { expect: unknown }[] }).cases[0]?.expect, {
      erp: { Net: 1, Lines: [{ Item: 'TEA', Qty: 2 }] },
      crm: { ref: 'A' },
    });
    assert.ok(text.includes('# one') && text.includes('# The first one.'));
  });

  it('means afterwards what was wanted, whatever the text and the value are', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, fc.boolean(), (before, after, flow) => {
        const whole = { a: { b: before }, z: 1 };
        const text = flow ? JSON.stringify(whole) : stringify(whole);
        const edited = setInYaml(text, ['a', 'b'], after);
        assert.ok(sameJson(parse(edited), { a: { b: after }, z: 1 }), edited);
      }),
    );
  });
});

describe('An item added to a YAML list', () => {
  it('goes behind the last one, indented as that is, with its comment', () => {
    const text = appendToYaml(
      FILE,
      'cases',
      { name: 'third', input: { b: '1' }, filtered: true },
      'Captured.',
    );
    assert.equal(
      text,
      `${FILE}\n  # Captured.\n  - name: third\n    input:\n      b: '1'\n    filtered: true\n`,
    );
  });

  it('is added to a list in brackets as well', () => {
    const text = appendToYaml('cases: [{ name: a }] # here\n', 'cases', { name: 'b' });
    assert.deepEqual(parse(text), { cases: [{ name: 'a' }, { name: 'b' }] });
    assert.match(text, /# here/);
  });
});
