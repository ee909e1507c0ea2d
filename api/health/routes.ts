import { outboxDepths } from '../../core/intake/index.ts';
import { readinessOf, serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import { routeName } from '../../core/model/mapping.ts';
import { failureTotals } from '../../core/recovery/index.ts';
import type { ApiDeps } from '../deps.ts';
import { getHealth } from './contract.ts';

/** The state of all parts, and what waits where. */
export function healthRoutes({ database, project, hub, parts, queued }: ApiDeps): readonly Route[] {
  return [
    serve(getHealth, async () => {
      const [states, depths, outbox, totals] = await Promise.all([
        parts(),
        queued(),
        outboxDepths(database.db),
        failureTotals(database.db),
      ]);
      const names = project.mappings.flatMap((mapping) =>
        mapping.targets.map((target) => routeName(mapping.name, target.name)),
      );
      // Routes that are no longer in the project may still have something that waits.
      const routes = new Set([...names, ...outbox.keys(), ...totals.map((total) => total.route)]);
      return {
        ...readinessOf(states),
        version: hub.version,
        revision: project.revision,
        startedAt: new Date(hub.startedAt).toISOString(),
        roles: hub.roles,
        parts: states,
        routes: [...routes].sort().map((name) => {
          const depth = depths?.get(name);
          const failures: Record<string, number> = {};
          for (const { route, state, count } of totals)
            if (route === name) failures[state] = (failures[state] ?? 0) + count;
          return {
            name,
            removed: !names.includes(name),
            ...(depth !== undefined && { queued: depth.atLeast }),
            outbox: outbox.get(name)?.count ?? 0,
            failures,
          };
        }),
      };
    }),
  ];
}
