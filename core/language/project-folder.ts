import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { CrossdockError } from '../model/errors.ts';
import type { ProjectFiles } from '../model/connector.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The files of a project, and which of them were read: those are what a revision is made of. */
export interface ProjectFolder {
  /** The text of a file by its path below the root, remembered for the revision. Undefined when there is none. */
  readText(file: string): Promise<string | undefined>;
  /**
   * Paths of all files below a folder, sorted; none when there is no such folder. Hidden ones are left out. A link to a
   * folder is not followed: its path ends with a slash.
   */
  list(folder: string): Promise<readonly string[]>;
  /** What connectors get; what they read is remembered as well. */
  readonly files: ProjectFiles;
  /** A secret's text; never remembered. The path may be absolute. Rejects with a reason fit for people. */
  readSecret(file: string): Promise<string>;
  /** All that was read so far, by path. */
  sources(): ReadonlyMap<string, string>;
}

/** Opens a project's folder. `root` must be absolute. */
export function projectFolder(root: string): ProjectFolder {
  const texts = new Map<string, string>();

  function resolve(file: string): string {
    const absolute = path.resolve(root, file);
    const relative = path.relative(root, absolute);
    if (relative.startsWith('..') || path.isAbsolute(relative)) throw outside(file);
    return absolute;
  }

  async function read(file: string): Promise<Buffer> {
    const absolute = resolve(file);
    const relative = path.relative(await realpath(root), await realpath(absolute));
    if (relative.startsWith('..') || path.isAbsolute(relative)) throw outside(file);
    if ((await stat(absolute)).size > MAX_FILE_BYTES) {
      throw new CrossdockError('CONFIG_INVALID', `The file "${file}" is larger than 16 MiB.`);
    }
    return readFile(absolute);
  }

  async function list(folder: string): Promise<readonly string[]> {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(
      (error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      },
    );
    const visible = entries.filter((entry) => !entry.name.startsWith('.'));
    const nested = visible.map(async (entry): Promise<readonly string[]> => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return list(name);
      if (entry.isSymbolicLink()) return [(await isFolder(path.join(root, name))) ? `${name}/` : name];
      return entry.isFile() ? [name] : [];
    });
    return (await Promise.all(nested)).flat().sort();
  }

  return {
    readText: async (file) => {
      try {
        const bytes = await read(file);
        if (!isUtf8(bytes)) throw new CrossdockError('CONFIG_INVALID', 'it is not UTF-8');
        const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
        texts.set(file, text);
        return text;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    list,
    files: {
      resolve,
      read: async (file) => {
        const bytes = await read(file);
        texts.set(path.relative(root, resolve(file)).replaceAll('\\', '/'), bytes.toString('utf8'));
        return bytes;
      },
    },
    readSecret: async (file) => {
      try {
        return await readFile(path.resolve(root, file), 'utf8');
      } catch (error) {
        throw new Error(isMissing(error) ? 'there is no such file' : (error as NodeJS.ErrnoException).code, {
          cause: error,
        });
      }
    },
    sources: () => new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** SHA-256 over paths and texts, in hex: the same files have the same revision wherever they lie. */
export function revisionOf(sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [file, text] of sources) hash.update(`${file}\0${Buffer.byteLength(text)}\0${text}`);
  return hash.digest('hex');
}

async function isFolder(absolute: string): Promise<boolean> {
  const found = await stat(absolute).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

function outside(file: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', `"${file}" is outside the project.`);
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
