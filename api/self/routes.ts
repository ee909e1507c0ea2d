import { ACTIONS } from '../../core/access/index.ts';
import type { Action } from '../../core/access/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { openApi } from '../openapi.ts';
import { getOpenApi, whoami } from './contract.ts';

/** What every principal may know: who it is, and what the API offers. */
export function selfRoutes({ authorizer, hub }: ApiDeps): readonly Route[] {
  const document = openApi(hub.version);
  return [
    serve(whoami, async ({ principal }) => {
      const actions: Record<string, readonly string[]> = {};
      for (const action of Object.keys(ACTIONS) as Action[]) {
        const scope = authorizer.scope(principal, action);
        if (scope === 'all') actions[action] = ['*'];
        else if (scope.length > 0) actions[action] = scope.map((domain) => `${domain}/*`);
      }
      return Promise.resolve({ ...principal, actions });
    }),

    serve(getOpenApi, async () => Promise.resolve(document)),
  ];
}
