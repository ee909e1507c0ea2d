import assert from 'node:assert/strict';
import { schedule } from '../../../connectors/schedule/index.ts';
import type { Host, Page } from '../../../core/sdk.ts';
import { connectorContract } from '../../contract/connector.ts';
import { ManualClock } from '../../support/clock.ts';
import { RecordingLog } from '../../support/recording-log.ts';

describe('connector contract: schedule', () => {
  connectorContract(schedule, { settings: {} });
});

describe('schedule: the source tick', () => {
  it('yields one message a fire, known by its planned time, however late it runs', async () => {
    const clock = new ManualClock(Date.parse('2026-03-01T06:00:02.600Z'));
    const host: Host = {
      clock,
      log: new RecordingLog(),
      files: { read: () => Promise.reject(new Error('no files')), resolve: (path) => path },
      http: () => ({ send: () => Promise.reject(new Error('no network')) }),
    };
    const connection = await schedule.open({}, host);
    const pull = connection.pull?.('tick', {});
    const pages: Page[] = [];
    for (const fire of ['2026-03-01T06:00:00Z', '2026-03-01T06:01:00Z']) {
      const signal = new AbortController().signal;
      for await (const page of pull?.(undefined, signal, Date.parse(fire)) ?? []) pages.push(page);
      await clock.advance(61_000);
    }
    assert.deepEqual(
      pages.map(({ records }) => records),
      ['2026-03-01T06:00:00.000Z', '2026-03-01T06:01:00.000Z'].map((scheduledAt) => [
        { body: { scheduledAt }, key: scheduledAt },
      ]),
    );
  });
});
