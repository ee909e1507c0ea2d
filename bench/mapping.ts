import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import jsonata from 'jsonata';
import { connectors } from '../connectors/index.ts';
import {
  compileExpression,
  compileMap,
  DEFAULT_EXPRESSION_LIMITS,
  loadProject,
  type Expression,
} from '../core/language/index.ts';
import type { MapTemplate } from '../core/model/mapping.ts';
import { toSalesOrder, type Order } from './floor/sales-order.ts';
import { makeOrder } from './order.ts';
import type { Benchmark } from './run.ts';

const ROUNDS = 7;
/** How long each is measured in each round. */
const MS = 400;

/** The whole map of the bench mapping as one expression. */
const WHOLE = `{
  "OrderRef": id,
  "OrderDate": $substring(createdAt, 0, 10),
  "Currency": "EUR",
  "Buyer": { "Code": customer.id, "Name": customer.firstName & " " & customer.lastName },
  "Lines": lines.{ "Item": sku, "Qty": quantity, "Net": $round(quantity * unitPrice, 2) }
}`;

type Subject = { readonly name: string; readonly run: (order: unknown) => unknown };

/** The mapping of the throughput bench, once for each way to evaluate it, in the same run on the same orders. */
export const benchmark: Benchmark = {
  name: 'mapping',
  summary: 'maps a second: compiled engine, interpreter, code written by hand',
  run: async ({ quick, note }) => {
    const order = makeOrder('4711');
    const subjects = await makeSubjects();
    const expected = toSalesOrder(order as Order);
    for (const { name, run } of subjects) assert.deepEqual(await run(order), expected, name);

    const rates = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
    for (let round = 1; round <= (quick ? 2 : ROUNDS); round++) {
      for (const { name, run } of subjects) rates.get(name)?.push(await measure(run, quick ? MS / 8 : MS));
      note(`round ${round}`);
    }
    const medians = new Map([...rates].map(([name, all]) => [name, median(all)]));
    const interpreter = medians.get('interpreter, one expression') ?? Number.NaN;
    const byHand = medians.get('by hand') ?? Number.NaN;
    return {
      results: {
        maps: Object.fromEntries(medians),
        rounds: Object.fromEntries(rates),
        engineToInterpreter: (medians.get('engine, one expression') ?? 0) / interpreter,
        engineToByHand: (medians.get('engine, one expression') ?? 0) / byHand,
      },
      table: [
        ['', 'maps/s', 'µs a map', 'of the interpreter', 'of by hand'],
        ...[...medians].map(([name, rate]) => [
          name,
          String(Math.round(rate)),
          (1e6 / rate).toFixed(rate > 1e5 ? 3 : 1),
          `${(rate / interpreter).toFixed(1)} x`,
          (rate / byHand).toFixed(3),
        ]),
      ],
    };
  },
};

async function makeSubjects(): Promise<readonly Subject[]> {
  const template = await benchMap();
  const map = compileMap(template, DEFAULT_EXPRESSION_LIMITS);
  const at = { file: 'bench/mapping.ts', line: 1, column: 1 };
  const whole = compileExpression({ source: WHOLE, at }, DEFAULT_EXPRESSION_LIMITS);
  const interpreted = jsonata(WHOLE);
  return [
    { name: 'by hand', run: (order) => toSalesOrder(order as Order) },
    { name: 'engine, one expression', run: synchronous(whole) },
    { name: 'engine, the map of the file', run: synchronous(map) },
    // Its objects have no prototype and its lists have marks; the hub copied both away.
    {
      name: 'interpreter, one expression',
      run: async (order) => JSON.parse(JSON.stringify(await interpreted.evaluate(order))) as unknown,
    },
  ];
}

async function benchMap(): Promise<MapTemplate> {
  const root = fileURLToPath(new URL('./project', import.meta.url));
  const env = { BENCH_SHOP_SECRET: 'x'.repeat(20), BENCH_ERP_URL: 'http://127.0.0.1:9' };
  const { project, problems } = await loadProject({ root, connectors, env });
  const map = project?.mappings[0]?.targets[0]?.map;
  assert.ok(map !== undefined, problems.map(({ message }) => message).join('\n'));
  return map;
}

function synchronous({ evaluateSync }: Expression): (order: unknown) => unknown {
  assert.ok(evaluateSync !== undefined, 'the engine leaves the mapping to the interpreter');
  return (order) => evaluateSync(order);
}

/** Calls a second. A promise is waited for before the next call. */
async function measure(run: (order: unknown) => unknown, ms: number): Promise<number> {
  const orders = Array.from({ length: 64 }, (_, index) => makeOrder(String(index)));
  let calls = 0;
  const begun = performance.now();
  for (;;) {
    for (const order of orders) {
      const turn = run(order);
      if (turn instanceof Promise) await turn;
    }
    calls += orders.length;
    const passed = performance.now() - begun;
    if (passed > ms) return (calls / passed) * 1_000;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
