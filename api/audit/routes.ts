import { listEvents as readEvents, verifyAudit as verify } from '../../core/audit/index.ts';
import type { Head } from '../../core/audit/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { domainsOf, withPeriod } from '../visibility.ts';
import { listEvents, verifyAudit } from './contract.ts';

/** The audit log. Events about the hub itself are for those who may read all of it. */
export function auditRoutes({ database, clock, project }: ApiDeps): readonly Route[] {
  return [
    serve(listEvents, async ({ query, scope }) => {
      const { type, ...filter } = withPeriod(query);
      const page = await readEvents(database.db, {
        ...filter,
        ...domainsOf(scope),
        ...(type !== undefined && { types: type }),
      });
      return { ...page, items: page.items.map((event) => ({ ...event, data: { ...event.data } })) };
    }),

    serve(verifyAudit, async ({ query }) => {
      const { head = [], ...page } = withPeriod(query);
      const keptSince = clock.now() - project.hub.retention.messages;
      return verify(database, { ...page, kept: head.map(headOf), keptSince });
    }),
  ];
}

function headOf(text: string): Head {
  const [chain, seq, hash = ''] = text.split(':');
  return { chain: Number(chain), seq: Number(seq), hash };
}
