import {
  type Clock,
  CrossdockError,
  type Logger,
  type Page,
  parseDuration,
  type PulledRecord,
  type Puller,
} from '../../core/sdk.ts';
import { type DroppedFile, type Folder, nameMatcher } from './folder.ts';
import { type FileRecord, readRecords } from './records.ts';
import { DEFAULT_SETTLE, type DropOptions } from './settings.ts';

/** How far we are in a file. Once `done` is committed the file only has to go. */
interface Progress extends DroppedFile {
  /** Records that are accepted. */
  readonly record: number;
  readonly done: boolean;
}

export interface DropEnvironment {
  readonly folder: Folder;
  readonly clock: Clock;
  readonly log: Logger;
}

const PAGE_RECORDS = 500;
const PAGE_BYTES = 4_194_304;

/**
 * Reads dropped files, oldest first, in pages. A file goes (to `done`, or is deleted) after the page that says so was
 * committed; a hub that died in between goes on at the very record. What can't be read goes to `failed` with the reason
 * in a file beside it; the records before the unreadable place are accepted.
 */
export function createDrop(environment: DropEnvironment, options: DropOptions): Puller {
  const matches = nameMatcher(options.pattern ?? '*');
  const settleMs = parseDuration(options.settle ?? DEFAULT_SETTLE);
  return (cursor, signal) => pull(environment, options, { matches, settleMs }, cursor, signal);
}

async function* pull(
  environment: DropEnvironment,
  options: DropOptions,
  { matches, settleMs }: { readonly matches: RegExp; readonly settleMs: number },
  cursor: unknown,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { folder, clock } = environment;
  const progress = (cursor ?? undefined) as Progress | undefined;
  const files = await folder.list(matches);
  const begun = progress && files.find((file) => isSame(file, progress));
  if (progress !== undefined && begun !== undefined)
    yield* finish(environment, options, begun, progress, signal);
  for (const file of files) {
    if (file === begun) continue;
    if (signal.aborted) return;
    if (clock.now() - file.mtime < settleMs) continue;
    yield* finish(environment, options, file, { ...file, record: 0, done: false }, signal);
  }
}

/** Reads a file from where `progress` says to its end and puts it away. */
async function* finish(
  environment: DropEnvironment,
  options: DropOptions,
  file: DroppedFile,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { folder, log } = environment;
  let accepted = progress.record;
  if (!progress.done) {
    try {
      for await (const { records, last } of pagesOf(folder, options, file, accepted, signal)) {
        // It grew while it was read: whoever writes it is not done. The next run begins anew.
        if (last && !isSame(file, await folder.look(file.name))) return;
        const keyed = records.map((record, i) => toPulled(file, accepted + i + 1, record));
        yield { records: keyed, cursor: { ...file, record: accepted + records.length, done: last } };
        accepted += records.length;
      }
    } catch (error) {
      if (!(error instanceof CrossdockError) || error.code !== 'BODY_UNREADABLE') throw error;
      const reason = `${error.message}\nRecords accepted before: ${accepted}\n`;
      const moved = await folder.reject(file, reason);
      log.error('a dropped file can not be read and was put aside', { file: moved, error: error.message });
      yield { records: [], cursor: null };
      return;
    }
  }
  if (options.after === 'delete') await folder.remove(file.name);
  else await folder.archive(file);
  yield { records: [], cursor: null };
}

interface FilePage {
  readonly records: readonly FileRecord[];
  readonly last: boolean;
}

/** What was read before an unreadable place comes out before the error. */
async function* pagesOf(
  folder: Folder,
  options: DropOptions,
  file: DroppedFile,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<FilePage> {
  let records: FileRecord[] = [];
  let bytes = 0;
  let seen = 0;
  let failure: unknown;
  try {
    for await (const record of readRecords(folder.read(file.name, signal), options)) {
      seen += 1;
      if (seen <= skip) continue;
      // Only when another record follows is it sure that this page is not the last.
      if (records.length >= PAGE_RECORDS || bytes >= PAGE_BYTES) {
        yield { records, last: false };
        records = [];
        bytes = 0;
      }
      records.push(record);
      bytes += record.payload?.length ?? 256;
    }
  } catch (error) {
    failure = error;
  }
  if (failure !== undefined) {
    if (records.length > 0) yield { records, last: false };
    throw failure;
  }
  yield { records, last: true };
}

function toPulled(file: DroppedFile, record: number, { body, payload }: FileRecord): PulledRecord {
  return {
    body,
    ...(payload === undefined ? {} : { payload }),
    key: `${file.name}@${file.mtime}-${file.size}#${record}`,
    headers: { file: file.name, record: String(record) },
  };
}

function isSame(a: DroppedFile, b: DroppedFile | undefined): boolean {
  return a.name === b?.name && a.mtime === b.mtime && a.size === b.size;
}
