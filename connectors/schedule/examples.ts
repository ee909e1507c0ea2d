import type { Example } from '../../core/sdk.ts';

/** An entry of connections.yaml and the head of a mapping, for the reference page. */
export const examples: readonly Example[] = [
  {
    title: 'Connection: there is nothing to set',
    yaml: `clock:
  connector: schedule
`,
  },
  {
    title: 'Mapping: every working day at six in the morning',
    yaml: `from:
  connection: clock
  source: tick
  schedule: { cron: '0 6 * * 1-5', timezone: Europe/Berlin }
`,
  },
];
