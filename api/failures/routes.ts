import { reaches } from '../../core/access/index.ts';
import type { DomainScope } from '../../core/access/index.ts';
import { appendEvents, createEvent } from '../../core/audit/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { BodyOf, Call, ResponseOf, Route } from '../../core/http/server/index.ts';
import { CrossdockError, ERRORS } from '../../core/model/errors.ts';
import type { Failure } from '../../core/model/failure.ts';
import {
  discardFailures as discard,
  editFailure as edit,
  getFailure as findFailure,
  groupFailures as readGroups,
  listFailures as readFailures,
  rescheduleFailures as reschedule,
  retryFailures as retry,
} from '../../core/recovery/index.ts';
import type { ActOptions, Selection } from '../../core/recovery/index.ts';
import type { ApiDeps } from '../deps.ts';
import { domainOf, domainsOf, notFound, withPeriod } from '../visibility.ts';
import {
  discardFailures,
  editFailure,
  getFailure,
  groupFailures,
  listFailures,
  rescheduleFailures,
  retryFailures,
} from './contract.ts';

type FailureView = ResponseOf<typeof listFailures>['items'][number];
type SelectionBody = BodyOf<typeof retryFailures>;

/** So that a request ends while its client still waits; it asks again for the rest. */
const DEFAULT_LIMIT = 500;

/** Failures: seen, grouped, and acted on. */
export function failureRoutes({ database, authorizer, clock, wakeRelay }: ApiDeps): readonly Route[] {
  const acting = { database, clock };
  const visible = async (id: string, scope: DomainScope): Promise<Failure> => {
    const failure = await findFailure(database.db, id);
    if (failure === undefined || !reaches(scope, domainOf(failure.route))) throw notFound(`failure ${id}`);
    return failure;
  };
  return [
    serve(listFailures, async ({ query, scope }) => {
      const page = await readFailures(database.db, { ...withPeriod(query), ...domainsOf(scope) });
      return { ...page, items: page.items.map(viewOf) };
    }),

    serve(groupFailures, async ({ query, scope }) => ({
      items: await readGroups(database.db, { ...withPeriod(query), ...domainsOf(scope) }),
    })),

    serve(getFailure, async ({ params, scope, principal }) => {
      const failure = await visible(params.id, scope);
      const { response, output, messageId, journeyId, route, code } = failure;
      const view = { ...viewOf(failure), help: ERRORS[code].help };
      const carries = response !== undefined || output !== undefined;
      if (!carries || !authorizer.permits(principal, 'messages.read-payload', domainOf(route))) return view;
      const data = { by: principal.name, message: messageId };
      await appendEvents(database.db, [
        createEvent('payload_read', data, { journeyId, messageId, route }, clock),
      ]);
      return {
        ...view,
        ...(response !== undefined && { response }),
        ...(output !== undefined && { output }),
      };
    }),

    serve(retryFailures, async (call) => {
      const progress = await retry(acting, selectionOf(call), actOf(call), optionsOf(call));
      if (progress.done > 0) wakeRelay();
      return progress;
    }),

    serve(rescheduleFailures, async (call) =>
      reschedule(
        acting,
        selectionOf(call),
        { ...actOf(call), due: Date.parse(call.body.dueAt) },
        optionsOf(call),
      ),
    ),

    serve(discardFailures, async (call) => discard(acting, selectionOf(call), actOf(call), optionsOf(call))),

    serve(editFailure, async (call) => {
      const { id } = call.params;
      await edit(acting, { id, ...domainsOf(call.scope) }, payloadOf(call.body), actOf(call));
      return viewOf(await visible(id, call.scope));
    }),
  ];
}

/** What lists show: all but what a payload may shine through. */
function viewOf({ response: _response, output: _output, ...failure }: Failure): FailureView {
  return failure;
}

function selectionOf({ body: { ids, filter }, scope }: Call<unknown, unknown, SelectionBody>): Selection {
  if ((ids === undefined) === (filter === undefined))
    throw new CrossdockError('REQUEST_INVALID', 'Say which failures: either `ids` or `filter`.', {
      path: 'ids',
    });
  return ids === undefined
    ? { filter: { ...withPeriod(filter ?? {}), ...domainsOf(scope) } }
    : { ids, ...domainsOf(scope) };
}

function actOf({ principal, body: { why } }: Call<unknown, unknown, { readonly why?: string }>) {
  return { by: principal.name, ...(why !== undefined && { why }) };
}

function optionsOf({ body, signal }: Call<unknown, unknown, SelectionBody>): ActOptions {
  return { dryRun: body.dryRun ?? false, limit: body.limit ?? DEFAULT_LIMIT, signal };
}

function payloadOf(edited: BodyOf<typeof editFailure>): Buffer {
  const { body, payload } = edited;
  if ('body' in edited === (payload !== undefined))
    throw new CrossdockError('REQUEST_INVALID', 'Give the new content: either `body` or `payload`.', {
      path: 'body',
    });
  return Buffer.from(payload ?? JSON.stringify(body), 'utf8');
}
