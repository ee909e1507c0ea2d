import assert from 'node:assert/strict';
import { endpoints } from '../../../api/index.ts';
import { compileRoles, createAuthorizer, createToken } from '../../../core/access/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { apiRouter, createServer, serve } from '../../../core/http/server/index.ts';
import { schemaRegistry } from '../../../core/language/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { onEachStore } from '../../support/store.ts';
import { ADMIN } from './served-api.ts';

onEachStore('An answer that does not fit its schema', (store) => {
  it('is withheld', async () => {
    const roles = compileRoles({});
    const { token } = await createToken(store().db, {
      name: 'admin',
      grants: [ADMIN],
      createdBy: 'test',
      now: systemClock.now(),
    });
    const server = createServer({ log: silentLogger, clock: systemClock });
    server.mount(
      '/',
      apiRouter({
        // The types would not let it pass, but rows of the database are not seen by types.
        routes: [
          serve(endpoints.listTokens, () =>
            Promise.resolve({ items: [], hash: 'must not get out' } as never),
          ),
        ],
        authorizer: createAuthorizer({ database: store(), roles, clock: systemClock, log: silentLogger }),
        compile: (schema) => schemaRegistry(new Map()).compile(schema),
        log: silentLogger,
      }),
    );
    const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/tokens`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /must not get out/);
    await server.close(1_000);
  });
});
