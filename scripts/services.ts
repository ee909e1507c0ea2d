import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeDown, composeUp, dockerAnswers } from './services/compose.ts';
import { canInstall, installPackages, missingPackages } from './services/debian.ts';
import { answersPostgres, createPostgresServer, stopPostgresServer } from './services/postgres-server.ts';
import { answersAmqp, createRabbitServer, stopRabbitServer } from './services/rabbitmq-server.ts';
import { exclusively, readStarted, type Started, writeStarted } from './services/state.ts';

/** Where RabbitMQ and Postgres are, and whether this call started one of them. */
export interface Services {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly started: boolean;
}

const DEFAULT_AMQP_URL = 'amqp://guest:guest@127.0.0.1:5672';
const DEFAULT_DATABASE_URL = 'postgres://postgres:postgres@127.0.0.1:5432/postgres';

const USAGE = `Usage: node scripts/services.ts up|down|status|env
  up      finds RabbitMQ and Postgres, or starts them for development and tests; prints their URLs
  down    ends what "up" started and removes its data
  status  says what is there
  env     prints the URLs as shell commands: eval "$(node scripts/services.ts env)"`;

/**
 * Finds both services by CROSSDOCK_AMQP_URL and CROSSDOCK_DATABASE_URL, as started earlier, or at their default ports.
 * What is not found is started: by Docker Compose where an engine answers, else from Debian's packages. Throws an
 * error that says what to do where neither can be done.
 */
export async function servicesUp(): Promise<Services> {
  return await exclusively(async () => {
    const before = await findServices();
    if (before.amqpUrl !== undefined && before.databaseUrl !== undefined)
      return { amqpUrl: before.amqpUrl, databaseUrl: before.databaseUrl, started: false };
    await start(before);
    const after = await findServices();
    if (after.amqpUrl === undefined || after.databaseUrl === undefined)
      throw new Error('RabbitMQ and Postgres were started, but do not answer');
    return { amqpUrl: after.amqpUrl, databaseUrl: after.databaseUrl, started: true };
  });
}

/** Ends what `servicesUp` started, by process id, and removes its data. Says what it ended. */
export async function servicesDown(): Promise<readonly string[]> {
  return await exclusively(async () => {
    const { rabbit, postgres, compose } = await readStarted();
    const ended: string[] = [];
    if (rabbit !== undefined) {
      await stopRabbitServer(rabbit, 'SIGTERM');
      await rm(rabbit.folder, { recursive: true, force: true });
      ended.push('RabbitMQ');
    }
    if (postgres !== undefined) {
      await stopPostgresServer(postgres, 'SIGINT');
      await rm(postgres.folder, { recursive: true, force: true });
      ended.push('Postgres');
    }
    if (compose !== undefined) {
      await composeDown();
      ended.push('the containers');
    }
    await writeStarted({});
    return ended;
  });
}

interface Found {
  readonly amqpUrl: string | undefined;
  readonly databaseUrl: string | undefined;
}

/** An address that was given must work: to look elsewhere then would test the wrong thing. */
async function findServices(): Promise<Found> {
  const { rabbit, postgres, compose } = await readStarted();
  const given = { amqp: process.env.CROSSDOCK_AMQP_URL, database: process.env.CROSSDOCK_DATABASE_URL };
  if (given.amqp && !(await answersAmqp(given.amqp)))
    throw new Error('nobody answers at CROSSDOCK_AMQP_URL, or not to these credentials');
  if (given.database && !(await answersPostgres(given.database)))
    throw new Error('nobody answers at CROSSDOCK_DATABASE_URL, or not to these credentials');
  const [amqpUrl, databaseUrl] = await Promise.all([
    given.amqp || firstOf([rabbit?.url, compose?.amqpUrl, DEFAULT_AMQP_URL], answersAmqp),
    given.database || firstOf([postgres?.url, compose?.databaseUrl, DEFAULT_DATABASE_URL], answersPostgres),
  ]);
  return { amqpUrl, databaseUrl };
}

async function firstOf(
  urls: readonly (string | undefined)[],
  answers: (url: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const url of urls) if (url !== undefined && (await answers(url))) return url;
  return undefined;
}

async function start(found: Found): Promise<void> {
  if (await dockerAnswers()) {
    await writeStarted({ ...(await readStarted()), compose: await composeUp() });
    return;
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    if (!canInstall()) throw new Error(adviceWithout(missing));
    process.stderr.write(`installing ${missing.join(' and ')} ...\n`);
    await installPackages(missing);
  }
  // One after the other, each written down at once: what was started must be known, even if the next one fails.
  const started: { -readonly [K in keyof Started]: Started[K] } = { ...(await readStarted()) };
  if (found.databaseUrl === undefined) {
    started.postgres = await createPostgresServer(await mkdtemp(join(tmpdir(), 'crossdock-postgres-')));
    await writeStarted(started);
  }
  if (found.amqpUrl === undefined) {
    started.rabbit = await createRabbitServer(await mkdtemp(join(tmpdir(), 'crossdock-rabbitmq-')));
    await writeStarted(started);
  }
}

function adviceWithout(missing: readonly string[]): string {
  return [
    'RabbitMQ and Postgres are needed, were not found, and can not be started here. Do one of these:',
    '- set CROSSDOCK_AMQP_URL and CROSSDOCK_DATABASE_URL to servers for testing',
    '- start Docker',
    `- on Debian or Ubuntu, as root: apt-get install ${missing.join(' ')}`,
  ].join('\n');
}

async function main(command: string | undefined): Promise<void> {
  switch (command) {
    case 'up': {
      const { amqpUrl, databaseUrl } = await servicesUp();
      process.stdout.write(`CROSSDOCK_AMQP_URL=${amqpUrl}\nCROSSDOCK_DATABASE_URL=${databaseUrl}\n`);
      return;
    }
    case 'down': {
      const ended = await servicesDown();
      process.stdout.write(
        ended.length === 0 ? 'nothing of ours was running\n' : `ended ${ended.join(' and ')}\n`,
      );
      return;
    }
    case 'status':
    case 'env': {
      const { amqpUrl, databaseUrl } = await findServices();
      if (command === 'env') {
        if (amqpUrl !== undefined) process.stdout.write(`export CROSSDOCK_AMQP_URL='${amqpUrl}'\n`);
        if (databaseUrl !== undefined)
          process.stdout.write(`export CROSSDOCK_DATABASE_URL='${databaseUrl}'\n`);
      } else {
        process.stdout.write(
          `RabbitMQ: ${amqpUrl ?? 'not found'}\nPostgres: ${databaseUrl ?? 'not found'}\n`,
        );
      }
      process.exitCode = amqpUrl !== undefined && databaseUrl !== undefined ? 0 : 1;
      return;
    }
    default:
      process.stderr.write(`${USAGE}\n`);
      process.exitCode = 2;
  }
}

if (import.meta.main) {
  try {
    await main(process.argv[2]);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
