import { DURATION_PATTERN, type JsonSchema } from '../../core/sdk.ts';

/** `with:` of a `file` connection, after the schema has accepted it. */
export interface FileSettings {
  readonly folder: string;
  readonly write?: WriteSettings;
}

export interface WriteSettings {
  readonly name?: string;
  readonly format?: 'json' | 'csv' | 'text';
  readonly columns?: readonly string[];
  readonly delimiter?: string;
}

/** `from.with` of a mapping that reads dropped files. */
export interface DropOptions {
  readonly pattern?: string;
  readonly format?: RecordFormat;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly columns?: readonly string[];
  readonly settle?: string;
  readonly after?: 'move' | 'delete';
  readonly max_record_bytes?: number;
}

export type RecordFormat = 'csv' | 'json' | 'ndjson';

export const DEFAULT_NAME = '{message}-{delivery}';
export const DEFAULT_SETTLE = '2s';
export const DEFAULT_MAX_RECORD_BYTES = 1_048_576;

const delimiter: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 4,
  description: 'What stands between two fields of a CSV line. Default: a comma.',
  examples: [';'],
};
const columns = (description: string): JsonSchema => ({
  type: 'array',
  description,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
});

/** Schema of `with:` in connections.yaml. */
export const fileSettings: JsonSchema = {
  type: 'object',
  required: ['folder'],
  additionalProperties: false,
  properties: {
    folder: {
      type: 'string',
      minLength: 1,
      description:
        'The folder: relative to the project (made if it is missing) or absolute (must exist). Files that were read go to `done` in it, unreadable ones to `failed`.',
      examples: ['/mnt/exchange/stock'],
    },
    write: {
      type: 'object',
      description: 'How the action `write` makes files.',
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          pattern: '^[^/\\\\.][^/\\\\]*$',
          default: DEFAULT_NAME,
          description:
            'Name of the file, without an ending it gets that of the format. `{message}` is the id of the message, `{delivery}` tells the routes of one message apart, `{any.field}` is a field of the output. The same delivery always makes the same name, so a repeat overwrites its own file.',
          examples: ['order-{OrderRef}.json'],
        },
        format: {
          enum: ['json', 'csv', 'text'],
          default: 'json',
          description: 'What the output is written as. CSV takes an object (one line) or a list of them.',
        },
        columns: columns('Columns of a CSV file and their order. Default: the members of the first object.'),
        delimiter,
      },
    },
  },
};

/** Schema of `from.with` in a mapping. */
export const dropOptions: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    pattern: {
      type: 'string',
      minLength: 1,
      default: '*',
      description:
        'Which files: `*` stands for any characters, `?` for one. Names that begin with a dot or end in .tmp, .part, .partial or .filepart are never read.',
      examples: ['stock-*.csv'],
    },
    format: {
      enum: ['csv', 'json', 'ndjson'],
      default: 'csv',
      description:
        'csv: a record per line, the values are texts. json: a record per item of the list, or the one document. ndjson: a JSON document per line.',
    },
    delimiter,
    quote: { type: 'string', minLength: 1, maxLength: 1, description: 'Quote of CSV fields. Default: `"`.' },
    columns: columns('Names of the CSV columns, for files without a header line.'),
    settle: {
      type: 'string',
      pattern: DURATION_PATTERN,
      default: DEFAULT_SETTLE,
      examples: ['2s'],
      description:
        'A file that was changed within this time may still be written and is left alone. So is a file whose time is ahead of the clock, until it was seen unchanged for as long.',
    },
    after: {
      enum: ['move', 'delete'],
      default: 'move',
      description:
        'What becomes of a file when all its records are accepted. On its way it is called `.<name>.<8 digits>.taken`; what is left under such a name is dealt with by the next run.',
    },
    max_record_bytes: {
      type: 'integer',
      minimum: 1,
      default: DEFAULT_MAX_RECORD_BYTES,
      description: 'A file with a longer record is unreadable from there on.',
    },
  },
};
