import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatProblem, loadSchemas } from '../../../core/language/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { refreshEditor } from '../editor/write-editor.ts';

/** Where a schema that was made is to go. */
export interface SchemaTarget {
  /** Its name: `sales/order@1`; may be missing with `stdout`. */
  readonly as?: string;
  readonly force?: boolean;
  /** Print it instead of writing it. */
  readonly stdout?: boolean;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.@-]*)*$/;

/**
 * Finds out, before any work is done, whether a schema may be written under a name. Throws UsageError for a name that is
 * none, outside a project, and where there is one already.
 */
export async function checkTarget(
  { root }: Session,
  { as: name, force, stdout }: SchemaTarget,
): Promise<void> {
  if (stdout === true && name === undefined) return;
  if (name === undefined) throw new UsageError('Say what the schema is to be called: --as sales/order@1.');
  if (!NAME.test(name) || /\.(json|ya?ml)$/.test(name)) {
    const bare = name.replace(/^(\.\/)?(schemas\/)?/, '').replace(/\.(json|ya?ml)$/, '');
    const like = NAME.test(bare) ? `${bare.includes('@') ? bare : `${bare}@1`}` : 'sales/order@1';
    throw new UsageError(`"${name}" is no name of a schema. Such a name looks like "${like}".`);
  }
  if (stdout === true) return;
  if (!existsSync(join(root, 'config', 'connections.yaml')))
    throw new UsageError(
      'There is no project here. Name one with --project, or print the schema with --stdout.',
    );
  const { files } = await loadSchemas(root);
  const file = files.get(name);
  if (file === undefined || (force === true && file === fileOf(name))) return;
  throw new UsageError(
    force === true
      ? `The schema "${name}" is in ${file}: remove that file first.`
      : `There is a schema "${name}" already, in ${file}. Choose the next version, or overwrite it with --force.`,
  );
}

/**
 * Writes a schema into the project, once it is known that the project takes it. Resolves with the file, undefined when it
 * was printed. Throws CONFIG_INVALID with what the project would not take.
 */
export async function writeSchema(
  session: Session,
  { as: name, stdout }: SchemaTarget,
  schema: JsonSchema,
): Promise<string | undefined> {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const known = name ?? 'made';
  const { problems } = await loadSchemas(session.root, new Map([[known, schema]]));
  const wrong = problems.filter(({ file }) => file === fileOf(known));
  if (wrong.length > 0) {
    const list = wrong.slice(0, 10).map((problem) => `\n${formatProblem(problem)}`);
    throw new CrossdockError('CONFIG_INVALID', `The schema is not one that a project takes:${list.join('')}`);
  }
  if (stdout === true) {
    if (!session.out.json) session.io.out.write(text);
    return undefined;
  }
  const file = fileOf(known);
  try {
    await mkdir(dirname(join(session.root, file)), { recursive: true });
    await writeFile(join(session.root, file), text);
  } catch (error) {
    throw new CrossdockError('CONFIG_INVALID', `${file} can not be written: ${(error as Error).message}.`);
  }
  await refreshEditor(session);
  return file;
}

/** How to tell of a schema that was made: as the result, or beside it where the schema itself is printed. */
export function tellerOf(
  { out }: Session,
  file: string | undefined,
): { readonly what: string; readonly tell: (text?: string) => void } {
  const { style } = out;
  return {
    what: `${style.good('✓')} ${file === undefined ? 'A schema' : style.bold(file)}`,
    tell: (text = '') => (file === undefined ? out.note(text) : out.print(text)),
  };
}

function fileOf(name: string): string {
  return `schemas/${name}.json`;
}
