import assert from 'node:assert/strict';
import { rest } from '../../../connectors/rest/index.ts';
import type { Page } from '../../../core/sdk.ts';
import { ManualClock } from '../../support/clock.ts';
import { openConnection } from '../../support/connection.ts';

export const API = 'https://crm.example.com';

/** Settings of a source with a cursor. */
export const changes = {
  query: { since: '{cursor}', limit: 2 },
  records: 'data.items',
  key: 'id',
  cursor: { field: 'updatedAt' },
};

/** The mark of a record. */
export const at = (n: number): string => `2026-01-01T00:00:0${n}Z`;
export const record = (id: number): { id: number; updatedAt: string } => ({ id, updatedAt: at(id) });

/** The ids of the records, page by page. */
export const idsOf = (pages: readonly Page[]): unknown[] =>
  pages.map(({ records }) => records.map(({ body }) => (body as { id: number }).id));

export interface PullOptions {
  /** More settings of the connection. */
  readonly settings?: object;
  readonly signal?: AbortSignal;
  /** Takes the pages, also those before an error. */
  readonly pages?: Page[];
}

/** One run of the source `/customers` of a connection to `API`/v2. Throws what the source throws. */
export async function pull(
  source: object,
  cursor?: unknown,
  { settings = {}, signal = new AbortController().signal, pages = [] }: PullOptions = {},
): Promise<Page[]> {
  const connection = await openConnection(
    rest,
    { base_url: `${API}/v2`, sources: { it: { path: '/customers', ...source } }, ...settings },
    { clock: new ManualClock() },
  );
  try {
    const puller = connection.pull?.('it', {});
    assert.ok(puller);
    for await (const page of puller(cursor, signal, 0)) pages.push(page);
    return pages;
  } finally {
    await connection.close();
  }
}
