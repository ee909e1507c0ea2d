import {
  type Clock,
  CrossdockError,
  type Logger,
  type Page,
  parseDuration,
  type PulledRecord,
  type Puller,
} from '../../core/sdk.ts';
import { type DroppedFile, type Folder, isSame, nameMatcher } from './folder.ts';
import { type FileRecord, readRecords } from './records.ts';
import { DEFAULT_SETTLE, type DropOptions } from './settings.ts';

/** How far we are in a file. Once `done` is committed the file only has to go. */
interface Progress extends DroppedFile {
  /** Records that are accepted. */
  readonly record: number;
  readonly done: boolean;
}

interface Sighting {
  readonly file: DroppedFile;
  /** When we saw it first, in milliseconds since the epoch. */
  readonly since: number;
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
 * committed, and only it, not one that has taken its place; a hub that died in between goes on at the very record. What
 * can't be read goes to `failed` with the reason in a file beside it; the records before the unreadable place are
 * accepted. What can't be opened or named stays, and the first such error is thrown when the other files have had their
 * turn.
 */
export function createDrop(environment: DropEnvironment, options: DropOptions): Puller {
  const drop = new Drop(environment, options);
  return (cursor, signal) => drop.pull((cursor ?? undefined) as Progress | undefined, signal);
}

class Drop {
  readonly #folder: Folder;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #options: DropOptions;
  readonly #matches: RegExp;
  readonly #settleMs: number;
  /** Files whose time is ahead of our clock, by the names that they have now. */
  #ahead: ReadonlyMap<string, Sighting> = new Map();

  constructor({ folder, clock, log }: DropEnvironment, options: DropOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#log = log;
    this.#options = options;
    this.#matches = nameMatcher(options.pattern ?? '*');
    this.#settleMs = parseDuration(options.settle ?? DEFAULT_SETTLE);
  }

  async *pull(progress: Progress | undefined, signal: AbortSignal): AsyncGenerator<Page> {
    const { files, unnamed } = await this.#folder.list(this.#matches);
    this.#ahead = this.#sightingsAhead(files);
    const begun = progress && files.find((file) => isSame(file, progress));
    let failure: CrossdockError | undefined;
    if (progress !== undefined && begun !== undefined) failure = yield* this.#finish(begun, progress, signal);
    for (const file of files) {
      if (file === begun) continue;
      if (signal.aborted) return;
      const unchangedSince = this.#ahead.get(file.at)?.since ?? file.mtime;
      if (this.#clock.now() - unchangedSince < this.#settleMs) continue;
      const met = yield* this.#finish(file, { ...file, record: 0, done: false }, signal);
      failure ??= met;
    }
    if (failure !== undefined) throw failure;
    if (unnamed[0] !== undefined)
      throw new CrossdockError(
        'TARGET_UNAVAILABLE',
        `The file ${unnamed[0]} can not be read: its name is not UTF-8.`,
      );
  }

  /** What is ahead is told by our own clock from when on it has not changed. */
  #sightingsAhead(files: readonly DroppedFile[]): ReadonlyMap<string, Sighting> {
    const now = this.#clock.now();
    const sightings = new Map<string, Sighting>();
    for (const file of files.filter(({ mtime }) => mtime > now)) {
      const before = this.#ahead.get(file.at);
      const known = before !== undefined && isSame(file, before.file);
      sightings.set(file.at, known ? before : { file, since: now });
    }
    return sightings;
  }

  /**
   * Reads a file from where `progress` says to its end and puts it away. Returns what kept it from being read, if that
   * need not keep the other files. When one of them is begun, the progress in this one is forgotten, and what was
   * accepted of it comes again under the same keys.
   */
  async *#finish(
    file: DroppedFile,
    progress: Progress,
    signal: AbortSignal,
  ): AsyncGenerator<Page, CrossdockError | undefined> {
    let accepted = progress.record;
    if (!progress.done) {
      try {
        for await (const { records, last } of this.#pagesOf(file, accepted, signal)) {
          // Whoever writes it is not done, and this page may be glued of old and new. The next run begins anew.
          if (!(await this.#folder.holds(file))) return undefined;
          const keyed = records.map((record, i) => toPulled(file, accepted + i + 1, record));
          yield { records: keyed, cursor: { ...file, record: accepted + records.length, done: last } };
          accepted += records.length;
        }
      } catch (thrown) {
        signal.throwIfAborted();
        const error = CrossdockError.from(thrown);
        if (error.code !== 'BODY_UNREADABLE') return (await this.#folder.holds(file)) ? error : undefined;
        const reason = `${error.message}\nRecords accepted before: ${accepted}\n`;
        const moved = await this.#folder.reject(file, reason);
        if (moved === undefined) return undefined;
        this.#log.error('a dropped file can not be read and was put aside', {
          file: moved,
          error: error.message,
        });
        yield NOTHING_BEGUN;
        return undefined;
      }
    }
    if (this.#options.after === 'delete') await this.#folder.remove(file);
    else await this.#folder.archive(file);
    yield NOTHING_BEGUN;
    return undefined;
  }

  /** Skips what was accepted before. What was read before an unreadable place comes out before the error. */
  async *#pagesOf(file: DroppedFile, skip: number, signal: AbortSignal): AsyncGenerator<FilePage> {
    let records: FileRecord[] = [];
    let bytes = 0;
    let seen = 0;
    let failure: CrossdockError | undefined;
    try {
      for await (const record of readRecords(this.#folder.read(file, signal), this.#options)) {
        seen += 1;
        if (seen <= skip) continue;
        // Only when another record follows is it sure that this page is not the last.
        if (records.length >= PAGE_RECORDS || bytes >= PAGE_BYTES) {
          yield { records, last: false };
          records = [];
          bytes = 0;
        }
        records.push(record);
        bytes += record.size;
      }
    } catch (error) {
      signal.throwIfAborted();
      failure = CrossdockError.from(error);
    }
    if (failure === undefined) yield { records, last: true };
    else if (records.length > 0) yield { records, last: false };
    if (failure !== undefined) throw failure;
  }
}

/** So that a file that is dropped again is not taken for one that was begun. */
const NOTHING_BEGUN: Page = { records: [], cursor: null };

interface FilePage {
  readonly records: readonly FileRecord[];
  readonly last: boolean;
}

function toPulled(file: DroppedFile, record: number, { body, payload }: FileRecord): PulledRecord {
  return {
    body,
    ...(payload === undefined ? {} : { payload }),
    key: `${file.name}@${file.mtime}-${file.size}#${record}`,
    headers: { file: file.name, record: String(record) },
  };
}
