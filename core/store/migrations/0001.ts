/**
 * The first schema. Times are timestamptz, texts are text, ranges are half open. `messages`, `payloads` and `events`
 * are partitioned by day on a UUIDv7 (its first 48 bits are milliseconds), so that a primary key on the id alone is
 * possible and retention is the dropping of a partition. Ids of descendants carry the time of their first message, so
 * a whole journey lies in one partition of each table.
 */
export const up = [
  `create table messages (
    id uuid not null primary key,
    journey_id uuid not null,
    causation_id uuid,
    source text not null,
    type text not null,
    accepted_at timestamptz not null,
    key text,
    keys text[] not null,
    content_type text not null,
    headers jsonb not null,
    routes text[] not null,
    step integer not null default 0,
    revision text not null,
    size integer not null,
    sha256 bytea not null
  ) partition by range (id)`,
  `comment on table messages is 'Every accepted message; append-only. The row is the fact "accepted"; routes are the deliveries that must become final, and step is the one they begin with (more than 0 for what a split made).'`,
  `create index messages_keys on messages using gin (keys)`,
  `create index messages_descendants on messages (journey_id) where journey_id <> id`,

  `create table payloads (
    message_id uuid not null primary key,
    encoding text not null,
    bytes bytea not null
  ) partition by range (message_id)`,
  `alter table payloads alter column bytes set storage external`,
  `comment on table payloads is 'The bytes as they came, compressed as encoding says (identity, deflate). Shorter retention than messages.'`,

  `create table events (
    journey_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    message_id uuid,
    route text,
    type text not null,
    data jsonb not null,
    leaf bytea not null,
    block bigint not null,
    primary key (journey_id, id)
  ) partition by range (journey_id)`,
  `create index events_block on events (block)`,
  `create index events_acts on events (id) where type in ('discarded', 'retried', 'rescheduled', 'edited', 'redriven', 'connection_paused', 'connection_resumed', 'hub_started', 'hub_stopped', 'token_created', 'token_revoked', 'payload_read', 'denied')`,
  `comment on table events is 'The audit log; append-only, one type per fact. Events about no message are their own journey. leaf is the hash of the fact; block is the one it was written with.'`,

  `create table blocks (
    id bigserial primary key,
    chain integer not null,
    seq bigint not null,
    at timestamptz not null,
    day date not null,
    size integer not null,
    prev bytea not null,
    root bytea not null,
    hash bytea not null,
    unique (chain, seq)
  )`,
  `create index blocks_at on blocks using brin (at)`,
  `comment on table blocks is 'One row per batch of events, of one day''s partition; append-only. Each hash covers the one before it in its chain, so a change shows. Outlives its events. How it is computed: core/audit/seal.ts.'`,
  `create table chains (
    id serial primary key,
    seq bigint not null,
    hash bytea not null
  )`,
  `comment on table chains is 'The last block of each chain. Its lock is the right to append to the chain; there are as many as there were writers at a time.'`,

  `create table dedupe (
    source text not null,
    key text not null,
    message_id uuid not null,
    accepted_at timestamptz not null,
    primary key (source, key)
  )`,
  `create index dedupe_accepted_at on dedupe using brin (accepted_at)`,

  `create table outbox (
    id bigint generated always as identity primary key,
    route text not null,
    message_id uuid not null,
    attempts integer not null,
    step integer not null,
    repeat boolean not null,
    retried_at timestamptz,
    created_at timestamptz not null,
    claimed_until timestamptz not null default '-infinity'
  )`,
  `comment on table outbox is 'Deliveries that wait to be published; a row goes when the transport has confirmed it. claimed_until is the lease of the relay that has it in hand; once it was claimed, another copy may exist.'`,

  `create table failures (
    id uuid not null primary key,
    message_id uuid not null,
    journey_id uuid not null,
    route text not null,
    state text not null check (state in ('waiting', 'sent', 'in_doubt', 'dead')),
    code text not null,
    error text not null,
    path text,
    response text,
    output text,
    reason text,
    attempts integer not null,
    step integer not null,
    fingerprint text not null,
    first_failed_at timestamptz not null,
    last_failed_at timestamptz not null,
    due_at timestamptz,
    retried_at timestamptz,
    edited bytea,
    unique (message_id, route)
  )`,
  `create index failures_due on failures (due_at) where state = 'waiting'`,
  `create index failures_route on failures (route, state)`,
  `create index failures_fingerprint on failures (fingerprint)`,

  `create table cursors (
    mapping text not null primary key,
    cursor jsonb,
    updated_at timestamptz not null,
    last_run_at timestamptz,
    last_error text
  )`,
  `create table leases (
    name text not null primary key,
    owner text not null,
    epoch bigint not null,
    expires_at timestamptz not null
  )`,
  `create table fires (
    mapping text not null primary key,
    last_fire timestamptz not null
  )`,
  `create table tokens (
    id text not null primary key,
    name text not null,
    hash bytea not null,
    grants jsonb not null,
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  `create table revisions (
    hash text not null primary key,
    created_at timestamptz not null,
    files jsonb not null
  )`,
] as const;

/** In the order of dependence, for \`crossdock migrate --down\`. */
export const down = [
  'revisions',
  'tokens',
  'fires',
  'leases',
  'cursors',
  'failures',
  'outbox',
  'dedupe',
  'chains',
  'blocks',
  'events',
  'payloads',
  'messages',
].map((table) => `drop table ${table}`);
