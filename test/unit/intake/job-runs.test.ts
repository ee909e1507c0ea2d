import assert from 'node:assert/strict';
import { JobRuns } from '../../../core/intake/job-runs.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';

type Answer = boolean | Error | Promise<boolean>;

describe('the runs of a job', () => {
  let clock: ManualClock;
  let log: RecordingLog;
  let stopping: AbortController;
  /** The fires that were tried, with the second at which they were. */
  let tried: [fire: number, second: number][];
  beforeEach(() => {
    clock = new ManualClock(0);
    log = new RecordingLog();
    stopping = new AbortController();
    tried = [];
  });

  const runsThat = (answer: (fire: number, signal: AbortSignal) => Answer): JobRuns =>
    new JobRuns(
      {
        name: 'hr/report',
        run: async (fire, signal) => {
          tried.push([fire, clock.now() / 1_000]);
          const said = await answer(fire, signal);
          if (said instanceof Error) throw said;
          return said;
        },
      },
      { clock, log },
      stopping.signal,
    );
  const settle = (): Promise<void> => clock.advance(0);
  const warnings = (): unknown[] =>
    log.lines.filter(({ level }) => level === 'warn').map(({ text, fields }) => [text, fields]);

  it('try a fire that failed again, ever more seldom, until it is done', async () => {
    const runs = runsThat(() => (clock.now() < 200_000 ? new Error('the store is away') : true));
    runs.add(7);
    await settle();
    await clock.advance(600_000);
    await runs.ended;
    assert.deepEqual(
      tried,
      [0, 1, 3, 7, 15, 31, 63, 123, 183, 243].map((second) => [7, second]),
    );
    assert.match(JSON.stringify(warnings()[0]), /the store is away/);
    assert.equal(warnings().length, 9);
  });

  it('try a fire again at which another process is, and say nothing of it when that ends', async () => {
    const runs = runsThat(() => clock.now() >= 120_000);
    runs.add(7);
    await settle();
    await clock.advance(600_000);
    await runs.ended;
    assert.deepEqual(tried.at(-1), [7, 123]);
    assert.deepEqual(warnings(), []);
  });

  it('give a fire up for the next one, at once, and say so', async () => {
    const runs = runsThat((fire) => fire === 8 || new Error('the store is away'));
    runs.add(7);
    await settle();
    await clock.advance(4_500);
    runs.add(8);
    await settle();
    await runs.ended;
    assert.deepEqual(tried, [
      [7, 0],
      [7, 1],
      [7, 3],
      [8, 4.5],
    ]);
    assert.deepEqual(warnings().at(-1), [
      'fires were left out: the next one came before they were done',
      { mapping: 'hr/report', fires: 1, error: 'the store is away' },
    ]);
  });

  it('are one at a time: of the fires that come meanwhile the last one follows', async () => {
    const first = Promise.withResolvers<boolean>();
    const runs = runsThat((fire) => (fire === 1 ? first.promise : true));
    for (const fire of [1, 2, 3, 4]) runs.add(fire);
    await settle();
    assert.deepEqual(tried, [[1, 0]]);
    first.resolve(true);
    await runs.ended;
    assert.deepEqual(tried, [
      [1, 0],
      [4, 0],
    ]);
    assert.deepEqual(warnings(), [
      [
        'fires were left out: the next one came before they were done',
        { mapping: 'hr/report', fires: 2, error: 'the run before them took too long' },
      ],
    ]);
  });

  it('leave a fire that failed to the one that came meanwhile', async () => {
    const first = Promise.withResolvers<boolean>();
    const runs = runsThat((fire) => (fire === 1 ? first.promise : true));
    runs.add(1);
    runs.add(2);
    first.resolve(false);
    await runs.ended;
    assert.deepEqual(tried, [
      [1, 0],
      [2, 0],
    ]);
  });

  it('end when the hub stops, in a run and between two, without a word', async () => {
    const between = runsThat(() => false);
    between.add(1);
    await settle();
    const within = runsThat(
      (_fire, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        ),
    );
    within.add(1);
    within.add(2);
    stopping.abort(new Error('the hub is stopping'));
    await between.ended;
    await within.ended;
    assert.equal(tried.length, 2);
    assert.equal(clock.sleeping, 0);
    assert.deepEqual(warnings(), []);
  });
});
