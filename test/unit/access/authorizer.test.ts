import assert from 'node:assert/strict';
import {
  compileRoles,
  createAuthorizer,
  createToken,
  ensureAdminToken,
  listTokens,
  revokeToken,
} from '../../../core/access/index.ts';
import type { Authorizer } from '../../../core/access/index.ts';
import { listEvents } from '../../../core/audit/index.ts';
import { silentLogger } from '../../../core/log.ts';
import { ManualClock } from '../../support/clock.ts';
import { onEachStore } from '../../support/store.ts';

onEachStore('Tokens', (store) => {
  let clock: ManualClock;
  let authorizer: Authorizer;

  beforeEach(async () => {
    await store().db.raw('delete from tokens');
    await store().db.raw('delete from events');
    clock = new ManualClock(Date.parse('2026-01-01T12:00:00Z'));
    authorizer = createAuthorizer({ database: store(), roles: compileRoles({}), clock, log: silentLogger });
  });

  const issue = (expiresAt?: number) =>
    createToken(store().db, {
      name: 'ops',
      grants: [{ role: 'operator', domains: ['finance/*'] }],
      createdBy: 'admin',
      now: clock.now(),
      ...(expiresAt !== undefined && { expiresAt }),
    });

  it('identify their principal by the whole secret', async () => {
    const { token, id } = await issue();
    assert.match(token, /^cdk_[a-z0-9]{12}_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(await authorizer.identify(`Bearer ${token}`), {
      kind: 'token',
      id,
      name: 'ops',
      grants: [{ role: 'operator', domains: ['finance/*'] }],
    });
  });

  it('identify nobody when anything is missing or wrong', async () => {
    const { token, id } = await issue();
    const wrong = [
      undefined,
      '',
      token,
      `Basic ${token}`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      `Bearer cdk_${id}_${'A'.repeat(43)}`,
      `Bearer ${token}'--`,
      `Bearer cdk_aaaaaaaaaaaa_${'A'.repeat(43)}`,
    ];
    for (const header of wrong) assert.equal(await authorizer.identify(header), undefined, header);
  });

  it('are stored as a hash, and listed without it', async () => {
    const { token } = await issue();
    const { rows } = await store().db.raw<{ rows: object[] }>('select tokens::text as row from tokens');
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(token.slice(20)));
    assert.doesNotMatch(JSON.stringify(await listTokens(store().db)), /hash|cdk_/);
  });

  it('end within five seconds of being revoked', async () => {
    const { token, id } = await issue();
    assert.ok(await authorizer.identify(`Bearer ${token}`));
    await revokeToken(store().db, id, clock.now());
    await clock.advance(5_000);
    assert.equal(await authorizer.identify(`Bearer ${token}`), undefined);
  });

  it('end when they expire', async () => {
    const { token } = await issue(clock.now() + 60_000);
    assert.ok(await authorizer.identify(`Bearer ${token}`));
    await clock.advance(60_000);
    assert.equal(await authorizer.identify(`Bearer ${token}`), undefined);
  });

  it('remember when they were last used, to the minute', async () => {
    const { token } = await issue();
    const lastUsed = async () => (await listTokens(store().db))[0]?.lastUsedAt;
    assert.equal(await lastUsed(), undefined);
    await authorizer.identify(`Bearer ${token}`);
    assert.equal(await lastUsed(), '2026-01-01T12:00:00.000Z');
    await clock.advance(30_000);
    await authorizer.identify(`Bearer ${token}`);
    assert.equal(await lastUsed(), '2026-01-01T12:00:00.000Z');
    await clock.advance(30_000);
    await authorizer.identify(`Bearer ${token}`);
    assert.equal(await lastUsed(), '2026-01-01T12:01:00.000Z');
  });

  it('begin with one for the admin, once', async () => {
    const [first, second] = await Promise.all([
      ensureAdminToken(store().db, clock.now()),
      ensureAdminToken(store().db, clock.now()),
    ]);
    const token = first ?? second;
    assert.ok(token !== undefined && (first === undefined || second === undefined));
    const admin = await authorizer.identify(`Bearer ${token}`);
    assert.ok(admin && authorizer.permits(admin, 'tokens.create'));
    assert.equal(await ensureAdminToken(store().db, clock.now()), undefined);
  });

  it('begin anew when no admin is left', async () => {
    await ensureAdminToken(store().db, clock.now());
    for (const { id } of await listTokens(store().db)) await revokeToken(store().db, id, clock.now());
    assert.ok(await ensureAdminToken(store().db, clock.now()));
  });

  it('leave a trace of each refusal, but not of the same one again and again', async () => {
    const { token } = await issue();
    const principal = await authorizer.identify(`Bearer ${token}`);
    for (let i = 0; i < 3; i += 1) {
      await authorizer.refused(principal, 'tokens.create', 'POST /tokens');
      await authorizer.refused(undefined, 'failures.list');
    }
    const { items } = await listEvents(store().db, { types: ['denied'] });
    assert.deepEqual(items.map((event) => event.data).reverse(), [
      { by: 'ops', action: 'tokens.create', on: 'POST /tokens' },
      { by: 'nobody known', action: 'failures.list' },
    ]);
  });

  it('do not let a flood of refusals through to the audit log', async () => {
    for (let i = 0; i < 100; i += 1) await authorizer.refused(undefined, 'failures.list', `GET /${i}`);
    const count = async () => (await listEvents(store().db, { types: ['denied'], limit: 500 })).items.length;
    assert.equal(await count(), 60);
    await clock.advance(60_000);
    await authorizer.refused(undefined, 'failures.list', 'GET /0');
    assert.equal(await count(), 61);
  });
});
