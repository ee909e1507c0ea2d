import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Fifo } from '../../../core/transport/fifo.ts';

describe('a fifo', () => {
  it('does what an array does with push, unshift and shift', () => {
    const step = fc.oneof(fc.constantFrom('shift', 'unshift', 'push', 'drain'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const fifo = new Fifo<number>();
        let model: number[] = [];
        steps.forEach((each, index) => {
          if (each === 'push') {
            fifo.push(index);
            model.push(index);
          } else if (each === 'unshift') {
            fifo.unshift(index);
            model.unshift(index);
          } else if (each === 'shift') {
            assert.equal(fifo.shift(), model.shift());
          } else {
            assert.deepEqual(fifo.drain(), model);
            model = [];
          }
          assert.equal(fifo.length, model.length);
          assert.equal(fifo.peek(), model[0]);
        });
      }),
    );
  });
});
