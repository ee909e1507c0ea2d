import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { withPeriod } from '../visibility.ts';
import { getReconciliation, redrive } from './contract.ts';

/** The books of the whole hub. */
export function reconcileRoutes({ reconciler, log }: ApiDeps): readonly Route[] {
  return [
    serve(getReconciliation, async ({ query }) => reconciler.report(withPeriod(query))),

    serve(redrive, async ({ body: { route, overdueAfter, dryRun = false, why }, principal }) => {
      if (!dryRun) log.info('a redrive was asked for', { by: principal.name, why, route, overdueAfter });
      return reconciler.redrive({
        reason: 'missing',
        by: principal.name,
        dryRun,
        ...(route !== undefined && { route }),
        ...(overdueAfter !== undefined && { olderThan: overdueAfter }),
      });
    }),
  ];
}
