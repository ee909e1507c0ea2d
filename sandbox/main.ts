import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    hub: { type: 'string' },
    ledger: { type: 'string' },
    traffic: { type: 'boolean' },
  },
});

const sandbox = await startSandbox({
  host: values.host,
  port: values.port === undefined ? undefined : Number(values.port),
  hubUrl: values.hub,
  ledgerDir: values.ledger,
  traffic: values.traffic,
});
process.stdout.write(`sandbox at ${sandbox.url}: /shop /crm /erp /pay /control\n`);

// A sandbox never outlives the hub that started it.
for (const end of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.once(end, () => void sandbox.close().then(() => process.exit(0)));
if (process.connected) process.send?.({ kind: 'listening', url: sandbox.url });
