import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Scalar, Document, isScalar, parseDocument } from 'yaml';
import { scalarPlaces } from '../../../core/language/scalar-places.ts';
import { propertyRuns } from '../../support/properties.ts';

const STYLES = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

describe('Places in a YAML scalar', () => {
  it('lead to the character itself, in every style, however it is folded', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', '$', '.', '(', '"', "'", '\\', 'é', '–'),
      minLength: 1,
      maxLength: 6,
    });
    const words = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        words,
        fc.constantFrom(...STYLES),
        fc.integer({ min: 8, max: 40 }),
        (lines, style, lineWidth) => {
          const text = lines.map((line) => line.join(' ')).join('\n');
          const scalar = new Scalar(text);
          scalar.type = style;
          const written = new Document({ key: scalar }).toString({ lineWidth, minContentWidth: 0 });
          const node = parseDocument(written).get('key', true);
          assert.ok(
            isScalar(node) && node.range !== null && node.range !== undefined && node.type !== undefined,
          );
          const [start, end] = node.range;
          const source = written.slice(start, end);
          const places = scalarPlaces(node.type, source, node.value as string);
          assert.ok(places !== undefined, JSON.stringify({ style: node.type, source }));
          for (const [i, place] of places.entries()) {
            const character: string | undefined = String(node.value)[i];
            // A space or a line break may stand for a folded one, an escape for anything.
            if (/\s/.test(character ?? '') || source[place] === '\\') continue;
            assert.equal(source[place], character, JSON.stringify({ style: node.type, source, i }));
          }
        },
      ),
      { numRuns: propertyRuns(1_000) },
    );
  });

  it('are given up where what is written is something else', () => {
    assert.equal(scalarPlaces('PLAIN', 'abc', 'abd'), undefined);
    assert.equal(scalarPlaces('QUOTE_DOUBLE', '"\\q"', 'q'), undefined);
    assert.equal(scalarPlaces('BLOCK_LITERAL', '|', 'a'), undefined);
  });
});
