import assert from 'node:assert/strict';
import type { Benchmark } from './run.ts';
import { makePlace, settleServer } from './places.ts';
import type { Place } from './places.ts';
import { runLoad, startSink } from './processes.ts';
import type { Sink } from './processes.ts';
import { floor, hub, INTAKE_PATH, SHOP_SECRET } from './subjects.ts';
import type { Subject } from './subjects.ts';
import { servicesDown, servicesUp } from '../scripts/services.ts';

interface Sizes {
  readonly rounds: number;
  /** Orders of one round. */
  readonly orders: number;
  /** Sent, and drained, before, and not counted: compilers and pools are cold at first. */
  readonly warmUp: number;
  /** Orders that wait while the hub's memory is looked at. */
  readonly waiting: number;
}

const FULL: Sizes = { rounds: 7, orders: 16_000, warmUp: 4_000, waiting: 200_000 };
const QUICK: Sizes = { rounds: 1, orders: 2_000, warmUp: 200, waiting: 4_000 };
const CONNECTIONS = 32;
const PATIENCE_MS = 240_000;
/** How long the hub works on the waiting orders while its memory is looked at. */
const WAITING_MS = 10_000;

interface Round {
  readonly intakePerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly drainPerSecond: number;
  readonly peakRssMb: number | undefined;
  /** The first body that the target got. */
  readonly sample: unknown;
}

interface Figures extends Omit<Round, 'sample'> {
  readonly rounds: readonly Omit<Round, 'sample'>[];
}

/** Durable intake and drain of a backlog: the hub against the floor program, turn by turn, on the same services. */
export const benchmark: Benchmark = {
  name: 'throughput',
  summary: 'durable intake and drain of a backlog, hub against floor, and the memory of the hub',
  run: async ({ quick, note }) => {
    const sizes = quick ? QUICK : FULL;
    const services = await servicesUp();
    const sink = await startSink();
    try {
      const bench: Bench = { ...services, sizes, sink, note };
      const rounds: Record<Subject['name'], Round[]> = { floor: [], hub: [] };
      for (let round = 1; round <= sizes.rounds; round += 1) {
        // Who comes second finds warmer caches, or a noisier machine: they take turns in that, too.
        const order = round % 2 === 1 ? [floor, hub] : [hub, floor];
        for (const subject of order) rounds[subject.name].push(await runRound(bench, subject, round));
      }
      // They must do the same work: the target got the same order of both.
      assert.deepEqual(rounds.hub[0]?.sample, rounds.floor[0]?.sample);
      const figures = { floor: figuresOf(rounds.floor), hub: figuresOf(rounds.hub) };
      const waiting = await measureWaiting(bench);
      const ratio = {
        intake: ratioOf(rounds, 'intakePerSecond'),
        drain: ratioOf(rounds, 'drainPerSecond'),
      };
      return {
        results: { sizes, ...figures, ratio, waiting },
        table: [
          ['', 'floor', 'hub', 'hub / floor, by round'],
          row('durable intake, orders/s', figures, 'intakePerSecond', ratio.intake),
          row('  p50, ms', figures, 'p50Ms'),
          row('  p99, ms', figures, 'p99Ms'),
          row('drain, orders/s', figures, 'drainPerSecond', ratio.drain),
          row('peak memory, MB', figures, 'peakRssMb'),
          [`  with ${sizes.waiting} waiting: intake, MB`, '', String(waiting.intakeRssMb), ''],
          [`  with ${sizes.waiting} waiting: all roles, MB`, '', String(waiting.workingRssMb), ''],
        ],
      };
    } finally {
      sink.close();
      if (services.started) await servicesDown();
    }
  },
};

interface Bench {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly sizes: Sizes;
  readonly sink: Sink;
  readonly note: (text: string) => void;
}

