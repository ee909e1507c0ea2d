import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from './captured-io.ts';
import { crossdock } from './captured-io.ts';

/** A project just as `crossdock init` makes it. */
export interface FreshProject {
  readonly root: string;
  /** The folder that the project's is in. */
  readonly folder: string;
  run(argv: readonly string[], stdin?: string): Promise<Ran>;
  write(path: string, text: string): Promise<void>;
  edit(path: string, change: (text: string) => string): Promise<void>;
}

/** Connections for mappings that ask a CRM as well. */
export const CONNECTIONS = `shop: { connector: webhook, with: { verify: { type: none } } }
archive: { connector: file, with: { folder: out } }
crm:
  connector: rest
  with: { base_url: 'https://crm.example.com', actions: { find: { method: GET, path: '/a/{id}' } } }
`;

/** In a `describe`: a new one for each test. */
export function freshProject(): FreshProject {
  let folder = '';
  const rootOf = (): string => join(folder, 'my-hub');
  const write = (path: string, text: string): Promise<void> => writeFile(join(rootOf(), path), text);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-cli-'));
    const { code } = await crossdock(['init', 'my-hub'], { cwd: folder });
    assert.equal(code, 0);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  return {
    get root() {
      return rootOf();
    },
    get folder() {
      return folder;
    },
    run: (argv, stdin) => crossdock(argv, { cwd: rootOf(), stdin }),
    write,
    edit: async (path, change) => write(path, change(await readFile(join(rootOf(), path), 'utf8'))),
  };
}
