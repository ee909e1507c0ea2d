import type { Connector, JsonSchema } from '../../core/sdk.ts';
import { examples } from './examples.ts';

const NOTHING: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

const tick: JsonSchema = {
  type: 'object',
  required: ['scheduledAt'],
  properties: {
    scheduledAt: {
      type: 'string',
      format: 'date-time',
      description: 'The time of this fire by the schedule, to the second.',
    },
  },
};

/** Starts a mapping at fixed times: each fire of the mapping's `schedule` is one message. */
export const schedule: Connector = {
  name: 'schedule',
  summary: 'Starts mappings at fixed times, without a system that sends something.',
  status: 'stable',
  config: NOTHING,
  sources: {
    tick: {
      kind: 'pull',
      summary: 'One message for each fire of the schedule.',
      options: NOTHING,
      body: tick,
    },
  },
  actions: {},
  examples,
  open: () =>
    Promise.resolve({
      // The planned time and not the present one: a fire that is run twice is one message.
      pull: () => (_cursor, _signal, fire) => {
        const scheduledAt = new Date(fire).toISOString();
        return pageOf([{ records: [{ body: { scheduledAt }, key: scheduledAt }], cursor: { scheduledAt } }]);
      },
      check: () => Promise.resolve([{ name: 'clock', ok: true, detail: 'there is nothing to reach' }]),
      close: () => Promise.resolve(),
    }),
};

async function* pageOf<T>(pages: readonly T[]): AsyncGenerator<T> {
  yield* pages;
  await Promise.resolve();
}