async function runRound(bench: Bench, subject: Subject, round: number): Promise<Round> {
  const { sizes, sink, note } = bench;
  return withPlace(bench, subject, async (place) => {
    const total = sizes.warmUp + sizes.orders;
    const intake = await subject.start(place, sink.url, 'intake');
    await load(intake.origin, `W${round}`, sizes.warmUp);
    const { ms, p50, p99 } = await load(intake.origin, `R${round}`, sizes.orders);
    const intakeRss = intake.peakRssMb();
    await intake.stop();

    sink.reset();
    await settleServer(bench.databaseUrl);
    const worker = await subject.start(place, sink.url, 'worker');
    const warm = await sink.expect(sizes.warmUp, PATIENCE_MS);
    const reached = await sink.expect(total, PATIENCE_MS);
    const workerRss = worker.peakRssMb();
    await worker.stop();
    const [delivered] = await place.query<{ count: number }>(subject.deliveredSql);
    assert.equal(delivered?.count, total, `${subject.name} has not recorded every delivery`);

    const result: Round = {
      intakePerSecond: perSecond(sizes.orders, ms),
      p50Ms: p50,
      p99Ms: p99,
      drainPerSecond: perSecond(total - warm.keys, reached.ms - warm.ms),
      peakRssMb: intakeRss === undefined ? undefined : Math.max(intakeRss, workerRss ?? 0),
      sample: sampleOf(reached.sample),
    };
    note(
      `round ${round}, ${subject.name}: ${Math.round(result.intakePerSecond)} in/s, ${Math.round(result.drainPerSecond)} out/s`,
    );
    return result;
  });
}

/** The hub's memory with a long backlog: while it comes in, and while the hub works on it with a slow target. */
async function measureWaiting(
  bench: Bench,
): Promise<{ readonly intakeRssMb: number | undefined; readonly workingRssMb: number | undefined }> {
  const { sizes, sink, note } = bench;
  return withPlace(bench, hub, async (place) => {
    const intake = await hub.start(place, sink.url, 'intake');
    await load(intake.origin, 'M', sizes.waiting);
    const intakeRssMb = intake.peakRssMb();
    await intake.stop();
    sink.reset();
    sink.delay(100);
    const working = await hub.start(place, sink.url, 'all');
    await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
    const workingRssMb = working.peakRssMb();
    sink.delay(0);
    await working.stop();
    note(`${sizes.waiting} waiting: ${intakeRssMb} MB for intake, ${workingRssMb} MB with all roles`);
    return { intakeRssMb, workingRssMb };
  });
}

async function withPlace<T>(bench: Bench, subject: Subject, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await makePlace(bench.databaseUrl, bench.amqpUrl, `crossdock_bench_${subject.name}`);
  try {
    await settleServer(bench.databaseUrl);
    return await work(place);
  } finally {
    await place.remove(subject.queues);
  }
}

async function load(
  origin: string,
  prefix: string,
  count: number,
): Promise<Awaited<ReturnType<typeof runLoad>>> {
  const answer = await runLoad(
    { origin, path: INTAKE_PATH, secret: SHOP_SECRET, prefix, count, connections: CONNECTIONS },
    PATIENCE_MS,
  );
  assert.equal(answer.accepted, count, `not all orders were accepted: ${JSON.stringify(answer.others)}`);
  return answer;
}

/** Which order comes first is chance; all else is the same for each. */
function sampleOf(body: string): unknown {
  const order = JSON.parse(body) as Record<string, unknown>;
  return { ...order, OrderRef: typeof order['OrderRef'] };
}

function perSecond(count: number, ms: number): number {
  return (count / ms) * 1_000;
}

function figuresOf(rounds: readonly Round[]): Figures {
  const plain = rounds.map(({ sample: _, ...round }) => round);
  const middle = (key: 'intakePerSecond' | 'p50Ms' | 'p99Ms' | 'drainPerSecond'): number =>
    median(plain.map((round) => round[key]));
  const peaks = plain.flatMap(({ peakRssMb }) => peakRssMb ?? []);
  return {
    intakePerSecond: middle('intakePerSecond'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    drainPerSecond: middle('drainPerSecond'),
    peakRssMb: peaks.length === 0 ? undefined : Math.max(...peaks),
    rounds: plain,
  };
}

/** Round by round, and the median of these: the two of a round ran within seconds of each other, whatever else the machine did. */
function ratioOf(
  { hub, floor }: Record<Subject['name'], readonly Round[]>,
  key: 'intakePerSecond' | 'drainPerSecond',
): number {
  return median(hub.map((round, index) => round[key] / (floor[index] as Round)[key]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function row(
  title: string,
  figures: Record<Subject['name'], Figures>,
  key: Exclude<keyof Figures, 'rounds'>,
  ratio?: number,
): string[] {
  const text = (value: number | undefined): string =>
    value === undefined ? 'n/a' : value < 100 ? value.toFixed(1) : String(Math.round(value));
  return [
    title,
    text(figures.floor[key]),
    text(figures.hub[key]),
    ratio === undefined ? '' : ratio.toFixed(2),
  ];
}
