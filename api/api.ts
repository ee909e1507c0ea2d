import { apiRouter } from '../core/http/server/index.ts';
import type { Handler, Route } from '../core/http/server/index.ts';
import { schemaRegistry } from '../core/language/index.ts';
import { auditRoutes } from './audit/routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import type { ApiDeps } from './deps.ts';
import { failureRoutes } from './failures/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { journeyRoutes } from './journeys/routes.ts';
import { mappingRoutes } from './mappings/routes.ts';
import { messageRoutes } from './messages/routes.ts';
import { reconcileRoutes } from './reconcile/routes.ts';
import { selfRoutes } from './self/routes.ts';
import { tokenRoutes } from './tokens/routes.ts';

/** The admin API, to be mounted at API_PREFIX. Nothing of it is open: each endpoint asks for its action. */
export function createApi(deps: ApiDeps): Handler {
  const schemas = schemaRegistry(new Map());
  return apiRouter({
    routes: apiRoutes(deps),
    authorizer: deps.authorizer,
    compile: (schema) => schemas.compile(schema),
    log: deps.log,
  });
}

/** Every endpoint of the contract with what it does. */
function apiRoutes(deps: ApiDeps): readonly Route[] {
  return [
    ...selfRoutes(deps),
    ...messageRoutes(deps),
    ...journeyRoutes(deps),
    ...failureRoutes(deps),
    ...mappingRoutes(deps),
    ...connectionRoutes(deps),
    ...tokenRoutes(deps),
    ...auditRoutes(deps),
    ...reconcileRoutes(deps),
    ...healthRoutes(deps),
  ];
}
