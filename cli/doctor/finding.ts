/** What the doctor found at one place. */
export interface Finding {
  /** What was looked at: `node`, `project`, `database`. */
  readonly name: string;
  /** `fail` keeps a hub from working; `warn` may, one day; `info` is good to know. */
  readonly status: 'ok' | 'info' | 'warn' | 'fail';
  /** What was seen; never a secret. */
  readonly detail: string;
  /** What to do. */
  readonly fix?: string;
}

/** Makes findings of one place. */
export function findingsOf(name: string): {
  ok(detail: string): Finding;
  info(detail: string): Finding;
  warn(detail: string, fix: string): Finding;
  fail(detail: string, fix: string): Finding;
} {
  return {
    ok: (detail) => ({ name, status: 'ok', detail }),
    info: (detail) => ({ name, status: 'info', detail }),
    warn: (detail, fix) => ({ name, status: 'warn', detail, fix }),
    fail: (detail, fix) => ({ name, status: 'fail', detail, fix }),
  };
}
