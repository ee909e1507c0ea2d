import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startHub } from '../../../cli/compose.ts';
import { connectors } from '../../../connectors/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { formatProblem, loadProject } from '../../../core/language/index.ts';
import { silentLogger } from '../../../core/log.ts';
import type { Connector } from '../../../core/sdk.ts';

/** Long enough for what is in hand beside it to be settled first. */
const FUSE_MS = 400;

/** A connector with the worst of defects: there are inputs that end the whole process. */
const fragile: Connector = {
  name: 'fragile',
  summary: 'Ends the process when it is given a poisonous message.',
  status: 'beta',
  config: { type: 'object', properties: {} },
  sources: {},
  actions: { take: { summary: 'Takes a message.', effect: 'idempotent' } },
  examples: [],
  open: () =>
    Promise.resolve({
      perform: async (_action, input) => {
        if (JSON.stringify(input).includes('poison')) {
          if (!JSON.stringify(input).includes('at once')) await delay(FUSE_MS);
          process.kill(process.pid, 'SIGKILL');
        }
        return {};
      },
      check: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
};

/** A hub with that connector: `crashing-hub.ts ROOT PORT [DATABASE_URL AMQP_URL]`; without them the embedded default. */
const [root = '', port = '', databaseUrl = '', amqpUrl = ''] = process.argv.slice(2);
const all = [...connectors, fragile];
const { project, problems } = await loadProject({ root, env: {}, connectors: all });
if (project === undefined) throw new Error(problems.map(formatProblem).join('\n'));
await startHub({
  project,
  connectors: all,
  roles: new Set(['intake', 'worker', 'scheduler', 'api']),
  listen: { host: '127.0.0.1', port: Number(port) },
  dataFolder: root,
  ...(databaseUrl === '' ? {} : { databaseUrl }),
  ...(amqpUrl === '' ? {} : { amqpUrl }),
  version: '0.0.0-test',
  clock: systemClock,
  log: silentLogger,
  keepAdminToken: (token) => writeFile(join(root, 'admin-token'), token),
});
