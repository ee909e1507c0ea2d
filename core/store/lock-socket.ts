import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';

/** A Unix socket in a folder, on which a process listens for as long as it lives. */
export interface LockSocket {
  /** Of the socket's file in the folder. No two sockets have the same. */
  readonly name: string;
  /** Listens no more, and removes the file. */
  close(): Promise<void>;
}

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux (unix(7)), with a NUL behind the path. Node cuts off what is longer. */
const MAX_PATH_BYTES = 103;

/**
 * Listens on a socket in the folder, without keeping the process alive. The kernel closes it with the process, so it
 * says of one in another container, whose pid means nothing here, whether it lives. Undefined where there can be no
 * socket: file systems that know none, and folders with long names on systems without /proc.
 */
export async function openLockSocket(folder: string): Promise<LockSocket | undefined> {
  const name = `lock.${randomBytes(8).toString('hex')}.sock`;
  try {
    const server = await withPath(folder, name, listen);
    return {
      name,
      close: async () => {
        server.close();
        await rm(join(folder, name), { force: true });
      },
    };
  } catch {
    return undefined;
  }
}

/** Whether a living process listens on that socket. False when the system can't say. */
export async function answersOn(folder: string, name: string): Promise<boolean> {
  try {
    return await withPath(folder, name, accepts);
  } catch {
    return false;
  }
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(path);
  await once(server, 'listening');
  // A connection that can't be accepted has shown already what it came for.
  server.on('error', () => {});
  return server.unref();
}

async function accepts(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    // Somebody listens, and has not yet come to those who asked before.
    return (error as NodeJS.ErrnoException).code === 'EAGAIN';
  } finally {
    socket.destroy();
  }
}

/** Hands over a path to the file that a socket can have: where the plain one is too long, one by way of the opened folder. */
async function withPath<T>(folder: string, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const plain = join(folder, name);
  if (Buffer.byteLength(plain) <= MAX_PATH_BYTES) return use(plain);
  const handle = await open(folder);
  try {
    return await use(`/proc/self/fd/${handle.fd}/${name}`);
  } finally {
    await handle.close();
  }
}
