import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { CrossdockError } from '../../core/sdk.ts';

/** A file as it lay in the folder when it was looked at. Another inode, size or time makes it another file. */
export interface DroppedFile {
  /** The name that it was dropped under. */
  readonly name: string;
  /** The name that it has now. A file that is being put away has a hidden one. */
  readonly at: string;
  readonly inode: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly size: number;
}

interface Listing {
  /** Oldest first. */
  readonly files: readonly DroppedFile[];
  /** Names that are not UTF-8, with their bytes escaped. These files can't be named in a message or a cursor. */
  readonly unnamed: readonly string[];
}

const UNFINISHED = /^\.|\.(tmp|part|partial|filepart)$/i;
const TAKEN = /^\.(.+)\.[0-9a-f]{8}\.taken$/s;

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

  /** Files whose names match. Links, folders and files under way are left out. */
  async list(matches: RegExp): Promise<Listing> {
    const entries = await attempt(() => readdir(this.path, { withFileTypes: true, encoding: 'buffer' }));
    const names = entries
      .filter((entry) => entry.isFile())
      .map(({ name: bytes }) => {
        const at = bytes.toString();
        return { bytes, at, name: TAKEN.exec(at)?.[1] ?? at };
      })
      .filter(({ name }) => !UNFINISHED.test(name) && matches.test(name));
    const named = names.filter(({ bytes }) => isUtf8(bytes));
    const files = await Promise.all(named.map(({ name, at }) => this.#look(name, at)));
    return {
      files: files
        .filter((file) => file !== undefined)
        .sort((a, b) => a.mtime - b.mtime || (a.name < b.name ? -1 : 1)),
      unnamed: names.filter(({ bytes }) => !isUtf8(bytes)).map(({ bytes }) => escaped(bytes)),
    };
  }

  /** False when it is gone, was written to, or another file is in its place. */
  async holds(file: DroppedFile): Promise<boolean> {
    return isSame(file, await this.#look(file.name, file.at));
  }

  async #look(name: string, at: string): Promise<DroppedFile | undefined> {
    try {
      const { ino, mtimeMs, size } = await stat(join(this.path, at));
      return { name, at, inode: ino, mtime: Math.floor(mtimeMs), size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw unavailable(error);
    }
  }

  /** The bytes of a file, as a stream. */
  async *read(file: DroppedFile, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of createReadStream(join(this.path, file.at))) {
        signal.throwIfAborted();
        yield chunk as Buffer;
      }
    } catch (error) {
      throw signal.aborted ? error : unavailable(error, 'The file can not be read');
    }
  }

  /** Puts a file that is dealt with into `done`, if it is still the same. */
  async archive(file: DroppedFile): Promise<void> {
    const taken = await this.#take(file);
    if (taken !== undefined) await this.#moveTo('done', taken);
  }

  /**
   * Puts a file that can't be dealt with into `failed`, with the reason beside it. Resolves with where it is now;
   * undefined when it is not the same any more.
   */
  async reject(file: DroppedFile, reason: string): Promise<string | undefined> {
    const taken = await this.#take(file);
    if (taken === undefined) return undefined;
    const moved = await this.#moveTo('failed', taken);
    await new Folder(join(this.path, 'failed')).write(`${basename(moved)}.reason.txt`, reason);
    return moved;
  }

  /** Deletes a file, if it is still the same. */
  async remove(file: DroppedFile): Promise<void> {
    const taken = await this.#take(file);
    if (taken !== undefined) await attempt(() => rm(join(this.path, taken.at), { force: true }));
  }

  /**
   * Gives a file a hidden name that nobody else uses, so that it can't be mistaken for one that is dropped in its place
   * meanwhile. Undefined when it is not the same any more. If that shows only behind the new name, the newcomer keeps
   * it: its old place may be in use again, and the hidden one is listed like any other. So is what is left of a process
   * that died before it went on.
   */
  async #take(file: DroppedFile): Promise<DroppedFile | undefined> {
    if (!(await this.holds(file))) return undefined;
    if (file.at !== file.name) return file;
    const at = `.${file.name}.${randomBytes(4).toString('hex')}.taken`;
    try {
      await rename(join(this.path, file.name), join(this.path, at));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      // The look of just now has to do for a name with no room beside it.
      if (code === 'ENAMETOOLONG') return file;
      throw unavailable(error);
    }
    const taken = { ...file, at };
    return (await this.holds(taken)) ? taken : undefined;
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
      await rename(join(this.path, file.at), target);
      return target;
    });
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

/** Whether it is the same file as at an earlier look, whatever it is called on the disk by now. */
export function isSame(a: DroppedFile, b: DroppedFile | undefined): boolean {
  return a.name === b?.name && a.inode === b.inode && a.mtime === b.mtime && a.size === b.size;
}

/** A pattern of file names with `*` and `?` → the expression that it stands for. */
export function nameMatcher(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

/** `b\xfcro.csv` */
function escaped(name: Buffer): string {
  return name
    .toString('latin1')
    .replace(/[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown, what = 'The folder can not be used'): CrossdockError {
  return new CrossdockError('TARGET_UNAVAILABLE', `${what}: ${reasonOf(error)}.`, { cause: error });
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
