import pg from 'pg';

/** A stored order on its way to the broker. */
export interface Outgoing {
  readonly outboxId: string;
  readonly messageId: string;
  readonly payload: Buffer;
  /** It was in somebody's hands before: another copy may exist. */
  readonly repeat: boolean;
}

export interface Incoming {
  readonly id: string;
  readonly key: string;
  readonly customer: string;
  readonly payload: Buffer;
}

export interface Outcome {
  readonly messageId: string;
  readonly attempt: number;
  readonly ms: number;
  /** Undefined for a delivered one. */
  readonly error?: string;
}

const SCHEMA = `
create table if not exists messages (
  id uuid primary key, key text not null unique, customer text not null, payload bytea not null,
  accepted_at timestamptz not null default now());
create index if not exists messages_customer on messages (customer);
create table if not exists outbox (
  id bigint generated always as identity primary key, message_id uuid not null,
  claimed_until timestamptz not null default '-infinity');
create table if not exists outcomes (
  message_id uuid primary key, attempt integer not null, ms integer not null, at timestamptz not null default now());
create table if not exists failures (
  message_id uuid primary key, attempts integer not null, error text not null, due_at timestamptz);
alter table messages alter column payload set storage external;
`;

/** All SQL of the floor program. */
export class Store {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 10, options: '-c jit=off' });
    this.#pool.on('error', () => {});
  }

  async migrate(): Promise<void> {
    await this.#pool.query(SCHEMA);
  }

  /** Message, de-duplication key and outbox row (claimed, if asked for) in one statement. Undefined for each that was there before. */
  async accept(incoming: readonly Incoming[], claim: boolean): Promise<readonly (string | undefined)[]> {
    const { rows } = await this.#pool.query<{ id: string; message_id: string }>({
      name: 'accept',
      text: `with fresh as (
          insert into messages (id, key, customer, payload)
          select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) on conflict (key) do nothing
          returning id)
        insert into outbox (message_id, claimed_until) select id, case when $5 then now() + interval '30 s' else '-infinity' end from fresh
        returning id, message_id`,
      values: [
        incoming.map(({ id }) => id),
        incoming.map(({ key }) => key),
        incoming.map(({ customer }) => customer),
        incoming.map(({ payload }) => payload),
        claim,
      ],
    });
    const outboxIds = new Map(rows.map((row) => [row.message_id, row.id]));
    return incoming.map(({ id }) => outboxIds.get(id));
  }

  async firstId(key: string): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ id: string }>('select id from messages where key = $1', [key]);
    return rows[0]?.id;
  }

  async claim(limit: number): Promise<readonly Outgoing[]> {
    const { rows } = await this.#pool.query<{
      id: string;
      message_id: string;
      payload: Buffer;
      repeat: boolean;
    }>({
      name: 'claim',
      text: `with free as (
          select id, claimed_until from outbox where claimed_until < now() order by id limit $1 for update skip locked),
        claimed as (
          update outbox o set claimed_until = now() + interval '30 s' from free where o.id = free.id
          returning o.id, o.message_id, free.claimed_until > '-infinity' as repeat)
        select c.id, c.message_id, c.repeat, m.payload from claimed c join messages m on m.id = c.message_id order by c.id`,
      values: [limit],
    });
    return rows.map((row) => ({
      outboxId: row.id,
      messageId: row.message_id,
      payload: row.payload,
      repeat: row.repeat,
    }));
  }

  async sent(outboxIds: readonly string[]): Promise<void> {
    await this.#pool.query({
      name: 'sent',
      text: 'delete from outbox where id = any($1::bigint[])',
      values: [outboxIds],
    });
  }

  /** Those that the broker did not take. Who may have been taken stays claimed and comes again as a repeat. */
  async release(outboxIds: readonly string[]): Promise<void> {
    await this.#pool.query(`update outbox set claimed_until = '-infinity' where id = any($1::bigint[])`, [
      outboxIds,
    ]);
  }

  async isSettled(messageId: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query('select 1 from outcomes where message_id = $1', [messageId]);
    return rowCount === 1;
  }

  async settle(outcomes: readonly Outcome[]): Promise<void> {
    const delivered = outcomes.filter(({ error }) => error === undefined);
    const failed = outcomes.filter(({ error }) => error !== undefined);
    if (delivered.length > 0)
      await this.#pool.query({
        name: 'settle',
        text: `insert into outcomes (message_id, attempt, ms)
          select * from unnest($1::uuid[], $2::int[], $3::int[]) on conflict do nothing`,
        values: [
          delivered.map(({ messageId }) => messageId),
          delivered.map(({ attempt }) => attempt),
          delivered.map(({ ms }) => Math.round(ms)),
        ],
      });
    if (failed.length > 0)
      await this.#pool.query(
        `insert into failures (message_id, attempts, error, due_at)
         select id, attempt, error, now() + interval '10 s' from unnest($1::uuid[], $2::int[], $3::text[]) as f(id, attempt, error)
         on conflict (message_id) do update set attempts = failures.attempts + 1, error = excluded.error, due_at = excluded.due_at`,
        [failed.map((it) => it.messageId), failed.map((it) => it.attempt), failed.map((it) => it.error)],
      );
  }

  /** Failures whose time has come go out again. */
  async retryDue(): Promise<void> {
    await this.#pool.query(
      `with due as (update failures set due_at = null where due_at < now() and attempts < 6 returning message_id)
       insert into outbox (message_id, claimed_until) select message_id, 'epoch' from due`,
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
