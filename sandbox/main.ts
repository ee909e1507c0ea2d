import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '7401' },
    hub: { type: 'string', default: 'http://127.0.0.1:7400' },
    ledger: { type: 'string' },
    drop: { type: 'string', default: '.crossdock/drop/stock' },
    seed: { type: 'string', default: '1' },
    traffic: { type: 'boolean', default: false },
  },
});

const sandbox = await startSandbox({
  host: values.host,
  port: Number(values.port),
  hubUrl: values.hub,
  ledgerDir: values.ledger,
  dropDir: values.drop,
  seed: Number(values.seed),
  traffic: values.traffic,
});
process.stdout.write(`sandbox at ${sandbox.url}: /shop /crm /erp /pay /control\n`);

// A sandbox never outlives the hub that started it.
for (const end of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.once(end, () => void sandbox.close().then(() => process.exit(0)));
if (process.connected) process.send?.({ kind: 'listening', url: sandbox.url });
