import assert from 'node:assert/strict';
import { differences } from '../../../cli/output/diff.ts';
import { createStyle, wantsColor } from '../../../cli/output/style.ts';
import { renderFacts, renderTable } from '../../../cli/output/table.ts';
import { count, displayWidth, formatBytes, safeText, wrap } from '../../../cli/output/text.ts';
import { relativeTime, shortTime, took } from '../../../cli/output/time.ts';

const plain = createStyle(false);

describe('A table', () => {
  const columns = [
    { title: 'ID', cell: (row: { id: string; error: string; size: string }) => row.id },
    { title: 'ERROR', cell: (row: { error: string }) => row.error, flex: { min: 8 } },
    { title: 'SIZE', cell: (row: { size: string }) => row.size, align: 'right' as const, optional: true },
  ];
  const rows = [
    { id: '1', error: 'the target answered 500 and would not say why', size: '12 B' },
    { id: '22', error: 'short', size: '3 kB' },
  ];

  it('aligns its columns, and has no trailing spaces', () => {
    const lines = renderTable(columns, rows, { width: Infinity, style: plain }).split('\n');
    assert.deepEqual(lines, [
      'ID  ERROR                                          SIZE',
      '1   the target answered 500 and would not say why  12 B',
      '22  short                                          3 kB',
    ]);
  });

  it('cuts flexible columns short so that it fits the terminal', () => {
    const lines = renderTable(columns, rows, { width: 30, style: plain }).split('\n');
    assert.ok(
      lines.every((line) => displayWidth(line) <= 30),
      lines.join('\n'),
    );
    assert.match(lines[1] as string, /the target an.*…/);
  });

  it('leaves optional columns out where even that is not enough', () => {
    const lines = renderTable(columns, rows, { width: 14, style: plain }).split('\n');
    assert.ok(
      lines.every((line) => displayWidth(line) <= 14),
      lines.join('\n'),
    );
    assert.doesNotMatch(lines[0] as string, /SIZE/);
  });

  it('has what is beneath in whole, or else under its row', () => {
    const readable = columns.map((column) =>
      column.title === 'ERROR' ? { ...column, flex: undefined, beneath: true } : column,
    );
    const wide = renderTable(readable, rows, { width: 55, style: plain }).split('\n');
    assert.deepEqual(wide, renderTable(columns, rows, { width: Infinity, style: plain }).split('\n'));
    const narrow = renderTable(readable, rows, { width: 30, style: plain }).split('\n');
    assert.deepEqual(narrow, [
      'ID  SIZE',
      '1   12 B',
      '  the target answered 500 and…',
      '22  3 kB',
      '  short',
    ]);
  });

  it('reckons with wide characters', () => {
    const table = renderTable(
      [
        { title: 'A', cell: (row: string) => row },
        { title: 'B', cell: () => 'x' },
      ],
      ['注文', 'ab'],
      { width: Infinity, style: plain },
    );
    assert.deepEqual(table.split('\n').slice(1), ['注文  x', 'ab    x']);
  });

  it('shows facts below one another and leaves out what is not known', () => {
    const text = renderFacts(
      [
        ['id', '1'],
        ['gone', undefined],
        ['error', 'a\nb'],
      ],
      plain,
    );
    assert.equal(text, 'id     1\nerror  a\n       b');
  });
});

describe('Text from elsewhere', () => {
  it('can not steer the terminal', () => {
    assert.equal(safeText('a\u001b[2J\u0007b\u009b1m'), 'a\\x1b[2J\\x07b\\x9b1m');
    assert.equal(safeText('price \u202e1.00'), 'price \\x202e1.00');
    assert.equal(safeText('one\ntwo\tthree\r\n'), 'one two three ');
    assert.equal(safeText('one\r\ntwo', true), 'one\ntwo');
  });

  it('is measured and wrapped by what it takes on the screen', () => {
    assert.equal(displayWidth('\u001b[31mred\u001b[39m'), 3);
    assert.equal(displayWidth('né'), 2);
    assert.equal(wrap('one two three four five six', 20), 'one two three four\nfive six');
  });

  it('is counted and sized for people', () => {
    assert.equal(count(1, 'failure'), '1 failure');
    assert.equal(count(1204, 'failure'), '1,204 failures');
    assert.equal(formatBytes(410), '410 B');
    assert.equal(formatBytes(1536), '1.5 kB');
  });
});

describe('Times', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it('are said in one unit, before or after now', () => {
    assert.equal(relativeTime('2026-03-01T11:56:30Z', now), '3m ago');
    assert.equal(relativeTime('2026-03-01T12:00:27Z', now), 'in 27s');
    assert.equal(relativeTime('2026-03-01T12:00:00.400Z', now), 'now');
  });

  it('are short in lists: the clock today, else the date', () => {
    assert.match(shortTime('2026-03-01T12:00:00Z', now), /^\d\d:\d\d:\d\d$/);
    assert.match(shortTime('2026-02-20T12:00:00Z', now), /^2026-02-20 \d\d:\d\d$/);
  });

  it('have durations in a fitting unit', () => {
    assert.deepEqual([0.84, 12, 1400, 90_000].map(took), ['840µs', '12ms', '1.4s', '1m30s']);
  });
});

describe('Colours', () => {
  it('follow --no-color, then FORCE_COLOR, then NO_COLOR, then the terminal', () => {
    assert.equal(wantsColor(true, { NO_COLOR: undefined, FORCE_COLOR: undefined }, true), true);
    assert.equal(wantsColor(true, { NO_COLOR: undefined, FORCE_COLOR: undefined }, false), false);
    assert.equal(wantsColor(true, { NO_COLOR: '1', FORCE_COLOR: undefined }, true), false);
    assert.equal(wantsColor(true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false), true);
    assert.equal(wantsColor(true, { NO_COLOR: undefined, FORCE_COLOR: '0' }, true), false);
    assert.equal(wantsColor(false, { NO_COLOR: undefined, FORCE_COLOR: '1' }, true), false);
  });
});

describe('A difference', () => {
  it('is found as deep as possible', () => {
    const found = differences(
      { OrderRef: '4711', Lines: [{ Net: 12.5 }, { Net: 1 }], Gone: true },
      { OrderRef: '4711', Lines: [{ Net: '12.5' }, { Net: 1 }, { Net: 2 }], 'New one': 1 },
    );
    assert.deepEqual(
      found.map(({ path }) => path),
      ['Lines[0].Net', 'Lines[2]', 'Gone', '["New one"]'],
    );
  });
});
