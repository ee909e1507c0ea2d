import { parseBody, valueAt, type InboundRequest, type Receipt, type Receiver } from '../../core/sdk.ts';
import type { Verification, WebhookOptions } from './settings.ts';
import { createVerify } from './verify.ts';

/** Where a provider says what a delivery is. Header names in lower case. */
interface Provider {
  readonly eventHeader?: string;
  readonly eventField?: string;
  readonly keyHeader?: string;
  readonly keyField?: string;
  /** Headers worth keeping with the message. */
  readonly keep: readonly string[];
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  'standard-webhooks': {
    eventField: 'type',
    keyHeader: 'webhook-id',
    keep: ['webhook-id', 'webhook-timestamp'],
  },
  stripe: { eventField: 'type', keyField: 'id', keep: [] },
  github: {
    eventHeader: 'x-github-event',
    keyHeader: 'x-github-delivery',
    keep: ['x-github-event', 'x-github-delivery', 'x-github-hook-id'],
  },
  shopify: {
    eventHeader: 'x-shopify-topic',
    keyHeader: 'x-shopify-webhook-id',
    keep: [
      'x-shopify-topic',
      'x-shopify-webhook-id',
      'x-shopify-event-id',
      'x-shopify-shop-domain',
      'x-shopify-api-version',
      'x-shopify-triggered-at',
    ],
  },
  slack: {
    eventField: 'event.type',
    keyField: 'event_id',
    keep: ['x-slack-retry-num', 'x-slack-retry-reason'],
  },
};

/**
 * How requests of one mapping are proven and understood: signature first, over the raw bytes, then the body, then
 * whether the event is wanted. Throws SIGNATURE_INVALID and the errors of `parseBody`; when it is made CONFIG_INVALID.
 */
export function createReceiver(verification: Verification, options: WebhookOptions): Receiver {
  const verify = createVerify(verification);
  const provider = providerOf(verification);
  const eventHeader =
    options.event_header?.toLowerCase() ??
    (options.event_field === undefined ? provider.eventHeader : undefined);
  const eventField = options.event_field ?? provider.eventField ?? 'type';
  const wanted = options.events === undefined ? undefined : createFilter(options.events);
  return (request) => {
    verify(request);
    const { headers } = request;
    // How large it may be was decided when it was read.
    const body = parseBody(headers['content-type'] ?? 'application/json', request.body, {
      maxBytes: request.body.length,
    });
    const handshake = verification.type === 'slack' ? slackHandshake(body) : undefined;
    if (handshake !== undefined) return handshake;
    const event = textOf(eventHeader === undefined ? valueAt(body, eventField) : headers[eventHeader]);
    const names = verification.type === 'github' ? githubNames(event, body) : [event];
    if (wanted !== undefined && !names.some(wanted)) return ignored(event);
    // GitHub tries a new hook with it; it is about the hook, not about anything that happened.
    if (wanted === undefined && verification.type === 'github' && event === 'ping') return ignored(event);
    const key = keyOf(provider, request, body);
    const kept = keep(provider, headers);
    return {
      kind: 'message',
      body,
      ...(key === undefined ? {} : { key }),
      ...(kept === undefined ? {} : { headers: kept }),
    };
  };
}

function providerOf(verification: Verification): Provider {
  const known = PROVIDERS[verification.type];
  if (known !== undefined) return known;
  const header = 'id_header' in verification ? verification.id_header?.toLowerCase() : undefined;
  return header === undefined ? { keep: [] } : { keyHeader: header, keep: [header] };
}

/** `order.*` is every event that begins with `order.`. */
function createFilter(events: readonly string[]): (event: string) => boolean {
  const exact = new Set(events.filter((event) => !event.endsWith('*')));
  const starts = events.filter((event) => event.endsWith('*')).map((event) => event.slice(0, -1));
  return (event) => exact.has(event) || (event !== '' && starts.some((start) => event.startsWith(start)));
}

/** GitHub's event is `pull_request`, with `opened` as the action in the body. */
function githubNames(event: string, body: unknown): readonly string[] {
  const action = textOf(valueAt(body, 'action'));
  return action === '' ? [event] : [event, `${event}.${action}`];
}

/** https://docs.slack.dev/reference/events/url_verification */
function slackHandshake(body: unknown): Receipt | undefined {
  if (valueAt(body, 'type') !== 'url_verification') return undefined;
  return { kind: 'reply', status: 200, contentType: 'text/plain', body: textOf(valueAt(body, 'challenge')) };
}

function ignored(event: string): Receipt {
  return {
    kind: 'ignored',
    reason: event === '' ? 'it names no event' : `the event ${event.slice(0, 100)} is not wanted`,
  };
}

function keyOf(provider: Provider, request: InboundRequest, body: unknown): string | undefined {
  const key =
    provider.keyHeader === undefined
      ? provider.keyField && textOf(valueAt(body, provider.keyField))
      : request.headers[provider.keyHeader];
  return key === undefined || key === '' ? undefined : key;
}

function keep(provider: Provider, headers: InboundRequest['headers']): Record<string, string> | undefined {
  let kept: Record<string, string> | undefined;
  for (const name of provider.keep) {
    const value = headers[name];
    if (value !== undefined) (kept ??= {})[name] = value;
  }
  return kept;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
