import assert from 'node:assert/strict';
import { CrossdockError } from '../../../core/model/errors.ts';
import { GroupCommit } from '../../../core/store/index.ts';

/** Commits when told to, and keeps what it was given. */
function held(maxBatch = 10): {
  group: GroupCommit<number, number>;
  batches: (readonly number[])[];
  release: () => void;
} {
  const batches: (readonly number[])[] = [];
  const releases: (() => void)[] = [];
  const group = new GroupCommit<number, number>({
    maxBatch,
    commit: async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => releases.push(resolve));
      return items.map((item) => item * 10);
    },
  });
  return { group, batches, release: () => releases.shift()?.() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a group commit', () => {
  it('commits together what arrived together, and what arrives meanwhile as the next batch', async () => {
    const { group, batches, release } = held();
    const first = [1, 2].map((item) => group.submit(item));
    await turn();
    const second = [3, 4].map((item) => group.submit(item));
    await turn();
    assert.deepEqual(batches, [[1, 2]]);
    release();
    assert.deepEqual(await Promise.all(first), [10, 20]);
    await turn();
    release();
    assert.deepEqual(await Promise.all(second), [30, 40]);
    assert.deepEqual(batches, [
      [1, 2],
      [3, 4],
    ]);
  });

  it('makes no batch larger than it may be', async () => {
    const { group, batches, release } = held(2);
    const all = [1, 2, 3].map((item) => group.submit(item));
    await turn();
    release();
    await Promise.all(all.slice(0, 2));
    await turn();
    release();
    await Promise.all(all);
    assert.deepEqual(batches, [[1, 2], [3]]);
  });

  it('is drained when nothing waits and nothing is being committed', async () => {
    const { group, release } = held();
    await group.drain();
    void group.submit(1);
    let drained = false;
    const draining = group.drain().then(() => (drained = true));
    await turn();
    assert.equal(drained, false);
    release();
    await draining;
    assert.equal(group.depth, 0);
  });

  it('refuses only the item that is to blame, whichever it is', async () => {
    const group = new GroupCommit<number, number>({
      maxBatch: 10,
      commit: (items) => (items.includes(3) ? Promise.reject(new Error('three')) : Promise.resolve(items)),
    });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => group.submit(item)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
  });

  it('tries nothing piece by piece while the store is away', async () => {
    let commits = 0;
    const group = new GroupCommit<number, number>({
      maxBatch: 10,
      commit: () => {
        commits += 1;
        return Promise.reject(new CrossdockError('STORE_UNAVAILABLE', 'away'));
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
    assert.ok(results.every(({ status }) => status === 'rejected'));
    assert.equal(commits, 1);
  });
});
