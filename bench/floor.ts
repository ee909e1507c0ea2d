import { parseArgs } from 'node:util';
import { connectBroker, declareQueue, Relay } from './floor/broker.ts';
import { consume } from './floor/consumer.ts';
import { serveIntake } from './floor/intake.ts';
import { Store } from './floor/store.ts';

/**
 * What one would write by hand for this one integration, with the hub's guarantees and none of its generality: the
 * floor that the hub's speed is compared with. `--roles intake`, `--roles worker` or both.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      roles: { type: 'string', default: 'intake,worker' },
      port: { type: 'string', default: '7400' },
      'max-length': { type: 'string', default: '10000' },
    },
  });
  const store = new Store(required('CROSSDOCK_DATABASE_URL'));
  await store.migrate();
  const amqpUrl = required('CROSSDOCK_AMQP_URL');
  const [publishing, consuming] = await Promise.all([connectBroker(amqpUrl), connectBroker(amqpUrl)]);
  for (const connection of [publishing, consuming]) connection.on('error', () => {});
  await declareQueue(publishing, Number(values['max-length']));
  const relay = await Relay.open(store, publishing);
  const retries = setInterval(() => void store.retryDue().catch(() => {}), 1_000);
  const roles = values.roles.split(',');
  const server = roles.includes('intake')
    ? await serveIntake(Number(values.port), required('BENCH_SHOP_SECRET'), store, relay)
    : undefined;
  const stopConsumer = roles.includes('worker')
    ? await consume(consuming, store, required('BENCH_ERP_URL'))
    : undefined;
  process.once('SIGTERM', () => {
    void (async () => {
      server?.close();
      clearInterval(retries);
      await stopConsumer?.();
      await relay.stop();
      await Promise.allSettled([publishing.close(), consuming.close()]);
      await store.close();
      process.exit(0);
    })();
  });
}

/** Settings by the names that the hub reads, so that both are started alike. */
function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

await main();
