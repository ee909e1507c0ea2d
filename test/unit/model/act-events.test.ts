import assert from 'node:assert/strict';
import { ACT_EVENTS } from '../../../core/model/event.ts';
import { up } from '../../../core/store/migrations/0001.ts';

describe('the index of the audit log', () => {
  it('covers every type of event that the log lists', () => {
    const index = up.find((statement) => statement.startsWith('create index events_acts'));
    assert.deepEqual(index?.match(/(?<=')\w+(?=')/g), [...ACT_EVENTS]);
  });
});
