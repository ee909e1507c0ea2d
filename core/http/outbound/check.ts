import type { CheckResult, HttpClient } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';

export interface HttpCheck {
  readonly http: HttpClient;
  /** What is read: absolute, or relative to the client's base URL. */
  readonly url: string;
  /** True if the answer to a good connection is known to be 2xx. Otherwise any answer proves the address. */
  readonly readable: boolean;
  /** Whether the connection has any: nothing can be said of credentials that are not sent. */
  readonly credentials: boolean;
  readonly signal: AbortSignal;
}

/**
 * Proves with one GET what can be proven of an HTTP connection: `address`, `credentials`, `rights`. Never throws for
 * what it finds.
 */
export async function checkHttp(given: HttpCheck): Promise<readonly CheckResult[]> {
  const { http, url, readable, credentials, signal } = given;
  let status: number;
  try {
    ({ status } = await http.send({ method: 'GET', url, signal }));
  } catch (thrown) {
    const error = CrossdockError.from(thrown);
    const name = error.code === 'CREDENTIALS_REFUSED' ? 'credentials' : 'address';
    return [{ name, ok: false, detail: error.message }];
  }
  const answered = { name: 'address', ok: true, detail: `answered ${status}` };
  if (status === 401)
    return [
      answered,
      {
        name: 'credentials',
        ok: false,
        detail: credentials
          ? 'the target refused them (401)'
          : 'none are configured; the target wants some (401)',
      },
    ];
  if (!readable)
    return [answered, goodCredentials(credentials, 'not refused; set `check` to a path that proves them')];
  if (status === 403)
    return [
      answered,
      goodCredentials(credentials, 'accepted'),
      { name: 'rights', ok: false, detail: 'the target forbids it (403)' },
    ];
  if (status >= 200 && status < 300)
    return [
      answered,
      goodCredentials(credentials, 'accepted'),
      { name: 'rights', ok: true, detail: 'the check path could be read' },
    ];
  return [answered, { name: 'rights', ok: false, detail: `the check path answered ${status}` }];
}

/** What a check says of credentials that were not refused: `detail`, or that there are none. */
export function goodCredentials(configured: boolean, detail: string): CheckResult {
  return { name: 'credentials', ok: true, detail: configured ? detail : 'none are configured' };
}
