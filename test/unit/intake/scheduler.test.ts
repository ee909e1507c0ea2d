import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Scheduler } from '../../../core/intake/index.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';

const SIX = Date.parse('2026-03-01T06:00:00Z');
const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);

describe('the scheduler', () => {
  let log: RecordingLog;
  let scheduler: Scheduler;
  let fires: number[];
  beforeEach(() => {
    // node-cron lives by the system's time, which stands still from here on.
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: at('05:59:50') });
    log = new RecordingLog();
    scheduler = new Scheduler({ clock: new ManualClock(), log });
    fires = [];
  });
  afterEach(async () => {
    await scheduler.stop();
    mock.timers.reset();
  });

  const start = (cron: string): void =>
    scheduler.start([
      {
        name: 'hr/report',
        schedule: { cron, timezone: 'UTC' },
        run: (fire) => {
          fires.push(fire);
          return Promise.resolve(true);
        },
      },
    ]);
  /** Moves time on in one go, as it is for a process that was held up. */
  const holdUpUntil = async (time: string): Promise<void> => {
    mock.timers.tick(at(time) - Date.now());
    await new Promise((resolve) => setImmediate(resolve));
  };
  const warnings = (): unknown[] =>
    log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);

  it('runs a job at its time, and hands it the planned one', async () => {
    start('0 6 * * *');
    await holdUpUntil('05:59:59');
    assert.deepEqual(fires, []);
    await holdUpUntil('06:00:00');
    assert.deepEqual(fires, [SIX]);
  });

  it('runs a fire for which the process is late, by up to a minute', async () => {
    start('0 6 * * *');
    await holdUpUntil('06:00:59.900');
    assert.deepEqual(fires, [SIX]);
    assert.deepEqual(warnings(), []);
  });

  it('runs the last of several fires for which it is late, and says how many it missed', async () => {
    start('*/5 * * * * *');
    await holdUpUntil('06:00:17');
    assert.deepEqual(fires, [at('06:00:15')]);
    assert.deepEqual(warnings(), [{ mapping: 'hr/report', fires: 4, first: '2026-03-01T05:59:55.000Z' }]);
  });

  it('says so when it comes too late', async () => {
    start('0 6 * * *');
    await holdUpUntil('06:01:01');
    assert.deepEqual(fires, []);
    assert.deepEqual(warnings(), [{ mapping: 'hr/report', fires: 1, first: '2026-03-01T06:00:00.000Z' }]);
  });

  it('runs nothing any more once it is stopped', async () => {
    start('0 6 * * *');
    await scheduler.stop();
    await holdUpUntil('06:00:00');
    assert.deepEqual(fires, []);
  });
});
