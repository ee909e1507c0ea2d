import type { Session } from '../session.ts';
import type { Greeting } from './amqp-handshake.ts';
import { greetBroker } from './amqp-handshake.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const finding = findingsOf('broker');

/** The RabbitMQ that CROSSDOCK_AMQP_URL names: is it there, is it new enough, does it let us in? */
export async function examineBroker({ environment }: Session): Promise<readonly Finding[]> {
  const { CROSSDOCK_AMQP_URL: url, CROSSDOCK_DATABASE_URL: databaseUrl } = environment;
  if (url === undefined) {
    return databaseUrl === undefined
      ? [finding.info('CROSSDOCK_AMQP_URL is not set: the in-memory transport is used')]
      : [finding.fail('CROSSDOCK_AMQP_URL is not set', 'a hub on Postgres needs RabbitMQ too')];
  }
  const place = new URL(url).host;
  let greeting: Greeting;
  try {
    greeting = await greetBroker(new URL(url));
  } catch (error) {
    return [
      finding.fail(
        `${place}: ${(error as Error).message}`,
        'check CROSSDOCK_AMQP_URL and the server behind it',
      ),
    ];
  }
  const { refusal } = greeting;
  const fix = 'check user, password and virtual host of CROSSDOCK_AMQP_URL';
  return [
    judge(greeting, place),
    ...(refusal === undefined ? [] : [finding.fail(`it does not let us in: ${refusal}`, fix)]),
  ];
}

function judge({ product, version }: Greeting, place: string): Finding {
  const detail = `${product} ${version} at ${place}`;
  if (product !== 'RabbitMQ')
    return finding.warn(detail, 'only RabbitMQ is known to have the queues that a hub needs (quorum queues)');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < 10)
    ? finding.fail(detail, 'use RabbitMQ 3.10 or newer')
    : finding.ok(detail);
}
