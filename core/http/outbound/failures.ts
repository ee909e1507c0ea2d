import { CrossdockError } from '../../model/errors.ts';

/** What undici refuses by itself about a request: a header value with a line break, a method that is none. */
const REQUEST_CODES = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_NOT_SUPPORTED',
]);

/** Nothing of the request has left this process: DNS, connecting, TLS, or a request that can't be written at all. */
export function refusedBeforeStart(name: string, error: Error): CrossdockError {
  if (error instanceof CrossdockError) return error;
  const code = codeOf(error);
  if (REQUEST_CODES.has(code))
    return new CrossdockError('OUTPUT_INVALID', `The request can not be written as HTTP: ${error.message}.`);
  return new CrossdockError('TARGET_UNREACHABLE', `Can not reach ${name}: ${describe(error, code)}.`, {
    cause: error,
  });
}

/** The request was on its way, wholly or in part; what the target did with it is unknown. */
export function lostAfterStart(name: string, error: Error): CrossdockError {
  if (error instanceof CrossdockError) return error;
  const code = codeOf(error);
  const unreadable = error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW';
  return unreadable
    ? new CrossdockError(
        'RESPONSE_UNREADABLE',
        `The answer of ${name} is not proper HTTP: ${error.message}.`,
        {
          cause: error,
        },
      )
    : new CrossdockError('TARGET_LOST', `The connection to ${name} was lost: ${describe(error, code)}.`, {
        cause: error,
      });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  UND_ERR_SOCKET: 'connection closed',
  ENOTFOUND: 'the name does not exist',
  EAI_AGAIN: 'the name can not be resolved right now',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  ETIMEDOUT: 'connecting took too long',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate can not be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function describe(error: Error, code: string): string {
  const word = WORDS[code];
  return word === undefined ? error.message || code : `${word} (${code})`;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
