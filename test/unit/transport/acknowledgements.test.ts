import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Acknowledgements } from '../../../core/transport/rabbitmq/acknowledgements.ts';

/** A broker's view of one channel: it closes the channel on a tag that it does not expect, and so does this. */
class Broker {
  readonly outstanding = new Set<number>();
  readonly acknowledged = new Set<number>();
  readonly returned = new Set<number>();
  frames = 0;

  ack(tag: number, allUpTo: boolean): void {
    this.frames += 1;
    assert.ok(this.outstanding.has(tag), `tag ${tag} is not outstanding`);
    for (const each of [...this.outstanding]) {
      if (each !== tag && !(allUpTo && each < tag)) continue;
      this.outstanding.delete(each);
      this.acknowledged.add(each);
    }
  }

  giveBack(tag: number): void {
    assert.ok(this.outstanding.delete(tag), `tag ${tag} is not outstanding`);
    this.returned.add(tag);
  }
}

describe('acknowledgements of one channel', () => {
  it('are one frame for everything up to the first that is still in hand', () => {
    const broker = new Broker();
    const acks = new Acknowledgements(broker, 20);
    for (let tag = 1; tag <= 10; tag += 1) {
      broker.outstanding.add(tag);
      acks.delivered(tag);
    }
    for (const tag of [3, 1, 2, 5]) acks.settled(tag);
    acks.flush();
    assert.deepEqual([...broker.acknowledged], [1, 2, 3]);
    assert.equal(broker.frames, 1);
  });

  it('do not wait for a slow one for ever', () => {
    const broker = new Broker();
    const acks = new Acknowledgements(broker, 8);
    for (let tag = 1; tag <= 6; tag += 1) {
      broker.outstanding.add(tag);
      acks.delivered(tag);
      if (tag > 1) acks.settled(tag);
      acks.flush();
    }
    assert.deepEqual([...broker.outstanding], [1]);
  });

  it('cover exactly what was settled, whatever the order', () => {
    const step = fc.oneof(
      fc.constant({ kind: 'deliver' as const }),
      fc.record({ kind: fc.constant('settle' as const), pick: fc.nat() }),
      fc.record({ kind: fc.constant('return' as const), pick: fc.nat() }),
      fc.constant({ kind: 'flush' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 2, max: 20 }), (steps, prefetch) => {
        const broker = new Broker();
        const acks = new Acknowledgements(broker, prefetch);
        const inHand: number[] = [];
        const settled = new Set<number>();
        let last = 0;
        const take = (pick: number): number | undefined => inHand.splice(pick % (inHand.length || 1), 1)[0];
        for (const each of steps) {
          if (each.kind === 'flush') acks.flush();
          if (each.kind === 'deliver' && broker.outstanding.size < prefetch) {
            last += 1;
            broker.outstanding.add(last);
            inHand.push(last);
            acks.delivered(last);
          }
          if (each.kind === 'settle' || each.kind === 'return') {
            const tag = take(each.pick);
            if (tag === undefined) continue;
            if (each.kind === 'return') acks.giveBack(tag);
            else acks.settled(tag);
            if (each.kind === 'settle') settled.add(tag);
          }
          for (const tag of broker.acknowledged) assert.ok(settled.has(tag));
        }
        acks.flushAll();
        assert.deepEqual([...broker.acknowledged].sort(), [...settled].sort());
        assert.deepEqual(
          [...broker.outstanding].sort((a, b) => a - b),
          inHand.sort((a, b) => a - b),
        );
      }),
    );
  });
});
