import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';

/** Of a file that the command line names. */
export const MAX_BYTES = 64 * 1024 * 1024;

/** A file that the command line names, `-` for standard input; at most 64 MiB. Throws UsageError. */
export async function readNamedFile({ io }: Session, file: string): Promise<Buffer> {
  refuseUrl(file);
  if (file === '-') return sized(file, Buffer.from(await io.readStdin()));
  const path = resolve(io.cwd, file);
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new UsageError(`${file} is larger than 64 MiB.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} can not be read: ${reasonOf(error as NodeJS.ErrnoException)}.`);
  }
}

/** Commands on files fetch nothing: who wants a document from elsewhere decides what to get, and how. */
export function refuseUrl(file: string): void {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file))
    throw new UsageError(`"${file}" is an address. Nothing is fetched: download it, then name the file.`);
}

function sized(name: string, bytes: Buffer): Buffer {
  if (bytes.length > MAX_BYTES) throw new UsageError(`${name} is larger than 64 MiB.`);
  return bytes;
}

/** Why a file can not be read, for a person who may have mistyped its name. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  return code === 'EISDIR' ? 'it is a folder' : message.trimEnd();
}
