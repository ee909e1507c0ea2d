import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { publishedSchemas } from '../../cli/local/editor/published.ts';
import { connectors } from '../../connectors/index.ts';
import type { EditorFile } from '../../core/language/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { isDescribed } from '../contract/connector-settings.ts';
import { readPages, ROOT } from './markdown.ts';

const schemas = publishedSchemas();
const kinds = Object.keys(schemas) as EditorFile[];

/** The language server of most editors is at home in draft-07: what it is given must mean the same there. */
const dialects = {
  'draft 2020-12': (schema: JsonSchema) => withFormats(new Ajv2020(OPTIONS)).compile(schema),
  'draft-07': ({ $schema: _, ...schema }: JsonSchema) => withFormats(new Ajv(OPTIONS)).compile(schema),
} as const;

const OPTIONS = { strict: true, strictTypes: false, strictRequired: false, allErrors: true } as const;

function withFormats<T extends Ajv>(ajv: T): T {
  addFormats.default(ajv);
  return ajv;
}

function read(file: string): unknown {
  return parse(readFileSync(join(ROOT, file), 'utf8')) as unknown;
}

function kindOf(file: string): EditorFile {
  if (file.startsWith('config/')) return file === 'config/hub.yaml' ? 'hub' : 'connections';
  return file.endsWith('.test.yaml') ? 'test' : 'mapping';
}

/** Each file of the repository that a hub reads, and those that the documentation and the connectors show. */
const samples: readonly (readonly [kind: EditorFile, what: string, value: unknown])[] = [
  ...globSync('mappings/**/*.yaml', { cwd: ROOT }).map((file) => [kindOf(file), file, read(file)] as const),
  ['connections', 'config/connections.yaml', read('config/connections.yaml')],
  ['hub', 'config/hub.yaml', read('config/hub.yaml')],
  ...(await readPages()).flatMap(({ file, blocks }) =>
    blocks.flatMap(({ text, line }) => {
      const path = /^# ((?:mappings|config)\/\S+\.yaml)\n/.exec(text)?.[1];
      return path === undefined
        ? []
        : [[kindOf(path), `${path} in ${file}:${line}`, parse(text) as unknown] as const];
    }),
  ),
  ...connectors.flatMap(({ name, examples }) =>
    examples
      .filter(({ title }) => title.startsWith('Connection'))
      .map(({ title, yaml }) => ['connections', `${name}: ${title}`, parse(yaml) as unknown] as const),
  ),
];

const from = { connection: 'shop', source: 'webhook' };
const to = [{ target: 'a', connection: 'erp', action: 'book' }];
const rest = { connector: 'rest', with: { base_url: 'https://example.com' } };

/** What an editor must not let pass. */
const broken: readonly (readonly [kind: EditorFile, what: string, value: unknown])[] = [
  ['mapping', 'no targets', { from }],
  ['mapping', 'an unknown key', { from, to, form: {} }],
  ['mapping', 'a topic beside a connection', { from: { ...from, topic: 't' }, to }],
  ['mapping', 'a connection without a source', { from: { connection: 'shop' }, to }],
  ['mapping', 'a step of two things', { from, to, steps: [{ filter: 'a', split: 'b' }] }],
  ['mapping', 'a duration that is none', { from, to, retry: { delays: ['soon'] } }],
  ['mapping', 'a filter that is no text', { from, to, steps: [{ filter: true }] }],
  ['connections', 'an unknown connector', { a: { connector: 'rset' } }],
  ['connections', 'settings that are missing', { a: { connector: 'rest' } }],
  ['connections', 'an unknown setting', { a: { ...rest, with: { ...rest.with, check_path: '/' } } }],
  [
    'connections',
    'a secret in the file',
    { a: { ...rest, with: { ...rest.with, auth: { type: 'bearer', token: 'hunter2' } } } },
  ],
  [
    'connections',
    'a secret with a default',
    { a: { ...rest, with: { ...rest.with, auth: { type: 'bearer', token: '${env:TOKEN:-hunter2}' } } } },
  ],
  ['connections', 'a limit that is none', { a: { ...rest, limits: { rate: 'fast' } } }],
  ['hub', 'a size that is none', { intake: { max_body: 'big' } }],
  ['hub', 'an unknown key', { intakes: {} }],
  ['test', 'no cases', {}],
  ['test', 'a case that expects nothing', { cases: [{ name: 'a', input: 1 }] }],
  ['test', 'an unknown error code', { cases: [{ name: 'a', input: 1, fails: { code: 'OOPS' } }] }],
];

