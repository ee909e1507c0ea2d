import { journey } from '../../core/audit/index.ts';
import { reaches } from '../../core/access/index.ts';
import { serve } from '../../core/http/server/index.ts';
import type { Route } from '../../core/http/server/index.ts';
import type { ApiDeps } from '../deps.ts';
import { domainOf, notFound, seesMessage, withoutForeignRoutes } from '../visibility.ts';
import { getJourney } from './contract.ts';

/** Journeys. One that goes through several domains shows each principal its own part. */
export function journeyRoutes({ database }: ApiDeps): readonly Route[] {
  return [
    serve(getJourney, async ({ params, scope }) => {
      const found = await journey(database.db, params.id);
      const messages = (found?.messages ?? []).filter((message) => seesMessage(scope, message));
      if (found === undefined || !messages.some((message) => message.id === params.id))
        throw notFound(`message ${params.id}`);
      const shown = new Set(messages.map((message) => message.id));
      return {
        id: found.id,
        messages: messages.map((message) => withoutForeignRoutes(scope, message)),
        events: found.events
          .filter((event) =>
            event.route === undefined
              ? scope === 'all' || (event.messageId !== undefined && shown.has(event.messageId))
              : reaches(scope, domainOf(event.route)),
          )
          .map((event) => ({ ...event, data: { ...event.data } })),
        deliveries: found.deliveries.filter((delivery) => reaches(scope, domainOf(delivery.route))),
      };
    }),
  ];
}
