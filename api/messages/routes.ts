import {
  appendEvents,
  createEvent,
  getMessage as findMessage,
  journey,
  readPayload,
} from '../../core/audit/index.ts';
import { listMessages as readMessages, searchMessages as findMessages } from '../../core/audit/index.ts';
import type { AcceptedMessage } from '../../core/audit/index.ts';
import { reaches } from '../../core/access/index.ts';
import type { DomainScope } from '../../core/access/index.ts';
import { serve } from '../../core/http/server/index.ts';
import { splitKey } from '../../core/model/business-keys.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import {
  domainOf,
  domainsOf,
  notFound,
  withPeriod,
  seesMessage,
  withoutForeignRoutes,
} from '../visibility.ts';
import { getMessage, getPayload, listMessages, searchMessages } from './contract.ts';

/** Messages: lists, search, one of them, and what it carries. */
export function messageRoutes({ database, clock }: ApiDeps): readonly Route[] {
  const visible = async (id: string, scope: DomainScope): Promise<AcceptedMessage> => {
    const message = await findMessage(database.db, id);
    if (message === undefined || !seesMessage(scope, message)) throw notFound(`message ${id}`);
    return message;
  };
  return [
    serve(listMessages, async ({ query, scope }) => {
      const page = await readMessages(database.db, { ...withPeriod(query), ...domainsOf(scope) });
      return { ...page, items: page.items.map((item) => withoutForeignRoutes(scope, item)) };
    }),

    serve(searchMessages, async ({ query, scope }) => {
      const { key, ...filter } = withPeriod(query);
      const [name, value] = splitKey(key);
      const page = await findMessages(database.db, {
        ...filter,
        ...domainsOf(scope),
        key: { name, value },
      });
      return { ...page, items: page.items.map((item) => withoutForeignRoutes(scope, item)) };
    }),

    serve(getMessage, async ({ params, scope }) => {
      const message = await visible(params.id, scope);
      const found = await journey(database.db, message.id);
      const deliveries = (found?.deliveries ?? []).filter(
        (delivery) => delivery.messageId === message.id && reaches(scope, domainOf(delivery.route)),
      );
      return { ...withoutForeignRoutes(scope, message), deliveries };
    }),

    serve(getPayload, async ({ params, scope, principal }) => {
      const message = await visible(params.id, scope);
      const { bytes, contentType } = await readPayload(database.db, message.id);
      // Before it is shown: what can't be audited is not read.
      await appendEvents(database.db, [
        createEvent(
          'payload_read',
          { by: principal.name, message: message.id },
          { journeyId: message.journeyId, messageId: message.id },
          clock,
        ),
      ]);
      return { id: message.id, contentType, size: bytes.length, ...encoded(bytes) };
    }),
  ];
}

/** As text where the bytes are UTF-8, so that a person can read it; exactly the same bytes either way. */
function encoded(bytes: Buffer): { readonly encoding: 'utf-8' | 'base64'; readonly payload: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { encoding: 'utf-8', payload: text };
  } catch {
    return { encoding: 'base64', payload: bytes.toString('base64') };
  }
}
