/** Why the broker can't be used. `fatal`: trying again will not help until a person mends something. */
export interface Problem {
  readonly reason: string;
  readonly fatal: boolean;
}

/** Access refused, not found (the virtual host), precondition failed (other properties), not allowed. */
const FATAL_CODES = new Set([403, 404, 406, 530]);

export function problemOf(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  const code = replyCode(error) ?? codeInHandshake(text);
  if (code === undefined && isRefusedOpen(text)) {
    const reason = 'the virtual host does not exist, or this user may not use it';
    return { reason, fatal: true };
  }
  return { reason: text, fatal: code !== undefined && FATAL_CODES.has(code) };
}

/** The AMQP reply code of an error that a channel or connection was closed with. */
export function replyCode(error: unknown): number | undefined {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** While a connection is opened amqplib keeps the code in the text alone. */
function codeInHandshake(text: string): number | undefined {
  const match = /^Handshake terminated by server: (\d{3}) /.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** And when the virtual host is refused, not even there. */
function isRefusedOpen(text: string): boolean {
  return text.startsWith('Expected ConnectionOpenOk; got <ConnectionClose');
}
