import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { promisify } from 'node:util';

/** How payload bytes lie in the store. */
export interface StoredPayload {
  readonly encoding: 'identity' | 'deflate';
  readonly bytes: Buffer;
}

/** Smaller ones lie in their row anyway (Postgres moves values out of rows above 2 kB), and are not worth the time. */
const COMPRESS_FROM = 2048;
/** Larger ones are compressed off the main thread. */
const ASYNC_FROM = 64 * 1024;
const deflateAsync = promisify(deflateRaw);

/** Compresses with raw DEFLATE (RFC 1951) where it pays. */
export function packPayload(bytes: Buffer): StoredPayload | Promise<StoredPayload> {
  if (bytes.length < COMPRESS_FROM) return { encoding: 'identity', bytes };
  if (bytes.length < ASYNC_FROM) return { encoding: 'deflate', bytes: deflateSmall(bytes) };
  return deflateAsync(bytes, { level: 3 }).then((packed) => ({ encoding: 'deflate', bytes: packed }));
}

// zlib hands out a view of a buffer of `chunkSize`, by default 16 KiB, which lives as long as the view: so it is told what to expect.
function deflateSmall(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { level: 1, memLevel: 4, windowBits: 11, chunkSize: bytes.length });
}

function inflate(bytes: Buffer): Buffer {
  return inflateRawSync(bytes, { chunkSize: Math.max(1024, 4 * bytes.length) });
}

/** The bytes as they came. */
export function unpackPayload(stored: { readonly encoding: string; readonly bytes: Uint8Array }): Buffer {
  const bytes = Buffer.from(stored.bytes.buffer, stored.bytes.byteOffset, stored.bytes.byteLength);
  return stored.encoding === 'deflate' ? inflate(bytes) : bytes;
}
