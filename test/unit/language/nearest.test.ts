import assert from 'node:assert/strict';
import { nearest } from '../../../core/language/nearest.ts';

describe('The name that was probably meant', () => {
  const near = (name: string, ...known: readonly string[]): string | undefined => nearest(name, known);

  it('is one slip from a short name, and two or a third of the letters from a longer one', () => {
    assert.equal(near('nam', 'name', 'note'), 'name');
    assert.equal(near('ulr', 'url'), 'url');
    assert.equal(near('nmae', 'name'), 'name');
    assert.equal(near('Ref', 'ref'), 'ref');
    assert.equal(near('custmr', 'customer'), 'customer');
    assert.equal(near('shippingAdres', 'shippingAddress'), 'shippingAddress');
  });

  it('is none that shares hardly a letter with it', () => {
    assert.equal(near('yes', 'ref'), undefined);
    assert.equal(near('name', 'note'), undefined);
    assert.equal(near('id', 'it', 'if'), undefined);
    assert.equal(near('id', 'a', 'ref'), undefined);
    assert.equal(near('x', 'y'), undefined);
  });
});
