import assert from 'node:assert/strict';
import { assertNothingLost } from './support/ledgers.ts';
import type { Target } from './support/target.ts';

/** The judge of the fault tests must see what is wrong, or its silence says nothing. */
describe('The comparison of the ledgers', () => {
  const compare = (acknowledged: readonly string[], effects: Record<string, string[]>): void =>
    assertNothingLost(
      { acknowledged: new Map(acknowledged.map((id) => [id, id])), refusals: new Map(), retryAfter: [] },
      { effects: new Map(Object.entries(effects)) } satisfies Pick<Target, 'effects'>,
      'the target',
    );

  it('accepts what came once, what came again with the same key, and what was never acknowledged', () => {
    compare(['A', 'B'], { A: ['k1'], B: ['k2', 'k2'], C: ['k3'] });
  });

  it('sees an acknowledged order that is missing', () => {
    assert.throws(() => compare(['A', 'B'], { A: ['k1'] }), /acknowledged, but never seen/);
  });

  it('sees a repeat with another key', () => {
    assert.throws(() => compare(['A'], { A: ['k1', 'k2'] }), /different keys/);
  });

  it('sees a key that two orders share, and one that is missing', () => {
    assert.throws(() => compare(['A', 'B'], { A: ['k1'], B: ['k1'] }), /same key/);
    assert.throws(() => compare(['A'], { A: ['undefined'] }), /without a key/);
  });
});
