import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { mochaHooks } from '../test/support/hooks.ts';
import { servicesDown, servicesUp } from './services.ts';

/** Same as .mocharc.json, which is for running single files by hand. */
const OPTIONS: Mocha.MochaOptions = { forbidOnly: true, timeout: 60_000, slow: 1_000, rootHooks: mochaHooks };

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Every test, the real broker and database included. Arguments are globs for a part of them. The last line printed is
 * `N passed, N failed, N skipped`.
 */
async function main(patterns: readonly string[]): Promise<number> {
  process.chdir(ROOT);
  const stop = await provideServices();
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  try {
    const files = globSync(patterns.length > 0 ? [...patterns] : 'test/**/*.test.ts').sort();
    const { passes, failures, pending } = await runMocha(files);
    await stop();
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
    return failures > 0 || passes === 0 ? 1 : 0;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Sets the two variables that tests read. Resolves with how to end what had to be started. */
async function provideServices(): Promise<() => Promise<void>> {
  try {
    const services = await servicesUp();
    process.env.CROSSDOCK_AMQP_URL = services.amqpUrl;
    process.env.CROSSDOCK_DATABASE_URL = services.databaseUrl;
    return async () => {
      if (services.started) await servicesDown();
    };
  } catch (error) {
    if (process.env.CROSSDOCK_TEST_ALLOW_SKIP !== '1') throw error;
    process.stderr.write(`${(error as Error).message}\nTests that need them are skipped.\n`);
    return async () => {};
  }
}

async function runMocha(files: readonly string[]): Promise<Mocha.Stats> {
  const mocha = new Mocha(OPTIONS);
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return await new Promise((resolve) => {
    const runner = mocha.run(() => {
      if (runner.stats === undefined) throw new Error('mocha has no statistics');
      resolve(runner.stats);
    });
  });
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exit(1);
}
