import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSuite, type SuiteCase } from '../../../../scripts/conformance/suite.ts';
import { suiteFolder } from '../../../support/jsonata-suite.ts';

describe("JSONata's own test suite", () => {
  const folder = suiteFolder();
  const skipped = folder === undefined ? ' (skipped: CROSSDOCK_JSONATA_SUITE names no folder)' : '';

  it(`means the same to the engine, at most 3 % of it by the interpreter${skipped}`, async function () {
    if (folder === undefined) return this.skip();
    this.timeout(120_000);
    const report = await runSuite(folder);
    assert.deepEqual(report.different, []);
    assert.ok(report.cases > 0);
    assert.ok(
      report.fallbacks.length <= 0.03 * report.cases,
      `${report.fallbacks.length} of ${report.cases}`,
    );
  });
});

describe('The conformance run', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-suite-'));
  });
  after(() => rm(folder, { recursive: true }));

  const report = async (cases: readonly Partial<SuiteCase>[]): ReturnType<typeof runSuite> => {
    const lines = cases.map((one, index) => JSON.stringify({ group: 'g', file: 'case.json', index, ...one }));
    await writeFile(join(folder, 'cases.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(
      join(folder, 'datasets.json'),
      JSON.stringify({ order: { lines: [{ n: 1 }, { n: 2 }] } }),
    );
    return runSuite(folder);
  };

  it('compares results, missing results and codes, on data of its own and on data sets', async () => {
    const { byEngine, different } = await report([
      { expr: 'a & "!"', data: { a: 'x' }, result: 'x!' },
      { expr: '$sum(lines.n)', dataset: 'order', result: 3 },
      { expr: 'missing', dataset: 'order', undefinedResult: true },
      { expr: '$x + 1', dataset: null, bindings: { x: 2 }, result: 3 },
      { expr: '"a" + 1', data: {}, code: 'T2001' },
      { expr: 'a b', data: {}, code: 'S0201' },
      { expr: '$error("no")', data: {}, error: { code: 'D3137', message: 'no' } },
      { expr: '$keys(lines[0])', dataset: 'order', result: 'n', unordered: true },
      { expr: '($f := function() { 1 + $f() }; $f())', data: {}, depth: 100, timelimit: 1000, code: 'U1001' },
    ]);
    assert.deepEqual(different, []);
    assert.equal(byEngine, 9);
  });

  it('names what differs and what is left to the interpreter', async () => {
    const { different, fallbacks, byFallback } = await report([
      { expr: '1 + 1', data: {}, result: 3 },
      { expr: '1 + 1', data: {}, code: 'T2001' },
      { expr: '$eval("1")', data: {}, result: 1 },
    ]);
    assert.deepEqual(
      different.map(({ name, difference }) => [name, difference]),
      [
        ['g/case#0', '3 wanted, got 2'],
        ['g/case#1', 'T2001 wanted, got 2'],
      ],
    );
    assert.deepEqual(
      fallbacks.map(({ name, reason }) => [name, reason]),
      [['g/case#2', '$eval is not compiled']],
    );
    assert.equal(byFallback, 1);
  });

  it('says what a folder must hold', async () => {
    await assert.rejects(
      runSuite(join(folder, 'nowhere')),
      /must be a folder with cases.jsonl .* cannot be read/,
    );
  });
});
