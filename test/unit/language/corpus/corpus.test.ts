import assert from 'node:assert/strict';
import { BROKEN_EXPRESSIONS } from './broken-expressions.ts';
import { BROKEN_NAMES } from './broken-names.ts';
import { BROKEN_OUTPUT } from './broken-output.ts';
import { GOOD_MAPPINGS } from './good-mappings.ts';
import { GOOD_SCHEMAS } from './good-schemas.ts';
import { findings } from './setting.ts';

const BROKEN_MAPPINGS = [...BROKEN_NAMES, ...BROKEN_EXPRESSIONS, ...BROKEN_OUTPUT];

describe('Static checks of a mapping', () => {
  for (const { name, mapping, files } of [...GOOD_MAPPINGS, ...GOOD_SCHEMAS]) {
    it(`say nothing about ${name}`, async () => {
      assert.deepEqual(await findings(mapping, files), []);
    });
  }
  for (const { name, mapping, files, says } of BROKEN_MAPPINGS) {
    it(`tell of ${name}`, async () => {
      assert.deepEqual(await findings(mapping, files), says);
    });
  }

  it('are tested on at least 60 broken and 40 good mappings', () => {
    assert.ok(BROKEN_MAPPINGS.length >= 60 && GOOD_MAPPINGS.length >= 40);
  });
});
