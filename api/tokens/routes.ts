import {
  createToken as makeToken,
  findToken,
  listTokens as readTokens,
  mayGrant,
  revokeToken as endToken,
} from '../../core/access/index.ts';
import { appendEvents, createEvent } from '../../core/audit/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound } from '../visibility.ts';
import { createToken, listTokens, revokeToken } from './contract.ts';

/** Tokens: the API's principals. */
export function tokenRoutes({ database, authorizer, clock }: ApiDeps): readonly Route[] {
  return [
    serve(listTokens, async () => ({ items: await readTokens(database.db) })),

    serve(createToken, async ({ body, principal }) => {
      const { name, grants, why } = body;
      const now = clock.now();
      const expiresAt = body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt);
      if (expiresAt !== undefined && expiresAt <= now) throw invalid('/expiresAt', 'must be in the future');
      grants.forEach((grant, index) => {
        if (!authorizer.roles.has(grant.role))
          throw invalid(`/grants/${index}/role`, `must be one of ${[...authorizer.roles.keys()].join(', ')}`);
        if (!mayGrant(authorizer.roles, principal, grant))
          throw new CrossdockError('FORBIDDEN', `You can not grant ${grant.role}: it may do more than you.`, {
            details: { action: 'tokens.create' },
          });
      });
      return database.transaction(async (db) => {
        // The audit log knows principals by their names: two of one name at a time could not be told apart.
        const others = await readTokens(db);
        if (others.some((other) => other.name === name && isAlive(other, now)))
          throw new CrossdockError('CONFLICT', `There is a token called "${name}" already; revoke it first.`);
        const token = await makeToken(db, {
          name,
          grants,
          createdBy: principal.name,
          now,
          ...(expiresAt !== undefined && { expiresAt }),
        });
        const data = { by: principal.name, token: token.id, grants, ...(why !== undefined && { why }) };
        await appendEvents(db, [createEvent('token_created', data, {}, clock)]);
        return token;
      });
    }),

    serve(revokeToken, async ({ params: { id }, query: { why }, principal }) =>
      database.transaction(async (db) => {
        const before = await findToken(db, id);
        const token = before && (await endToken(db, id, clock.now()));
        if (before === undefined || token === undefined) throw notFound(`token ${id}`);
        const data = { by: principal.name, token: id, ...(why !== undefined && { why }) };
        if (before.revokedAt === undefined)
          await appendEvents(db, [createEvent('token_revoked', data, {}, clock)]);
        return token;
      }),
    ),
  ];
}

function isAlive(token: { readonly revokedAt?: string; readonly expiresAt?: string }, now: number): boolean {
  return (
    token.revokedAt === undefined && (token.expiresAt === undefined || Date.parse(token.expiresAt) > now)
  );
}

function invalid(path: string, message: string): CrossdockError {
  return new CrossdockError('REQUEST_INVALID', 'The body is not what this endpoint takes.', {
    details: { errors: [{ in: 'body', path, message }] },
  });
}
