import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { buildCsv, readCsv, type CsvOptions, type CsvRecord } from '../../../core/formats/index.ts';
import { propertyRuns } from '../../support/properties.ts';

async function* chunks(...parts: readonly (string | Buffer)[]): AsyncGenerator<string | Buffer> {
  yield* parts;
}

async function all(records: AsyncIterable<CsvRecord>): Promise<CsvRecord[]> {
  const list: CsvRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

async function read(text: string | Buffer, options?: CsvOptions): Promise<CsvRecord[]> {
  return all(readCsv(chunks(text), options));
}

describe('readCsv', () => {
  it('yields records with their lines, by the names in the first row', async () => {
    assert.deepEqual(await read('\ufeffsku, name\r\nA,"x, ""y"""\r\n\r\nB,"two\nlines"\r\n'), [
      { line: 2, values: { sku: 'A', name: 'x, "y"' } },
      { line: 5, values: { sku: 'B', name: 'two\nlines' } },
    ]);
  });

  it('reads other delimiters, and files without a header', async () => {
    assert.deepEqual(await read('A;1\nB;2', { delimiter: ';', columns: ['sku', 'stock'] }), [
      { line: 1, values: { sku: 'A', stock: '1' } },
      { line: 2, values: { sku: 'B', stock: '2' } },
    ]);
  });

  it('reads other quotes, doubled inside a field, and leaves the usual one alone', async () => {
    assert.deepEqual(await read(`a,b\n'it''s','5"'\n'x,y',"z"\n`, { quote: "'" }), [
      { line: 2, values: { a: "it's", b: '5"' } },
      { line: 3, values: { a: 'x,y', b: '"z"' } },
    ]);
  });

  it('puts characters together that were cut between two chunks', async () => {
    const bytes = Buffer.from('a\né\n');
    const records = await all(readCsv(chunks(bytes.subarray(0, 3), bytes.subarray(3))));
    assert.deepEqual(records, [{ line: 2, values: { a: 'é' } }]);
  });

  it('yields the records before a broken one, then says which line is broken', async () => {
    for (const [text, message] of [
      ['a,b\n1,2\n3\n', /line 3: it has 1 fields instead of 2/],
      ['a,b\n1,2\n3,"x"y\n', /line 3: a character follows a closing quote/],
      ['a,b\n1,2\n3,"x\n', /a quote is opened and never closed/],
    ] as const) {
      const records: CsvRecord[] = [];
      await assert.rejects(
        async () => {
          for await (const record of readCsv(chunks(text))) records.push(record);
        },
        { code: 'BODY_UNREADABLE', message },
      );
      assert.equal(records.length, 1);
    }
  });

  it('refuses columns without a name of their own, bytes that are not UTF-8 and endless records', async () => {
    for (const text of ['a,a\n', 'a,\n', 'a,__proto__\n1,2\n', Buffer.from([0x61, 0x0a, 0xff, 0x0a])]) {
      await assert.rejects(() => read(text), { code: 'BODY_UNREADABLE' });
    }
    await assert.rejects(() => read(`a\n"${'x'.repeat(5_000)}`, { maxRecordChars: 1_000 }), {
      code: 'BODY_UNREADABLE',
    });
  });

  it('passes the errors of its input on', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a\n1\n';
      throw new Error('gone');
    }
    await assert.rejects(() => all(readCsv(broken())), { message: 'gone' });
  });

  it('reads a large file in constant memory and can be left early', async function () {
    this.timeout(20_000);
    const folder = await mkdtemp(path.join(tmpdir(), 'crossdock-csv-'));
    try {
      const file = path.join(folder, 'large.csv');
      await writeFile(file, `sku,stock\n${'ABCDEFGHIJ,12345\n'.repeat(300_000)}`);
      let count = 0;
      for await (const { values } of readCsv(createReadStream(file))) {
        assert.equal(values['stock'], '12345');
        if (++count === 50_000) break;
      }
      assert.equal(count, 50_000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('buildCsv', () => {
  it('writes what readCsv reads', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'é', ' ', ';') })
      .map((text) => `x${text}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ x: cell, y: cell }, { noNullPrototype: true }), { minLength: 1, maxLength: 5 }),
        async (records) => {
          const rows = await read(buildCsv(records));
          assert.deepEqual(
            rows.map(({ values }) => values),
            records,
          );
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  });

  it('keeps formulas from being run, and numbers as they are', () => {
    assert.equal(
      buildCsv([{ a: '=1+1', b: -5, c: '-x', d: '@x', e: null, f: { g: 1 }, h: true }]),
      `a,b,c,d,e,f,h\r\n'=1+1,-5,'-x,'@x,,"{""g"":1}",true\r\n`,
    );
  });
});
