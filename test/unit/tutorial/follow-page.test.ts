import assert from 'node:assert/strict';
import { matchOutput } from '../../e2e/tutorial/match-output.ts';
import { change, readPage } from '../../e2e/tutorial/read-page.ts';

const A = '01a204c8-e543-7000-8000-035b0874b052';
const B = '01a204c9-8bb5-7000-8000-0187e4fcf50c';

describe('The test that follows the tutorial', () => {
  it('reads files, changes, commands with their exit codes and what they show, by the headings', () => {
    const [section] = readPage(
      [
        '## Begin',
        'Save this as `a/b.json`:',
        '',
        '```json\n{}\n```',
        '```yaml\n# c.yaml\nd: 1\n```',
        'In `c.yaml`:',
        '```diff\n-d: 1\n+d: 2\n```',
        '```sh\nnpx crossdock check # exits with 1\n```',
        '```text\n✗ 1 mistake\n```',
        '```text\n# in the terminal of the hub\nIt runs.\n```',
      ].join('\n'),
    );
    assert.deepEqual(
      section?.steps.map(({ line: _line, ...step }) => step),
      [
        { kind: 'file', path: 'a/b.json', text: '{}\n' },
        { kind: 'file', path: 'c.yaml', text: '# c.yaml\nd: 1\n' },
        { kind: 'change', path: 'c.yaml', text: '-d: 1\n+d: 2\n' },
        {
          kind: 'terminal',
          terminal: '',
          commands: [{ text: 'npx crossdock check', exitCode: 1 }],
          output: '✗ 1 mistake',
        },
        { kind: 'terminal', terminal: 'the hub', commands: [], output: 'It runs.' },
      ],
    );
  });

  it('refuses a file without a name, and an output that nothing shows', () => {
    assert.throws(() => readPage('Save it:\n\n```json\n{}\n```'), /line 3: which file is this\?/);
    assert.throws(() => readPage('```text\nhello\n```'), /line 1: an output without a command/);
  });

  it('changes lines that are there once', () => {
    assert.equal(change('a\nb\nc\n', ' a\n-b\n+B\n+B2\n'), 'a\nB\nB2\nc\n');
    assert.throws(() => change('a\nb\n', '-c\n'), /not there/);
    assert.throws(() => change('a\nb\na\n', '-a\n'), /there twice/);
  });

  it('takes other ids, times and durations for those of the page, and each id for one alone', () => {
    const shown = `${A} at 10:00:00, 3ms\n${A}`;
    assert.deepEqual(matchOutput(shown, `${B} at 23:59:59, 1.5s\n${B}\n`, new Map()), new Map([[A, B]]));
    assert.equal(matchOutput(shown, `${B} at 23:59:59, 1.5s\n${A}\n`, new Map()), undefined);
    assert.equal(matchOutput(A, `${A}\n`, new Map([[A, B]])), undefined);
    assert.equal(matchOutput(B, `${A}\n`, new Map([[A, A]])), undefined);
  });

  it('takes anything for an ellipsis, and nothing for another word, number or line', () => {
    const is = (shown: string, actual: string): boolean =>
      matchOutput(shown, actual, new Map()) !== undefined;
    assert.ok(is('a … c\n…\nz', 'a b c\nd\ne\nz\n'));
    assert.ok(is('ID  ROUTE', '\u001b[1mID\u001b[22m        ROUTE\n'));
    assert.ok(!is('amount: 13.05', 'amount: 13.04\n'));
    assert.ok(!is('a', 'a\nb\n'));
    assert.ok(!is('  a', 'a\n'));
    assert.ok(matchOutput('b', 'a\nb\nc\n', new Map(), false) !== undefined);
  });
});
