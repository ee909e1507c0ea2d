import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { conservation, journey, listEvents } from '../../../core/audit/index.ts';
import {
  discardFailures,
  editFailure,
  getFailure,
  hurryAfterOutage,
  listFailures,
  rescheduleFailures,
  retryFailures,
} from '../../../core/recovery/index.ts';
import type { Progress } from '../../../core/recovery/index.ts';
import { newId, query } from '../../../core/store/index.ts';
import { emptyStore } from '../audit/accepted.ts';
import type { Stage } from '../audit/accepted.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';
import { acceptFailed, AWAY, DEAD, eventTypes, fail, IN_DOUBT, outbox, waiting } from './failing.ts';

const ACT = { by: 'ada', why: 'the ERP is back' };

onEachStore('acts on failures', (store) => {
  const stage = (): Stage => ({ database: store(), clock });
  const clock = new ManualClock();
  beforeEach(() => emptyStore(store()));

  const manyDead = async (count: number): Promise<void> => {
    const one = await acceptFailed(store(), clock, DEAD);
    await query(
      store().db,
      `insert into failures select overlay(id::text placing lpad(n::text, 12, '0') from 25)::uuid,
              overlay(message_id::text placing lpad(n::text, 12, '0') from 25)::uuid, journey_id, route, state, code, error, path,
              response, output, reason, attempts, step, fingerprint, first_failed_at, last_failed_at
         from failures, generate_series(1, ?::int) n where id = ?`,
      [count - 1, one.failureId],
    );
  };

  it('retry: dead ones and those in doubt begin anew, waiting ones go on, all at once', async () => {
    const dead = await acceptFailed(store(), clock, DEAD);
    const doubt = await acceptFailed(store(), clock, IN_DOUBT);
    const wait = await acceptFailed(store(), clock, waiting(60_000));
    await fail(stage(), wait, waiting(60_000), 3);
    await clock.advance(1_000);
    const ids = [dead, doubt, wait].map((lane) => lane.failureId);
    assert.deepEqual(await retryFailures(stage(), { ids }, ACT), { done: 3, remaining: 0 });
    const rows = await outbox(store());
    assert.deepEqual(
      rows.map((row) => [row.message_id, row.attempts, row.repeat, row.retried_at?.getTime()]),
      [
        [dead.messageId, 0, true, clock.now()],
        [doubt.messageId, 0, true, clock.now()],
        [wait.messageId, 3, true, clock.now()],
      ],
    );
    assert.equal((await getFailure(store().db, dead.failureId))?.state, 'sent');
    assert.deepEqual(await eventTypes(store(), dead), ['dead', 'retried']);
    const { items } = await listEvents(store().db, { types: ['retried'], by: 'ada' });
    assert.deepEqual(
      items.map((event) => event.data),
      [ACT, ACT, ACT],
    );
  });

  it('on named ones are all done or none: unknown, foreign and unfit ones are refused', async () => {
    const dead = await acceptFailed(store(), clock, DEAD);
    const sent = await acceptFailed(store(), clock, DEAD);
    await retryFailures(stage(), { ids: [sent.failureId] }, ACT);
    await assert.rejects(retryFailures(stage(), { ids: [dead.failureId, newId(clock)] }, ACT), {
      code: 'NOT_FOUND',
    });
    await assert.rejects(discardFailures(stage(), { ids: ['nothing'] }, ACT), { code: 'NOT_FOUND' });
    await assert.rejects(discardFailures(stage(), { ids: [dead.failureId], domains: ['finance'] }, ACT), {
      code: 'NOT_FOUND',
    });
    for (const act of [retryFailures, discardFailures])
      await assert.rejects(act(stage(), { ids: [dead.failureId, sent.failureId] }, ACT), {
        code: 'CONFLICT',
      });
    await assert.rejects(
      rescheduleFailures(stage(), { ids: [dead.failureId] }, { ...ACT, due: clock.now() }),
      {
        code: 'CONFLICT',
      },
    );
    assert.equal((await getFailure(store().db, dead.failureId))?.state, 'dead');
    assert.equal((await outbox(store())).length, 1);
    assert.deepEqual(await eventTypes(store(), dead), ['dead']);
  });

  it('on a filter go through all that match, in batches, and tell how far they are', async () => {
    await manyDead(1_203);
    await acceptFailed(store(), clock, DEAD, 'finance/payments/erp');
    const seen: Progress[] = [];
    const result = await retryFailures(stage(), { filter: { domains: ['sales'] } }, ACT, {
      onProgress: (progress) => seen.push(progress),
    });
    assert.deepEqual(result, { done: 1_203, remaining: 0 });
    assert.deepEqual(
      seen.map(({ done, remaining }) => [done, remaining]),
      [
        [500, 703],
        [1_000, 203],
        [1_203, 0],
      ],
    );
    assert.equal((await outbox(store())).length, 1_203);
    assert.equal((await listFailures(store().db, { state: 'dead' })).items.length, 1);
  });

  it('on a filter can be counted first, limited, and stopped', async () => {
    await manyDead(700);
    const selection = { filter: { state: 'dead' } } as const;
    assert.deepEqual(await discardFailures(stage(), selection, ACT, { dryRun: true }), {
      done: 0,
      remaining: 700,
    });
    assert.deepEqual(await discardFailures(stage(), selection, ACT, { limit: 30 }), {
      done: 30,
      remaining: 670,
    });
    const stop = new AbortController();
    const stopped = await discardFailures(stage(), selection, ACT, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    assert.deepEqual(stopped, { done: 500, remaining: 170 });
    assert.equal((await listFailures(store().db, { limit: 1_000 })).items.length, 170);
  });

  it('reschedule: waiting ones get another due time, and repeating it comes to an end', async () => {
    const wait = await acceptFailed(store(), clock, waiting(1_000));
    await acceptFailed(store(), clock, DEAD);
    const due = clock.now() + 3_600_000;
    const selection = { filter: {} };
    assert.deepEqual(await rescheduleFailures(stage(), selection, { ...ACT, due }), {
      done: 1,
      remaining: 0,
    });
    assert.deepEqual(await rescheduleFailures(stage(), selection, { ...ACT, due }), {
      done: 0,
      remaining: 0,
    });
    const failure = await getFailure(store().db, wait.failureId);
    assert.equal(failure?.dueAt, new Date(due).toISOString());
    assert.deepEqual(await eventTypes(store(), wait), ['retry_scheduled', 'rescheduled']);
  });

  it('reschedule: what is put off stays put off when the connection is back, until it fails again', async () => {
    const hurry = (): Promise<number> => hurryAfterOutage(store().db, ['sales/orders/erp'], clock.now());
    const putOff = await acceptFailed(store(), clock, AWAY);
    await acceptFailed(store(), clock, AWAY);
    await acceptFailed(store(), clock, waiting(60_000));
    const due = clock.now() + 7_200_000;
    await rescheduleFailures(stage(), { ids: [putOff.failureId] }, { ...ACT, due });
    assert.equal(await hurry(), 1);
    assert.equal((await getFailure(store().db, putOff.failureId))?.dueAt, new Date(due).toISOString());
    await clock.advance(due - clock.now());
    await fail(stage(), putOff, AWAY);
    assert.equal(await hurry(), 1);
  });

  it('discard: the delivery is final, and the books stay in balance', async () => {
    const dead = await acceptFailed(store(), clock, DEAD);
    await discardFailures(stage(), { ids: [dead.failureId] }, { by: 'ada', why: 'a test order' });
    assert.equal(await getFailure(store().db, dead.failureId), undefined);
    assert.equal((await journey(store().db, dead.messageId))?.deliveries[0]?.state, 'discarded');
    const [balance] = await conservation(store().db);
    assert.deepEqual([balance?.accepted, balance?.discarded, balance?.open], [1, 1, 0]);
  });

  it('edit: the body that is tried from now on, audited with the hashes of both', async () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const dead = await acceptFailed(store(), clock, DEAD);
    for (const body of ['{"id":"1"}', '{"id":"2"}'])
      await editFailure(stage(), { id: dead.failureId }, Buffer.from(body), ACT);
    assert.equal((await getFailure(store().db, dead.failureId))?.edited, true);
    const [row] = await query<{ edited: Buffer }>(store().db, 'select edited from failures');
    assert.equal(Buffer.from(row?.edited ?? '').toString(), '{"id":"2"}');
    const { items } = await listEvents(store().db, { types: ['edited'] });
    assert.deepEqual(
      items.map((event) => event.data),
      [
        { ...ACT, before: sha256('{"id":"1"}'), after: sha256('{"id":"2"}') },
        { ...ACT, before: sha256('{"id":"4711"}'), after: sha256('{"id":"1"}') },
      ],
    );
  });

  it('edit: a body that is not what the content type says, or of one under way, is refused', async () => {
    const dead = await acceptFailed(store(), clock, DEAD);
    const edit = (payload: Buffer, domains?: readonly string[]) =>
      editFailure(stage(), { id: dead.failureId, domains }, payload, ACT);
    await assert.rejects(edit(Buffer.from('{"id":')), { code: 'BODY_UNREADABLE' });
    await assert.rejects(edit(Buffer.from([0x22, 0xff, 0x22])), { code: 'BODY_UNREADABLE' });
    await assert.rejects(edit(Buffer.alloc(10 * 1024 * 1024 + 1, ' ')), { code: 'BODY_TOO_LARGE' });
    await assert.rejects(edit(Buffer.from('{}'), ['finance']), { code: 'NOT_FOUND' });
    assert.equal((await getFailure(store().db, dead.failureId))?.edited, false);
    await retryFailures(stage(), { ids: [dead.failureId] }, ACT);
    await assert.rejects(edit(Buffer.from('{}')), { code: 'CONFLICT' });
    await assert.rejects(editFailure(stage(), { id: newId(clock) }, Buffer.from('{}'), ACT), {
      code: 'NOT_FOUND',
    });
  });

  it('by two people at once are done once', async () => {
    await manyDead(600);
    const results = await Promise.all(
      ['ada', 'bob'].map((by) => retryFailures(stage(), { filter: {} }, { by })),
    );
    assert.equal((results[0]?.done ?? 0) + (results[1]?.done ?? 0), 600);
    assert.equal((await outbox(store())).length, 600);
  });
});
