import {
  checkHttp,
  CrossdockError,
  parseAuth,
  parseDuration,
  type ActionSpec,
  type Connection,
  type Connector,
  type Host,
  type JsonSchema,
  type Offer,
  type SourceSpec,
} from '../../core/sdk.ts';
import { headersOf } from './body.ts';
import { examples } from './examples.ts';
import { performAction, probeAction, toEndpoint, type Endpoint } from './perform.ts';
import { createPuller } from './pull.ts';
import { restSettings, type RestAction, type RestSettings, type RestSource } from './settings.ts';
import { templateFault } from './template.ts';

const NO_OPTIONS: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

/** Any HTTP API that speaks JSON, forms or XML: its endpoints are settings. */
export const rest: Connector<RestSettings> = {
  name: 'rest',
  summary: 'Reads from and writes to HTTP APIs with JSON, form or XML bodies.',
  status: 'stable',
  config: restSettings,
  sources: {},
  actions: {},
  examples,
  describe: (settings) => Promise.resolve(describe(settings)),
  open: (settings, host) => Promise.resolve(open(settings, host)),
};

function describe(settings: RestSettings): Offer {
  const actions: Record<string, ActionSpec> = {};
  for (const [name, action] of Object.entries(settings.actions ?? {})) {
    checkAction(action, `/actions/${name}`);
    const { method, reads, effect } = toEndpoint(action, settings);
    actions[name] = {
      summary: action.summary ?? `${method} ${action.path}`,
      effect,
      reads,
      ...(action.input === undefined ? {} : { input: action.input }),
      ...(action.output === undefined ? {} : { output: action.output }),
    };
  }
  const sources: Record<string, SourceSpec> = {};
  for (const [name, source] of Object.entries(settings.sources ?? {})) {
    checkSource(source, `/sources/${name}`);
    sources[name] = {
      kind: 'pull',
      summary: source.summary ?? `GET ${source.path}`,
      options: NO_OPTIONS,
      ...(source.body === undefined ? {} : { body: source.body }),
    };
  }
  return { sources, actions };
}

function checkAction(action: RestAction, at: string): void {
  checkPath(action.path, `${at}/path`);
  if (action.probe !== undefined) checkPath(action.probe.path, `${at}/probe/path`);
  const { effect, reads } = toEndpoint(action, {});
  if (effect === 'probe' && action.probe === undefined)
    throw invalid(`${at}/effect`, 'The effect is `probe`, but there is no `probe` that looks.');
  if (effect === 'key' && action.idempotency_header === undefined)
    throw invalid(
      `${at}/effect`,
      'The effect is `key`, but there is no `idempotency_header` that carries it.',
    );
  if (!reads && (action.not_found === null || action.not_found === 'null'))
    throw invalid(`${at}/not_found`, '`not_found: null` is for actions that read.');
}

function checkSource(source: RestSource, at: string): void {
  if (/[{}]/.test(source.path)) throw invalid(`${at}/path`, 'The path of a source has no fields to fill in.');
  checkPath(source.path, `${at}/path`);
  const uses = Object.values(source.query ?? {}).some((value) => String(value).includes('{cursor}'));
  if (uses && source.cursor === undefined)
    throw invalid(
      `${at}/query`,
      'The query uses {cursor}, but there is no `cursor` that says which field it is.',
    );
  if (!uses && source.cursor !== undefined)
    throw invalid(`${at}/cursor`, 'There is a `cursor`, but no query parameter uses {cursor}.');
}

function checkPath(path: string, at: string): void {
  const fault = templateFault(path);
  if (fault !== undefined) throw invalid(at, `The path has ${fault}.`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(path))
    throw invalid(at, 'The path is an address; it is put behind base_url.');
}

function invalid(path: string, message: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', message, { path });
}

function open(settings: RestSettings, host: Host): Connection {
  describe(settings);
  const format = settings.format ?? 'json';
  const { clock } = host;
  const auth = parseAuth(settings.auth);
  const http = host.http({
    baseUrl: settings.base_url,
    auth,
    ...(settings.headers === undefined ? {} : { headers: settings.headers }),
    ...(settings.timeout === undefined ? {} : { timeoutMs: parseDuration(settings.timeout) }),
  });
  const endpoints = new Map(
    Object.entries(settings.actions ?? {}).map(([name, action]) => [name, toEndpoint(action, settings)]),
  );
  const endpointOf = (name: string): Endpoint => {
    const endpoint = endpoints.get(name);
    if (endpoint === undefined) throw new CrossdockError('CONFIG_INVALID', `There is no action "${name}".`);
    return endpoint;
  };
  return {
    pull: (name) => {
      const source = settings.sources?.[name];
      if (source === undefined) throw new CrossdockError('CONFIG_INVALID', `There is no source "${name}".`);
      const headers = headersOf(format, false, settings.headers, source.headers);
      return createPuller({ http, clock, baseUrl: settings.base_url, format, headers, source });
    },
    perform: (name, input, call) => performAction({ http, clock }, endpointOf(name), input, call),
    probe: (name, input, call) => probeAction({ http, clock }, endpointOf(name), input, call),
    check: async (signal) =>
      await checkHttp({
        http,
        url: settings.check ?? '',
        readable: settings.check !== undefined,
        credentials: auth.type !== 'none',
        signal,
      }),
    close: () => Promise.resolve(),
  };
}