/** What may stand where a reference is filled in later. */
const referring: readonly (readonly [kind: EditorFile, value: unknown])[] = [
  [
    'connections',
    {
      a: {
        connector: 'rest',
        with: {
          base_url: '${env:URL}',
          timeout: '${env:TIMEOUT:-30s}',
          format: '${env:FORMAT}',
          auth: { type: 'bearer', token: 'prefix-${file:secrets/token}' },
          sources: { all: { path: '/a', max_pages: '${env:PAGES}' } },
        },
      },
    },
  ],
  ['hub', { namespace: '${env:NAMESPACE}', retention: { messages: '${env:KEEP:-400d}' } }],
];

describe('The schemas for editors', () => {
  for (const [dialect, compile] of Object.entries(dialects)) {
    const validators = Object.fromEntries(kinds.map((kind) => [kind, compile(schemas[kind])]));

    for (const [kind, what, value] of samples)
      it(`take, as ${dialect}, ${what}`, () => {
        const validate = validators[kind];
        assert.equal(validate?.(value), true, JSON.stringify(validate?.errors, null, 2));
      });

    it(`refuse, as ${dialect}, what is broken`, () => {
      const passed = broken.filter(([kind, , value]) => validators[kind]?.(value) === true);
      assert.deepEqual(
        passed.map(([kind, what]) => `${kind}: ${what}`),
        [],
      );
    });

    it(`take, as ${dialect}, references to what is filled in later`, () => {
      for (const [kind, value] of referring) {
        const validate = validators[kind];
        assert.equal(validate?.(value), true, JSON.stringify(validate?.errors, null, 2));
      }
    });
  }

  for (const kind of kinds) {
    it(`say of every member of a ${kind} file what it is, with an example that fits`, () => {
      const wrong = membersOf(schemas[kind]).flatMap(([path, member]) => {
        const { examples } = member;
        if (!isDescribed(member)) return [`${path}: no description`];
        if (!Array.isArray(examples) || examples.length === 0) return [`${path}: no example`];
        const validate = dialects['draft 2020-12'](member);
        return examples
          .filter((one) => !validate(one))
          .map((one) => `${path}: ${JSON.stringify(one)} does not fit`);
      });
      assert.deepEqual(wrong, []);
    });
  }

  it('have an id and a title, and only keywords that both drafts know', () => {
    for (const kind of kinds) {
      const { $schema, $id, title } = schemas[kind];
      assert.deepEqual(
        [$schema, $id, typeof title],
        ['https://json-schema.org/draft/2020-12/schema', `urn:crossdock:file:${kind}`, 'string'],
      );
      const text = JSON.stringify(schemas[kind]);
      for (const keyword of [
        '$defs',
        'prefixItems',
        'unevaluated',
        'dependentRequired',
        'discriminator',
        'x-address',
        'x-secret',
      ])
        assert.ok(!text.includes(`"${keyword}`), `${kind}: ${keyword}`);
    }
  });
});

/** Every named member, however deep. */
function membersOf(schema: unknown, path = ''): readonly (readonly [path: string, member: JsonSchema])[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((one, i) => membersOf(one, `${path}[${i}]`));
  return Object.entries(schema as JsonSchema).flatMap(([key, value]) => {
    // In a condition a member is named to be compared.
    if (['examples', 'default', 'const', 'enum', 'if', 'not'].includes(key)) return [];
    if (key !== 'properties') return membersOf(value, key === 'items' ? `${path}[]` : path);
    return Object.entries(value as Record<string, JsonSchema>).flatMap(([name, member]) => [
      [`${path}.${name}`, member] as const,
      ...membersOf(member, `${path}.${name}`),
    ]);
  });
}
