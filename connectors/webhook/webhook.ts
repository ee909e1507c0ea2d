import {
  checkHttp,
  CrossdockError,
  parseDuration,
  type ActionSpec,
  type CheckResult,
  type Connection,
  type Connector,
  type Host,
  type SourceSpec,
} from '../../core/sdk.ts';
import { examples } from './examples.ts';
import { createReceiver } from './receive.ts';
import { standardKeys } from './secrets.ts';
import { sendWebhook, type Sender } from './send.ts';
import { webhookOptions, webhookSettings, type Verification, type WebhookSettings } from './settings.ts';
import { createVerify } from './verify.ts';

const SOURCE: SourceSpec = {
  kind: 'push',
  summary: 'Requests to POST /in/<mapping>, proven as the connection says.',
  options: webhookOptions,
};

const SEND: ActionSpec = {
  summary: 'Sends a signed webhook (Standard Webhooks).',
  effect: 'key',
};

/** Webhooks in both directions: of the common providers, of anybody else who signs, and our own. */
export const webhook: Connector<WebhookSettings> = {
  name: 'webhook',
  summary: 'Receives webhooks, verified by provider or scheme, and sends signed ones.',
  status: 'stable',
  config: webhookSettings,
  sources: {},
  actions: {},
  examples,
  describe: ({ verify, send }) =>
    Promise.resolve({
      ...(verify === undefined ? {} : { sources: { webhook: SOURCE } }),
      ...(send === undefined ? {} : { actions: { send: SEND } }),
    }),
  open: (settings, host) => Promise.resolve(open(settings, host)),
};

function open({ verify, send }: WebhookSettings, host: Host): Connection {
  if (verify !== undefined) createVerify(verify);
  if (send !== undefined && URL.parse(send.url) === null)
    throw new CrossdockError('CONFIG_INVALID', 'The address is not a URL.', { path: '/send/url' });
  const sender: Sender | undefined = send && {
    clock: host.clock,
    url: send.url,
    keys: standardKeys(send.secrets, '/send/secrets'),
    http: host.http({
      ...(send.headers === undefined ? {} : { headers: send.headers }),
      timeoutMs: parseDuration(send.timeout ?? '15s'),
    }),
  };
  return {
    receive: (_source, options) => {
      if (verify === undefined)
        throw new CrossdockError('CONFIG_INVALID', 'The connection has no `verify`, so it receives nothing.');
      return createReceiver(verify, options ?? {});
    },
    perform: async (_action, input, call) => {
      if (sender === undefined)
        throw new CrossdockError('CONFIG_INVALID', 'The connection has no `send`, so it sends nothing.');
      return await sendWebhook(sender, input, call);
    },
    check: async (signal) => {
      const received = verify === undefined ? [] : [describeVerification(verify)];
      // A webhook is not sent for a try; that the address answers is all that can be seen.
      const sent =
        sender &&
        (await checkHttp({ http: sender.http, url: sender.url, readable: false, credentials: true, signal }));
      return [...received, ...(sent ?? []).filter(({ name }) => name === 'address')];
    },
    close: () => Promise.resolve(),
  };
}

function describeVerification(verification: Verification): CheckResult {
  if (verification.type === 'none')
    return { name: 'verification', ok: true, detail: 'requests are not verified' };
  const secrets = verification.secrets.length;
  const detail = `${verification.type} with ${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`;
  return { name: 'verification', ok: true, detail };
}
