import { CrossdockError, parseJson, type PulledRecord, readCsv } from '../../core/sdk.ts';
import { readJsonItems } from './json-items.ts';
import { DEFAULT_MAX_RECORD_BYTES, type DropOptions } from './settings.ts';

/** A record of a file before it is given its key. */
export interface FileRecord extends Pick<PulledRecord, 'body' | 'payload'> {
  /** About how many bytes it takes. */
  readonly size: number;
}

/** Reads the records of a file as a stream, in its order. Throws BODY_UNREADABLE where it can't be read any further. */
export async function* readRecords(
  bytes: AsyncIterable<Buffer>,
  options: DropOptions,
): AsyncGenerator<FileRecord> {
  const limit = options.max_record_bytes ?? DEFAULT_MAX_RECORD_BYTES;
  switch (options.format ?? 'csv') {
    case 'csv': {
      const { delimiter, quote, columns } = options;
      const csv = {
        maxRecordChars: limit,
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(quote === undefined ? {} : { quote }),
        ...(columns === undefined ? {} : { columns }),
      };
      for await (const { values } of readCsv(bytes, csv)) yield { body: values, size: sizeOf(values) };
      return;
    }
    case 'json': {
      let item = 0;
      for await (const text of readJsonItems(decode(bytes), limit))
        yield parse(text, `item ${(item += 1)}`, limit);
      return;
    }
    case 'ndjson': {
      let line = 0;
      for await (const text of readLines(decode(bytes), limit)) {
        line += 1;
        if (text.trim() !== '') yield parse(text, `line ${line}`, limit);
      }
    }
  }
}

function parse(text: string, where: string, limit: number): FileRecord {
  const payload = Buffer.from(text.trim());
  try {
    return { body: parseJson(payload, { maxBytes: limit }), payload, size: payload.length };
  } catch (error) {
    throw unreadable(`${where}: ${CrossdockError.from(error).message}`, error);
  }
}

function sizeOf(values: Readonly<Record<string, string>>): number {
  let size = 0;
  for (const name in values) size += name.length + (values[name]?.length ?? 0);
  return size;
}

async function* decode(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw unreadable('it is not valid UTF-8', error);
    throw error;
  }
}

async function* readLines(texts: AsyncIterable<string>, maxChars: number): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > maxChars) throw unreadable(`a line is longer than ${maxChars} characters`);
  }
  if (rest !== '') yield rest;
}

function unreadable(reason: string, cause?: unknown): CrossdockError {
  return new CrossdockError('BODY_UNREADABLE', `The file can not be read: ${reason.replace(/\.$/, '')}.`, {
    ...(cause === undefined ? {} : { cause }),
  });
}
