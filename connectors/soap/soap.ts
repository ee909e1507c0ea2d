import {
  type ActionSpec,
  type CheckResult,
  checkHttp,
  goodCredentials,
  type Connection,
  type Connector,
  CrossdockError,
  type Host,
  type HttpClient,
  type Offer,
  parseAuth,
  type ProjectFiles,
} from '../../core/sdk.ts';
import { SoapClient } from './client.ts';
import { describeElement } from './describe-type.ts';
import { examples } from './examples.ts';
import { type OperationSettings, type SoapSettings, soapSettings } from './settings.ts';
import { type Operation, readWsdl, type SoapService } from './wsdl.ts';

/**
 * SOAP 1.1 and 1.2 services, document and rpc style with literal use. Each operation of the WSDL is an action whose
 * schemas follow from the XSD: `xsd:decimal` and integers without a size limit are read as texts, so that no digit is
 * lost, and may be written as texts or numbers; attributes are `@name`.
 */
export const soap: Connector<SoapSettings> = {
  name: 'soap',
  summary: 'Calls SOAP services as their WSDL describes them, with WS-Security.',
  status: 'stable',
  config: soapSettings,
  sources: {},
  actions: {},
  examples,
  describe: async (settings, files) => describe(settings, await readService(settings, files)),
  open: async (settings, host) => open(settings, await readService(settings, host.files), host),
};

function readService(settings: SoapSettings, files: ProjectFiles): Promise<SoapService> {
  const { service, port } = settings;
  return readWsdl(settings.wsdl, files, {
    ...(service === undefined ? {} : { service }),
    ...(port === undefined ? {} : { port }),
  });
}

function describe(settings: SoapSettings, service: SoapService): Offer {
  checkSettings(settings, service);
  const actions: Record<string, ActionSpec> = {};
  for (const operation of service.operations.values())
    actions[operation.name] = describeOperation(operation, settings.operations?.[operation.name] ?? {});
  return { actions };
}

function describeOperation(operation: Operation, settings: OperationSettings): ActionSpec {
  const { reads = false } = settings;
  return {
    summary: settings.summary ?? operation.documentation ?? `Operation ${operation.name}`,
    effect: settings.effect ?? (reads ? 'idempotent' : settings.probe === undefined ? 'none' : 'probe'),
    reads,
    ...(operation.input === undefined ? {} : { input: describeElement(operation.input, 'input') }),
    ...(operation.output === undefined ? {} : { output: describeElement(operation.output, 'output') }),
  };
}

/** What the schema of the settings can't know: the names in the WSDL. */
function checkSettings(settings: SoapSettings, service: SoapService): void {
  const mustExist = (name: string, path: string): void => {
    if (service.operations.has(name)) return;
    const known = [...service.operations.keys()].join(', ');
    throw invalid(path, `The WSDL has no operation "${name}". It has: ${known}.`);
  };
  for (const [name, operation] of Object.entries(settings.operations ?? {})) {
    const path = `/operations/${name}`;
    mustExist(name, path);
    if (operation.probe !== undefined) mustExist(operation.probe.operation, `${path}/probe/operation`);
    if (operation.effect === 'probe' && operation.probe === undefined)
      throw invalid(`${path}/effect`, 'The effect is `probe`, but there is no `probe` that looks.');
  }
  if (settings.check !== undefined) {
    mustExist(settings.check.operation, '/check/operation');
    const { reads } = settings.operations?.[settings.check.operation] ?? {};
    if (
      reads !== true &&
      !/^(get|find|list|read|search|query|ping|check|version)/i.test(settings.check.operation)
    )
      throw invalid(
        '/check/operation',
        'A check must change nothing: mark the operation with `reads: true`.',
      );
  }
  if (!/^https?:\/\//i.test(settings.endpoint ?? service.address))
    throw invalid('/endpoint', 'The WSDL has no HTTP address; set `endpoint`.');
}

function open(settings: SoapSettings, service: SoapService, host: Host): Connection {
  checkSettings(settings, service);
  const http = host.http({
    auth: settings.auth?.type === 'ws_security' ? { type: 'none' } : parseAuth(settings.auth),
    ...(settings.headers === undefined ? {} : { headers: settings.headers }),
  });
  const client = new SoapClient({ service, settings, http, clock: host.clock });
  return {
    perform: (action, input, call) => client.perform(action, input, call.signal),
    probe: (action, input, call) => client.probe(action, input, call),
    check: (signal) => check({ settings, url: settings.endpoint ?? service.address, client, http }, signal),
    close: () => Promise.resolve(),
  };
}

interface Checked {
  readonly settings: SoapSettings;
  readonly url: string;
  readonly client: SoapClient;
  readonly http: HttpClient;
}

async function check(
  { settings, url, client, http }: Checked,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const credentials = (settings.auth?.type ?? 'none') !== 'none';
  if (settings.check === undefined)
    return await checkHttp({ http, url, readable: false, credentials, signal });
  const { operation, input } = settings.check;
  try {
    await client.perform(operation, input, signal);
    return [
      { name: 'address', ok: true, detail: `${url} answers.` },
      goodCredentials(credentials, `${operation} was answered.`),
    ];
  } catch (error) {
    const { code, message } = CrossdockError.from(error);
    const reached = code !== 'TARGET_UNREACHABLE' && code !== 'ADDRESS_REFUSED' && code !== 'TARGET_TIMEOUT';
    if (!reached) return [{ name: 'address', ok: false, detail: message }];
    const name = code === 'CREDENTIALS_REFUSED' ? 'credentials' : 'rights';
    return [
      { name: 'address', ok: true, detail: `${url} answers.` },
      { name, ok: false, detail: message },
    ];
  }
}

function invalid(path: string, text: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', text, { path });
}
