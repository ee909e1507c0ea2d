import type { CheckResult, HttpClient } from '../../model/connector.ts';
import { CrossdockError } from '../../model/errors.ts';

export interface HttpCheck {
  readonly http: HttpClient;
  /** What is read: absolute, or relative to the client's base URL. */
  readonly url: string;
  /** True if the answer to a good connection is known to be 2xx. Otherwise any answer proves the address. */
  readonly readable: boolean;
  readonly signal: AbortSignal;
}

/**
 * Proves with one GET what can be proven of an HTTP connection: `address`, `credentials`, `rights`. Never throws for
 * what it finds.
 */
export async function checkHttp({ http, url, readable, signal }: HttpCheck): Promise<readonly CheckResult[]> {
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
    return [answered, { name: 'credentials', ok: false, detail: 'the target refused them (401)' }];
  if (!readable)
    return [
      answered,
      { name: 'credentials', ok: true, detail: 'not refused; set `check` to a path that proves them' },
    ];
  if (status === 403)
    return [
      answered,
      { name: 'credentials', ok: true, detail: 'accepted' },
      { name: 'rights', ok: false, detail: 'the target forbids it (403)' },
    ];
  if (status >= 200 && status < 300)
    return [
      answered,
      { name: 'credentials', ok: true, detail: 'accepted' },
      { name: 'rights', ok: true, detail: 'the check path could be read' },
    ];
  return [answered, { name: 'rights', ok: false, detail: `the check path answered ${status}` }];
}
