import type { IncomingMessage, ServerResponse } from 'node:http';
import { CrossdockError } from '../../model/errors.ts';

/** What a client may go on sending after it was refused, before its connection is cut. */
const DISCARD_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a request's body as bytes, as they came. Throws BODY_TOO_LARGE as soon as that is known, without keeping the
 * bytes (the rest is thrown away, so that the client gets to read the answer); CONTENT_TYPE_UNSUPPORTED for a
 * compressed body, because signatures are over what was sent and bombs are small; BODY_UNREADABLE when the client goes
 * away half-way.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<Buffer> {
  const declared = request.headers['content-length'];
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return refuse(
      request,
      new CrossdockError('CONTENT_TYPE_UNSUPPORTED', 'Compressed bodies are not taken.'),
    );
  if (declared !== undefined && Number(declared) > maxBytes) return refuse(request, tooLarge(maxBytes));
  // The client asked before it sends (RFC 9110, 10.1.1); Node leaves the word to us.
  if (request.headers.expect !== undefined) response.writeContinue();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = () => {
      request.off('data', take);
      request.off('end', done);
      request.off('close', gone);
      request.off('error', gone);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      stop();
      refuse(request, tooLarge(maxBytes)).catch(reject);
    };
    const done = () => {
      request.off('close', gone); // the others are never called again
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    };
    const gone = () => {
      stop();
      request.on('error', () => {});
      reject(new CrossdockError('BODY_UNREADABLE', 'The connection ended before the body did.'));
    };
    request.on('data', take);
    request.on('end', done);
    request.on('close', gone);
    request.on('error', gone);
  });
}

function tooLarge(maxBytes: number): CrossdockError {
  return new CrossdockError('BODY_TOO_LARGE', `More than ${maxBytes} bytes are not taken here.`, {
    details: { maxBytes },
  });
}

async function refuse(request: IncomingMessage, error: CrossdockError): Promise<never> {
  let discarded = 0;
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > DISCARD_MAX_BYTES) request.destroy();
  });
  return Promise.reject(error);
}
