import assert from 'node:assert/strict';
import { ACTIONS, compileRoles, mayGrant, reaches, scopeOf } from '../../../core/access/index.ts';
import type { Action, Grant, Principal } from '../../../core/access/index.ts';

const roles = compileRoles({
  support: ['failures.list', 'failures.retry'],
  issuer: ['tokens.*', 'messages.list'],
});
const who = (...grants: Grant[]): Principal => ({ kind: 'token', id: 'a', name: 'a', grants });

describe('Roles', () => {
  it('grant an admin everything, everywhere', () => {
    const admin = who({ role: 'admin', domains: ['*'] });
    for (const action of Object.keys(ACTIONS) as Action[])
      assert.equal(scopeOf(roles, admin, action), 'all', action);
  });

  it('grant an action only on the domains of the grant', () => {
    const operator = who({ role: 'operator', domains: ['finance/*'] });
    const scope = scopeOf(roles, operator, 'failures.retry');
    assert.equal(reaches(scope, 'finance'), true);
    assert.equal(reaches(scope, 'sales'), false);
    assert.equal(reaches(scope, 'finance2'), false);
  });

  it('add up over grants', () => {
    const both = who({ role: 'viewer', domains: ['a/*'] }, { role: 'operator', domains: ['b/*'] });
    assert.deepEqual(scopeOf(roles, both, 'failures.list'), ['a', 'b']);
    assert.deepEqual(scopeOf(roles, both, 'failures.retry'), ['b']);
  });

  it('grant what concerns the whole hub only on all domains', () => {
    assert.deepEqual(scopeOf(roles, who({ role: 'admin', domains: ['finance/*'] }), 'tokens.create'), []);
    assert.equal(scopeOf(roles, who({ role: 'admin', domains: ['*'] }), 'tokens.create'), 'all');
  });

  it('do not let a viewer or an operator read payloads', () => {
    for (const role of ['viewer', 'operator', 'auditor'])
      assert.deepEqual(scopeOf(roles, who({ role, domains: ['*'] }), 'messages.read-payload'), []);
  });

  it('of the config are known, and nothing when they have gone', () => {
    assert.equal(scopeOf(roles, who({ role: 'support', domains: ['*'] }), 'failures.retry'), 'all');
    assert.deepEqual(
      scopeOf(compileRoles({}), who({ role: 'support', domains: ['*'] }), 'failures.retry'),
      [],
    );
  });

  it('let everybody see who they are', () => {
    assert.equal(scopeOf(roles, who(), 'self.read'), 'all');
  });

  it('with an unknown action, or with a built-in name, are refused', () => {
    assert.throws(() => compileRoles({ x: ['failures.lisst'] }), { code: 'CONFIG_INVALID', path: 'roles.x' });
    assert.throws(() => compileRoles({ x: ['nothing.*'] }), { code: 'CONFIG_INVALID' });
    assert.throws(() => compileRoles({ admin: [] }), { code: 'CONFIG_INVALID', path: 'roles.admin' });
  });
});

describe('Nobody grants more than they have', () => {
  const admin = who({ role: 'admin', domains: ['*'] });
  const issuer = who({ role: 'issuer', domains: ['*'] }, { role: 'operator', domains: ['finance/*'] });

  it('an admin may grant everything but unknown roles', () => {
    assert.equal(mayGrant(roles, admin, { role: 'admin', domains: ['*'] }), true);
    assert.equal(mayGrant(roles, admin, { role: 'nobody', domains: ['*'] }), false);
  });

  it('others may not grant what they may not do', () => {
    assert.equal(mayGrant(roles, issuer, { role: 'admin', domains: ['finance/*'] }), false);
    assert.equal(mayGrant(roles, issuer, { role: 'payload-reader', domains: ['finance/*'] }), false);
  });

  it('nor what they may do only elsewhere', () => {
    assert.equal(mayGrant(roles, issuer, { role: 'support', domains: ['finance/*'] }), true);
    assert.equal(mayGrant(roles, issuer, { role: 'support', domains: ['sales/*'] }), false);
    assert.equal(mayGrant(roles, issuer, { role: 'support', domains: ['*'] }), false);
  });
});
