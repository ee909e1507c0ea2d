import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectors } from '../../../connectors/index.ts';
import { surveyProject, type ProjectNames } from '../../../core/language/index.ts';
import { CrossdockError } from '../../../core/model/errors.ts';
import { count } from '../../output/text.ts';
import type { Session } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { projectSchemas } from './published.ts';
import { readVscodeSettings, SETTINGS_FILE, vscodeSettings, writeVscodeSettings } from './vscode-settings.ts';

/** Beside the hub's data, which is in no git either: the schemas follow from the project's files. */
const FOLDER = '.crossdock/editor';

type Place = Pick<Session, 'root' | 'io'>;

/** `crossdock editor`: writes the schemas, and says or writes how an editor finds them. */
export async function writeEditor(session: Session, options: { readonly vscode?: boolean }): Promise<void> {
  const { root, out } = session;
  if (!existsSync(join(root, 'config', 'connections.yaml')))
    throw new UsageError('There is no project here. Go to its folder, or name it with --project.');
  const { files, names } = await writeEditorSchemas(session);
  const { named, merged } = await readVscodeSettings(root);
  const wanted = options.vscode === true && !named;
  const written = wanted && merged !== undefined;
  if (written) await writeVscodeSettings(root, merged);
  out.data({
    ok: written || !wanted,
    files: written ? [...files, SETTINGS_FILE] : files,
    connections: names.connections.map(({ name, offer }) => ({
      name,
      known: offer !== undefined,
      sources: Object.keys(offer?.sources ?? {}),
      actions: Object.keys(offer?.actions ?? {}),
    })),
    schemas: names.schemas.map(({ name }) => name),
    topics: names.topics.map(({ name }) => name),
  });
  const { style } = out;
  const actions = names.connections.flatMap(({ offer }) => Object.keys(offer?.actions ?? {}));
  const known = [
    `${count(names.connections.length, 'connection')} with ${count(actions.length, 'action')}`,
    count(names.schemas.length, 'schema'),
    count(names.topics.length, 'topic'),
  ];
  out.print(`${style.good('✓')} ${style.bold(`${FOLDER}/`)}: an editor can complete ${known.join(', ')}.`);
  for (const { name } of names.connections.filter(({ offer }) => offer === undefined))
    out.print(
      `    ${style.warn(`${name}: its settings can not be read yet, so any action may be written.`)}`,
    );
  if (named || written)
    out.print(
      `${style.good('✓')} ${style.bold(SETTINGS_FILE)} names them for VS Code${written ? '' : ' already: there is nothing to do'}.`,
    );
  else {
    out.print(
      wanted
        ? `\n${SETTINGS_FILE} can not be added to and was left as it is. Add to it:\n`
        : `\nFor VS Code, in ${SETTINGS_FILE} (crossdock editor --vscode writes it):\n`,
    );
    out.print(vscodeSettings().trimEnd());
  }
  out.note(`\n${style.dim('Run it again when connections, schemas or topics change.')}`);
}

/** Writes the schemas anew where they have been written before; else does nothing. */
export async function refreshEditor(place: Place): Promise<void> {
  if (existsSync(join(place.root, FOLDER))) await writeEditorSchemas(place);
}

/** Writes the schemas of a project. Throws CONFIG_INVALID when they can not be written. */
export async function writeEditorSchemas({ root, io }: Place): Promise<{
  readonly files: readonly string[];
  readonly names: ProjectNames;
}> {
  const names = await surveyProject({ root, env: io.env, connectors });
  const files: string[] = [];
  try {
    // The same folder holds the hub's data: only its owner may look into it.
    await mkdir(join(root, '.crossdock'), { recursive: true, mode: 0o700 });
    await mkdir(join(root, FOLDER), { recursive: true });
    for (const [name, schema] of Object.entries(projectSchemas(names))) {
      const file = `${FOLDER}/${name}.json`;
      await writeFile(join(root, file), `${JSON.stringify(schema, null, 1)}\n`);
      files.push(file);
    }
  } catch (error) {
    throw new CrossdockError('CONFIG_INVALID', `${FOLDER} can not be written: ${(error as Error).message}.`);
  }
  return { files, names };
}
