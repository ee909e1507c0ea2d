import { listEvents as readEvents } from '../../core/audit/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { domainsOf, withPeriod } from '../visibility.ts';
import { listEvents } from './contract.ts';

/** The audit log. Events about the hub itself are for those who may read all of it. */
export function auditRoutes({ database }: ApiDeps): readonly Route[] {
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
  ];
}
