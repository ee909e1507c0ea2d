import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bothEndings, hideMarks, isCovered, type Ending } from './both.ts';
import { someData, someExpression } from './generated.ts';
import { propertyRuns } from '../../../support/properties.ts';

const RUNS = propertyRuns(1_500);

describe('The engine and the interpreter', () => {
  let showMarks = (): void => undefined;
  before(() => {
    showMarks = hideMarks();
  });
  after(() => showMarks());

  it('say the same of any expression and data', async function () {
    this.timeout(60_000 + RUNS * 20);
    let covered = 0;
    await fc.assert(
      fc.asyncProperty(someExpression, someData, async (source, input) => {
        if (!isCovered(source)) return;
        covered += 1;
        const { engine, interpreter } = await bothEndings(source, input);
        if (interpreter === undefined || isEitherError(source, engine, interpreter)) return;
        assert.deepEqual(comparable(source, engine), comparable(source, interpreter), source);
      }),
      { numRuns: RUNS },
    );
    assert.ok(covered > RUNS * 0.8, `only ${covered} of ${RUNS} are covered`);
  });
});

/** The members of a constructor are evaluated side by side by the interpreter: any error among them may win. */
function isEitherError(source: string, engine: Ending, interpreter: Ending): boolean {
  return 'code' in engine && 'code' in interpreter && /[{[]/.test(source);
}

/** A constructor leaves an undefined member in an empty list that it works on, which a transform may let be seen. */
function comparable(source: string, ending: Ending): Ending {
  if ('code' in ending || ending.value === undefined || !source.includes('|')) return ending;
  return { value: JSON.parse(JSON.stringify(ending.value).replaceAll('[null]', '[]')) as unknown };
}
