import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { mustRun, run } from './processes.ts';

const FILE = fileURLToPath(new URL('compose.yaml', import.meta.url));

export interface ComposeServices {
  readonly kind: 'compose';
  readonly amqpUrl: string;
  readonly databaseUrl: string;
}

/** Whether a Docker engine answers, not only its client. */
export async function dockerAnswers(): Promise<boolean> {
  const { code } = await run('docker', ['compose', 'version']);
  return code === 0 && (await run('docker', ['info'], { timeout: 10_000 })).code === 0;
}

export async function composeUp(): Promise<ComposeServices> {
  const password = randomBytes(18).toString('base64url');
  const env = { ...process.env, CROSSDOCK_SERVICES_PASSWORD: password };
  await mustRun('docker', ['compose', '-f', FILE, 'up', '-d', '--wait'], { env });
  const address = async (service: string, port: string): Promise<string> =>
    (await mustRun('docker', ['compose', '-f', FILE, 'port', service, port], { env })).trim();
  return {
    kind: 'compose',
    amqpUrl: `amqp://crossdock:${password}@${await address('rabbitmq', '5672')}`,
    databaseUrl: `postgres://crossdock:${password}@${await address('postgres', '5432')}/crossdock`,
  };
}

/** Ends the containers and removes their data. */
export async function composeDown(): Promise<void> {
  const env = { ...process.env, CROSSDOCK_SERVICES_PASSWORD: 'unused' };
  await mustRun('docker', ['compose', '-f', FILE, 'down', '--volumes'], { env });
}
