import { connect } from 'amqplib';
import pg from 'pg';

/** Where one program under test keeps its data: made for one round, gone after it. */
export interface Place {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  /** Rows of a query on that database. */
  query<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]>;
  /** Removes the database and these queues. */
  remove(queues: readonly string[]): Promise<void>;
}

/** A database of its own on the server at `databaseUrl`. */
export async function makePlace(databaseUrl: string, amqpUrl: string, name: string): Promise<Place> {
  await onServer(databaseUrl, `drop database if exists ${name} with (force)`, `create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    amqpUrl,
    query: async (text) => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        return (await client.query(text)).rows as never;
      } finally {
        await client.end();
      }
    },
    remove: async (queues) => {
      await onServer(databaseUrl, `drop database if exists ${name} with (force)`);
      await deleteQueues(amqpUrl, queues);
    },
  };
}

/** So that no program pays for what the one before it wrote. */
export async function settleServer(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, 'checkpoint');
}

async function onServer(databaseUrl: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function deleteQueues(amqpUrl: string, queues: readonly string[]): Promise<void> {
  const broker = await connect(amqpUrl);
  try {
    const channel = await broker.createChannel();
    for (const queue of queues) await channel.deleteQueue(queue);
  } finally {
    await broker.close();
  }
}
