import { createHash, randomBytes } from 'node:crypto';
import { escapeXml } from '../../core/sdk.ts';

export interface UsernameTokenSettings {
  readonly type: 'ws_security';
  readonly username: string;
  readonly password: string;
  readonly password_type?: 'text' | 'digest';
  readonly timestamp?: boolean;
}

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const WSSE = `${OASIS}-wssecurity-secext-1.0.xsd`;
const WSU = `${OASIS}-wssecurity-utility-1.0.xsd`;
const PROFILE = `${OASIS}-username-token-profile-1.0`;
const BASE64 = `${OASIS}-soap-message-security-1.0#Base64Binary`;
const LIFE_MS = 300_000;

/**
 * The `wsse:Security` header with a UsernameToken (OASIS Web Services Security UsernameToken Profile 1.1). A digest is
 * `Base64(SHA-1(nonce + created + password))`, with a new nonce each time.
 */
export function writeUsernameToken(settings: UsernameTokenSettings, nowMs: number): string {
  const created = new Date(nowMs).toISOString();
  const parts = [`<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" soap:mustUnderstand="1">`];
  if (settings.timestamp === true) {
    const expires = new Date(nowMs + LIFE_MS).toISOString();
    parts.push(
      `<wsu:Timestamp><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`,
    );
  }
  parts.push(`<wsse:UsernameToken><wsse:Username>${escapeXml(settings.username)}</wsse:Username>`);
  if (settings.password_type === 'digest') {
    const nonce = randomBytes(16);
    const digest = createHash('sha1')
      .update(nonce)
      .update(created)
      .update(settings.password)
      .digest('base64');
    parts.push(
      `<wsse:Password Type="${PROFILE}#PasswordDigest">${digest}</wsse:Password>`,
      `<wsse:Nonce EncodingType="${BASE64}">${nonce.toString('base64')}</wsse:Nonce>`,
    );
  } else {
    parts.push(
      `<wsse:Password Type="${PROFILE}#PasswordText">${escapeXml(settings.password)}</wsse:Password>`,
    );
  }
  parts.push(`<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`);
  return parts.join('');
}
