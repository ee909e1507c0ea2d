import { type ActionResult, buildCsv, type Call, CrossdockError, valueAt } from '../../core/sdk.ts';
import type { Folder } from './folder.ts';
import { DEFAULT_NAME, type WriteSettings } from './settings.ts';

const ENDINGS = { json: '.json', csv: '.csv', text: '.txt' } as const;

/** Writes the output of one delivery as one file. The same delivery makes the same file, however often it is tried. */
export async function writeFile(
  folder: Folder,
  settings: WriteSettings,
  input: unknown,
  call: Call,
): Promise<ActionResult> {
  call.signal.throwIfAborted();
  const { format = 'json' } = settings;
  const name = fileName(settings.name ?? DEFAULT_NAME, ENDINGS[format], input, call);
  await folder.write(name, contentOf(format, settings, input));
  return { ref: name, output: { name } };
}

/** The template filled in. What comes from the message can't leave the folder or hide the file. */
function fileName(template: string, ending: string, input: unknown, call: Call): string {
  const filled = template.replace(/\{([^{}]+)\}/g, (_whole, path: string) => {
    if (path === 'message') return call.messageId;
    if (path === 'delivery') return call.idempotencyKey.slice(0, 12);
    const value = valueAt(input, path);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new CrossdockError('OUTPUT_INVALID', `The file name needs the field ${path}.`, { path });
    return String(value);
  });
  const safe = filled.replace(/[^\p{L}\p{N}._-]/gu, '_').replace(/^\.+/, '_');
  const named = /\.[A-Za-z0-9]{1,8}$/.test(template) ? safe : safe + ending;
  if (Buffer.byteLength(named) > 240)
    throw new CrossdockError('OUTPUT_INVALID', 'The file name is longer than 240 bytes.');
  return named;
}

function contentOf(format: 'json' | 'csv' | 'text', settings: WriteSettings, input: unknown): string {
  if (format === 'json') return `${JSON.stringify(input)}\n`;
  if (format === 'text') {
    if (typeof input !== 'string') throw new CrossdockError('OUTPUT_INVALID', 'A text file needs a text.');
    return input;
  }
  const rows: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (!rows.every(isRecord))
    throw new CrossdockError('OUTPUT_INVALID', 'A CSV file needs an object, or a list of objects.');
  const { columns, delimiter } = settings;
  return buildCsv(rows, {
    ...(columns === undefined ? {} : { columns }),
    ...(delimiter === undefined ? {} : { delimiter }),
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
