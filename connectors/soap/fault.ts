import { CrossdockError, type ErrorCode, excerpt, type HttpResponse, type XmlValue } from '../../core/sdk.ts';
import type { FaultSettings } from './settings.ts';
import { textOf } from './xml-value.ts';

/** A SOAP fault, 1.1 or 1.2. */
export interface Fault {
  /** `Client`, `Server`, ... without prefix. */
  readonly code: string;
  readonly text: string;
  /** Everything in the fault that names what went wrong: see the setting `faults`. */
  readonly names: readonly string[];
}

/** WS-Security 1.1, section 12, without the two that say that we sent something wrong. */
const CREDENTIAL_FAULTS = new Set([
  'FailedAuthentication',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'SecurityTokenUnavailable',
  'FailedCheck',
  'MessageExpired',
]);
const REJECTIONS = new Set(['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown']);

/** Reads the content of a `Fault` element. */
export function readFault(content: XmlValue): Fault {
  const codes: string[] = [];
  const code = child(content, 'faultcode') ?? child(content, 'Code');
  collectCodes(code, codes);
  const names = codes.flatMap((text) => [text, localPart(text), ...localPart(text).split('.')]);
  collectDetail(child(content, 'detail') ?? child(content, 'Detail'), names, 0);
  return {
    code: localPart(codes[0] ?? '').split('.')[0] ?? '',
    text: textOf(child(content, 'faultstring') ?? child(child(content, 'Reason') ?? '', 'Text') ?? ''),
    names: [...new Set(names)].filter((name) => name !== ''),
  };
}

/**
 * What a fault means. The settings come first, then the security faults, then the fault code. A code that is none of
 * SOAP's own may pass, so it is worth another try.
 */
export function faultError(
  operation: string,
  fault: Fault,
  response: HttpResponse,
  settings: FaultSettings = {},
): CrossdockError {
  const code = classify(fault, settings);
  const verb = code === 'TARGET_REJECTED' ? 'refused' : 'failed at';
  const detail = fault.names.filter((name) => name !== fault.code && !name.includes(':')).slice(0, 5);
  const named = [fault.code, ...detail].filter((name) => name !== '').join(', ');
  return new CrossdockError(
    code,
    `The target ${verb} ${operation}: ${fault.text.slice(0, 500)} (${named}).`,
    {
      response: excerpt(response.body),
      details: { faultCode: fault.code, faultNames: fault.names.slice(0, 20) },
    },
  );
}

function classify({ code, names }: Fault, settings: FaultSettings): ErrorCode {
  const among = (list: readonly string[] | undefined): boolean => names.some((name) => list?.includes(name));
  if (among(settings.credentials)) return 'CREDENTIALS_REFUSED';
  if (among(settings.unavailable)) return 'TARGET_UNAVAILABLE';
  if (among(settings.rejected)) return 'TARGET_REJECTED';
  if (among(settings.failed)) return 'TARGET_FAILED';
  if (names.some((name) => CREDENTIAL_FAULTS.has(name))) return 'CREDENTIALS_REFUSED';
  return REJECTIONS.has(code) ? 'TARGET_REJECTED' : 'TARGET_FAILED';
}

/** SOAP 1.1 has one code as text, 1.2 has Value and nested Subcodes. */
function collectCodes(value: XmlValue | undefined, codes: string[]): void {
  if (value === undefined) return;
  const own = textOf(child(value, 'Value') ?? value);
  if (own !== '') codes.push(own);
  const subcode = child(value, 'Subcode');
  if (subcode !== undefined && codes.length < 10) collectCodes(subcode, codes);
}

function collectDetail(detail: XmlValue | undefined, names: string[], depth: number): void {
  if (typeof detail !== 'object' || depth > 5 || names.length > 50) return;
  for (const [name, content] of Object.entries(detail)) {
    if (name.startsWith('@') || name === '#text') continue;
    if (depth === 0) names.push(name);
    for (const item of Array.isArray(content) ? content : [content]) {
      if (/code$/i.test(name)) names.push(textOf(item));
      collectDetail(item, names, depth + 1);
    }
  }
}

function child(value: XmlValue, name: string): XmlValue | undefined {
  const found = typeof value === 'object' ? value[name] : undefined;
  return Array.isArray(found) ? found[0] : found;
}

function localPart(qname: string): string {
  return qname.slice(qname.indexOf(':') + 1).trim();
}
