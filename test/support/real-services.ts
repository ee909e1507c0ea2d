/** The real broker and database of this test run; undefined where there are none (scripts/test.ts sees to them). */
export function realServices(): { readonly databaseUrl: string; readonly amqpUrl: string } | undefined {
  const databaseUrl = process.env['CROSSDOCK_DATABASE_URL'];
  const amqpUrl = process.env['CROSSDOCK_AMQP_URL'];
  return databaseUrl === undefined || amqpUrl === undefined ? undefined : { databaseUrl, amqpUrl };
}

/** What chance is made of: FAULT_SEED repeats the moments of an earlier run. */
export function chosenSeed(): number {
  return Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1e9));
}
