import assert from 'node:assert/strict';
import { pullJobs } from '../../../cli/compose-intake.ts';
import type { CompiledSource } from '../../../cli/compose-intake.ts';
import { systemClock } from '../../../core/clock.ts';
import type { ScheduledJob } from '../../../core/intake/index.ts';
import { createMetrics } from '../../../core/metrics/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { Mapping } from '../../../core/model/mapping.ts';
import type { Puller } from '../../../core/model/connector.ts';
import { takeLease } from '../../../core/store/index.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { embeddedStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';

const at = { file: 'mappings/hr/report.yaml', line: 1, column: 1 };
const mapping: Mapping = {
  name: 'hr/report',
  domain: 'hr',
  from: { kind: 'connection', connection: 'clock', source: 'tick', options: {}, at },
  message: { keys: {} },
  steps: [],
  targets: [],
  at,
};

describe('the job of a pull source', () => {
  let store: TestStore;
  let log: RecordingLog;
  before(async () => {
    store = await embeddedStore();
  });
  after(() => store.close());
  beforeEach(() => {
    log = new RecordingLog();
  });

  const jobOf = (pull: Puller): ScheduledJob => {
    const source: CompiledSource = {
      kind: 'pull',
      mapping,
      source: 'clock/hr/report',
      arrive: () => Promise.reject(new Error('nothing is pulled here')),
      pull,
      schedule: { cron: '0 6 * * *', timezone: 'UTC' },
    };
    const [job] = pullJobs({
      sources: new Map([[mapping.name, source]]),
      database: store.database,
      clock: systemClock,
      log,
      metrics: createMetrics({ clock: systemClock, log, process: false }),
      owner: 'me',
      wake: () => {},
    });
    assert.ok(job);
    return job;
  };
  const run = (pull: Puller, fire: number): Promise<boolean> =>
    jobOf(pull).run(fire, new AbortController().signal);

  it('has nothing left to do at a fire whose source failed: it is asked again at its next time', async () => {
    const done = await run(async function* () {
      await Promise.resolve();
      yield* [];
      throw new CrossdockError('TARGET_FAILED', 'the CRM failed');
    }, 1_000);
    assert.equal(done, true);
    assert.match(log.text, /asked again at its next time.*the CRM failed/);
  });

  it('is not done at a fire while another process has the lease', async () => {
    await takeLease(store.database.db, `pull:${mapping.name}`, 'the killed one', 120_000);
    const done = await run(() => assert.fail('it was asked'), 2_000);
    assert.equal(done, false);
  });
});
