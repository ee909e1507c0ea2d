import { existsSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { Clock } from '../../core/model/clock.ts';

/** Editors write a file in several goes; what comes within this time is one change. */
const BURST_MS = 60;

/** Folders that are watched. */
export interface FileWatch {
  /** Watches these folders (paths within the project) as well, with all below them. Those that do not exist are left out. */
  add(folders: Iterable<string>): void;
  close(): void;
}

/** Tells of files (paths within `root`) that were written, made, moved or deleted, a burst at a time. */
export function watchFiles(
  root: string,
  clock: Clock,
  onChange: (files: readonly string[]) => void,
): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let cancel: (() => void) | undefined;
  const tell = (): void => {
    const files = [...changed].sort();
    changed.clear();
    onChange(files);
  };
  const see = (folder: string, name: string | null): void => {
    const file = name === null ? folder : join(folder, name).split(sep).join('/');
    if (isScratch(file)) return;
    changed.add(file);
    cancel?.();
    cancel = clock.after(BURST_MS, tell);
  };
  return {
    add: (folders) => {
      for (const folder of folders) {
        if (watchers.has(folder) || !existsSync(join(root, folder))) continue;
        const watcher = watch(join(root, folder), { recursive: true }, (_event, name) => see(folder, name));
        // A folder that is deleted under the watch is no reason to end.
        watcher.on('error', () => watchers.delete(folder));
        watchers.set(folder, watcher);
      }
    },
    close: () => {
      cancel?.();
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** What editors leave beside the file that is edited: hidden files, copies, names without an ending. */
function isScratch(file: string): boolean {
  const name = basename(file);
  if (name.startsWith('.') || !/\.\w+$/.test(name) || /\.(?:sw[a-z]|tmp)$/.test(name)) return true;
  return file.includes('/node_modules/');
}
