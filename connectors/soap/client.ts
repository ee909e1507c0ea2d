import {
  type ActionResult,
  type Call,
  type Clock,
  CrossdockError,
  failOnStatus,
  type HttpClient,
  type HttpResponse,
  valueAt,
} from '../../core/sdk.ts';
import { type Answer, envelopeHeaders, readEnvelope, writeEnvelope } from './envelope.ts';
import { faultError, readFault } from './fault.ts';
import { readElement } from './read-element.ts';
import type { OperationSettings, SoapSettings } from './settings.ts';
import { type UsernameTokenSettings, writeUsernameToken } from './username-token.ts';
import type { Operation, SoapService } from './wsdl.ts';

export interface SoapClientOptions {
  readonly service: SoapService;
  readonly settings: SoapSettings;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** Calls the operations of one SOAP service. */
export class SoapClient {
  readonly #service: SoapService;
  readonly #settings: SoapSettings;
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #url: string;

  constructor({ service, settings, http, clock }: SoapClientOptions) {
    this.#service = service;
    this.#settings = settings;
    this.#http = http;
    this.#clock = clock;
    this.#url = settings.endpoint ?? service.address;
  }

  /** Calls an operation once; faults are thrown as the errors that they mean. */
  async perform(name: string, input: unknown, signal: AbortSignal): Promise<ActionResult> {
    const output = await this.#call(name, input, signal);
    return toResult(output, this.#settings.operations?.[name]?.ref);
  }

  /** Looks up whether an operation has happened, as its `probe` setting says. */
  async probe(name: string, input: unknown, { signal }: Call): Promise<ActionResult | undefined> {
    const settings: OperationSettings = this.#settings.operations?.[name] ?? {};
    const { probe } = settings;
    if (probe === undefined)
      throw new CrossdockError('CONFIG_INVALID', `Operation ${name} has no \`probe\`.`);
    const question = Object.fromEntries(
      Object.entries(probe.input).map(([field, path]) => [field, valueAt(input, path)]),
    );
    let output: unknown;
    try {
      output = await this.#call(probe.operation, question, signal);
    } catch (error) {
      if (error instanceof CrossdockError && meansAbsent(error, probe.absent)) return undefined;
      throw error;
    }
    if (probe.found !== undefined && isEmpty(valueAt(output, probe.found))) return undefined;
    return toResult(output, probe.ref ?? settings.ref);
  }

  async #call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const operation = this.#operation(name);
    const { version } = this.#service;
    const response = await this.#http.send({
      method: 'POST',
      url: this.#url,
      headers: envelopeHeaders(version, operation),
      body: writeEnvelope(version, operation, input, this.#securityHeader()),
      signal,
    });
    const answer = this.#open(response);
    if (answer?.name === 'Fault')
      throw faultError(name, readFault(answer.content), response, this.#settings.faults);
    failOnStatus(response, this.#clock.now());
    if (answer === undefined || operation.output === undefined) return undefined;
    return readElement(operation.output, answer.content);
  }

  /** Faults come with 500 (SOAP 1.1) or 400 and 500 (1.2); all other statuses mean what they mean in HTTP. */
  #open(response: HttpResponse): Answer | undefined {
    const { status, body } = response;
    const mayBeEnvelope = (status >= 200 && status < 300) || status === 400 || status === 500;
    if (!mayBeEnvelope || body.length === 0) return undefined;
    try {
      return readEnvelope(response);
    } catch (error) {
      failOnStatus(response, this.#clock.now());
      throw error;
    }
  }

  #operation(name: string): Operation {
    const operation = this.#service.operations.get(name);
    if (operation === undefined)
      throw new CrossdockError('CONFIG_INVALID', `The WSDL has no operation "${name}".`);
    return operation;
  }

  #securityHeader(): string {
    const { auth } = this.#settings;
    return auth?.type === 'ws_security'
      ? writeUsernameToken(auth as UsernameTokenSettings, this.#clock.now())
      : '';
  }
}

function toResult(output: unknown, ref: string | undefined): ActionResult {
  const id = ref === undefined ? undefined : valueAt(output, ref);
  return typeof id === 'string' || typeof id === 'number' ? { output, ref: String(id) } : { output };
}

function meansAbsent(error: CrossdockError, absent: readonly string[] | undefined): boolean {
  const names = error.details['faultNames'];
  return Array.isArray(names) && names.some((name) => absent?.includes(name as string));
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
