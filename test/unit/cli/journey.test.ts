import assert from 'node:assert/strict';
import { renderJourney } from '../../../cli/output/journey.ts';
import { createStyle } from '../../../cli/output/style.ts';

type Journey = Parameters<typeof renderJourney>[0];

const at = (ms: number): string => new Date(Date.parse('2026-03-01T12:00:00.000Z') + ms).toISOString();

const message = (
  id: string,
  more: Partial<Journey['messages'][number]> = {},
): Journey['messages'][number] => ({
  id,
  journeyId: 'm1',
  source: 'shop/sales/orders',
  type: 'sales/order@1',
  time: at(0),
  keys: {},
  contentType: 'application/json',
  headers: {},
  routes: [],
  revision: 'r',
  size: 1536,
  sha256: 's',
  ...more,
});

let events = 0;
const event = (
  type: string,
  ms: number,
  [messageId, route]: readonly [string, string],
  data: object,
): Journey['events'][number] => ({
  id: `e${++events}`,
  at: at(ms),
  journeyId: 'm1',
  messageId,
  route,
  type,
  data: data as Record<string, unknown>,
});

const render = (journey: Journey, all = false, width = Infinity): string =>
  renderJourney(journey, { style: createStyle(false), now: Date.parse(at(20_000)), all, width });

describe('A journey on the screen', () => {
  const journey: Journey = {
    id: 'm1',
    messages: [
      message('m1', { keys: { order: '4711' }, routes: ['sales/orders/erp', 'sales/orders/crm'] }),
      message('m2', {
        causationId: 'm1',
        source: 'topic/sales/booked@1',
        routes: ['sales/mail/smtp'],
        time: at(90),
      }),
    ],
    events: [
      event('retry_scheduled', 40, ['m1', 'sales/orders/erp'], {
        attempt: 1,
        code: 'TARGET_FAILED',
        error: 'it answered 500\u001b[2J',
        durationMs: 33,
        due: at(10_000),
      }),
      event('delivered', 80, ['m1', 'sales/orders/crm'], {
        attempt: 1,
        durationMs: 45,
        ref: 'D-7',
        revision: 'r',
      }),
    ],
    deliveries: [
      { messageId: 'm1', route: 'sales/orders/erp', state: 'waiting', dueAt: at(25_000) },
      { messageId: 'm1', route: 'sales/orders/crm', state: 'delivered' },
      { messageId: 'm2', route: 'sales/mail/smtp', state: 'dead', failureId: 'f1' },
    ],
  };

  it('shows each route with its attempts, times and errors, and what descends from it', () => {
    const text = render(journey)
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:/, '..:..:'));
    assert.deepEqual(text.slice(4), [
      '..:..:00.000  ● accepted sales/order@1 from shop/sales/orders',
      '              │ order=4711',
      '              │ m1, 1.5 kB',
      '              ├─ sales/orders/erp',
      `..:..:00.040  │    ↻ retry scheduled +40ms    attempt 1, again at ${clock(at(10_000))}, TARGET_FAILED after 33ms: ` +
        'it answered 500\\x1b[2J',
      '              │    … waits for a retry in 5s',
      '              ├─ sales/orders/crm',
      '..:..:00.080  │    ✓ delivered       +80ms    attempt 1, took 45ms, ref D-7',
      '..:..:00.090  └─ ● accepted sales/order@1 from topic/sales/booked@1',
      '                 │ m2, 1.5 kB',
      '                 └─ sales/mail/smtp',
      '                      ! dead: crossdock failures show f1',
    ]);
  });

  it('wraps what is long beside its trunk', () => {
    const lines = render(journey, false, 80).split('\n');
    assert.ok(
      lines.every((line) => line.length <= 80),
      lines.join('\n'),
    );
    const at = lines.findIndex((line) => line.includes('retry scheduled'));
    assert.match(lines[at + 1] as string, /^ {14}│ {31}\S/);
  });

  it('says at its head what a person must look at', () => {
    assert.match(render(journey), /2 messages, 3 deliveries\n1 delivery needs a person to look at it\./);
  });

  it('puts the parts of a split beneath the route that made them, the first ones of many', () => {
    const parts = Array.from({ length: 25 }, (_, i) =>
      message(`p${i}`, { causationId: 'm1', routes: ['stock/lines/shop'], time: at(100 + i) }),
    );
    const split: Journey = {
      id: 'm1',
      messages: [message('m1', { routes: ['stock/lines/shop'] }), ...parts],
      events: [event('split', 50, ['m1', 'stock/lines/shop'], { count: 25, step: 'split#0' })],
      deliveries: [],
    };
    const short = render(split);
    assert.match(short, /✓ split +\+50ms +into 25 messages/);
    assert.match(short, /└─ … and 15 messages more \(--all\)/);
    assert.match(render(split, true), /p24, 1\.5 kB/);
  });

  it('says so when nothing is left of it', () => {
    assert.match(render({ id: 'm1', messages: [], events: [], deliveries: [] }), /Nothing is recorded/);
  });
});

function clock(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}
