import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { CrossdockError } from '../../core/sdk.ts';

/** A file as it lay in the folder when it was looked at. Another size or time makes it another file. */
export interface DroppedFile {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly size: number;
}

const UNFINISHED = /^\.|\.(tmp|part|partial|filepart)$/i;

/** One folder that systems exchange files through. Errors of the file system come out as TARGET_UNAVAILABLE. */
export class Folder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async make(): Promise<void> {
    await attempt(() => mkdir(this.path, { recursive: true }));
  }

  /** What keeps us from reading and moving files here, if anything. */
  async problem(): Promise<string | undefined> {
    try {
      if (!(await stat(this.path)).isDirectory()) return `${this.path} is not a folder`;
      await access(this.path, constants.R_OK | constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Files whose names match, oldest first. Links, folders and files under way are left out. */
  async list(matches: RegExp): Promise<DroppedFile[]> {
    const entries = await attempt(() => readdir(this.path, { withFileTypes: true }));
    const names = entries
      .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name) && matches.test(entry.name))
      .map((entry) => entry.name);
    const files = await Promise.all(names.map((name) => this.look(name)));
    return files
      .filter((file) => file !== undefined)
      .sort((a, b) => a.mtime - b.mtime || (a.name < b.name ? -1 : 1));
  }

  /** The file as it is now; undefined when it is gone. */
  async look(name: string): Promise<DroppedFile | undefined> {
    try {
      const { mtimeMs, size } = await stat(join(this.path, name));
      return { name, mtime: Math.floor(mtimeMs), size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unavailable(error);
    }
  }

  /** The bytes of a file, as a stream. */
  async *read(name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of createReadStream(join(this.path, name))) {
        signal.throwIfAborted();
        yield chunk as Buffer;
      }
    } catch (error) {
      throw signal.aborted ? error : unavailable(error);
    }
  }

  /** Puts a file that is dealt with into `done`. */
  async archive(file: DroppedFile): Promise<void> {
    await this.#moveTo('done', file);
  }

  /** Puts a file that can't be dealt with into `failed`, with the reason beside it. Resolves with where it is now. */
  async reject(file: DroppedFile, reason: string): Promise<string> {
    const moved = await this.#moveTo('failed', file);
    await new Folder(join(this.path, 'failed')).write(`${basename(moved)}.reason.txt`, reason);
    return moved;
  }

  /** A file of the same name that is there already is not overwritten. */
  async #moveTo(sub: 'done' | 'failed', file: DroppedFile): Promise<string> {
    return await attempt(async () => {
      const folder = join(this.path, sub);
      await mkdir(folder, { recursive: true });
      const { name, ext } = parse(file.name);
      const taken = await access(join(folder, file.name)).then(
        () => true,
        () => false,
      );
      const target = join(folder, taken ? `${name}.${file.mtime}${ext}` : file.name);
      await rename(join(this.path, file.name), target);
      return target;
    });
  }

  async remove(name: string): Promise<void> {
    await attempt(() => rm(join(this.path, name), { force: true }));
  }

  /** Writes a file so that nobody sees half of it: beside its place, to the disk, then renamed. */
  async write(name: string, content: string): Promise<void> {
    const unfinished = join(this.path, `.${name}.tmp`);
    await attempt(async () => {
      await writeFile(unfinished, content, { flush: true });
      await rename(unfinished, join(this.path, name));
    });
  }
}

/** A pattern of file names with `*` and `?` → the expression that it stands for. */
export function nameMatcher(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): CrossdockError {
  return new CrossdockError('TARGET_UNAVAILABLE', `The folder can not be used: ${reasonOf(error)}.`, {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `${path ?? 'it'} does not exist`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path ?? 'it'} may not be read or written`;
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
