import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { withPeriod } from '../visibility.ts';
import { getReconciliation, redrive } from './contract.ts';

/** The books of the whole hub. */
export function reconcileRoutes({ reconciler }: ApiDeps): readonly Route[] {
  return [
    serve(getReconciliation, async ({ query }) => reconciler.report(withPeriod(query))),

    serve(redrive, async ({ body: { overdueAfter, ...rest }, principal }) =>
      reconciler.redrive({
        ...rest,
        reason: 'missing',
        by: principal.name,
        ...(overdueAfter !== undefined && { olderThan: overdueAfter }),
      }),
    ),
  ];
}
