/** What worker processes hold, so that it is not taken for lost. */
export const up: readonly string[] = [
  `create table holdings (
    route text not null,
    owner text not null,
    count integer not null,
    oldest_at timestamptz not null,
    seen_at timestamptz not null,
    primary key (route, owner)
  )`,
  `comment on table holdings is 'Deliveries that a worker process was handed and has not settled. It says so every few seconds; what was not said again for a while is true no longer.'`,
];

export const down: readonly string[] = ['drop table holdings'];
