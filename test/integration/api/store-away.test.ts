import assert from 'node:assert/strict';
import { endpoints } from '../../../api/index.ts';
import { compileRoles, createAuthorizer } from '../../../core/access/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { apiRouter, createServer, serve } from '../../../core/http/server/index.ts';
import type { Problem } from '../../../core/http/server/index.ts';
import { schemaRegistry } from '../../../core/language/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { connectPostgres } from '../../../core/store/index.ts';

describe('The API while its store is away', () => {
  it('says so with 503 and Retry-After, and nothing of where the store is', async () => {
    // Nothing listens at port 1.
    const database = connectPostgres({ url: 'postgres://user:secret@127.0.0.1:1/x', schema: 'x' });
    const server = createServer({ log: silentLogger, clock: systemClock });
    const roles = compileRoles({});
    server.mount(
      '/',
      apiRouter({
        routes: [serve(endpoints.listTokens, () => Promise.resolve({ items: [] }))],
        authorizer: createAuthorizer({ database, roles, clock: systemClock, log: silentLogger }),
        compile: (schema) => schemaRegistry(new Map()).compile(schema),
        log: silentLogger,
      }),
    );
    const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${url}/tokens`, {
      headers: { authorization: `Bearer cdk_aaaaaaaaaaaa_${'A'.repeat(43)}` },
    });
    const problem = (await response.json()) as Problem;
    assert.equal(response.status, 503);
    assert.equal(problem.code, 'STORE_UNAVAILABLE');
    assert.ok(response.headers.get('retry-after'));
    assert.doesNotMatch(JSON.stringify(problem), /127\.0\.0\.1|secret/);
    await server.close(1_000);
    await database.close();
  });
});
