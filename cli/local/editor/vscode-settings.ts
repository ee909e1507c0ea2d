import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossdockError } from '../../../core/model/errors.ts';
import { isRecord, sameJson } from '../../output/diff.ts';

/** Which files which schema is for. Patterns that every version of the YAML extension understands: none leaves out files. */
const YAML_SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  './.crossdock/editor/mappings.json': ['mappings/**/*.yaml', 'mappings/**/*.yml'],
  './.crossdock/editor/connections.json': ['config/connections.yaml'],
  './.crossdock/editor/hub.json': ['config/hub.yaml'],
};

export const SETTINGS_FILE = '.vscode/settings.json';

/** The settings as a text, for who has none. */
export function vscodeSettings(): string {
  return `${JSON.stringify({ 'yaml.schemas': YAML_SCHEMAS }, null, 2)}\n`;
}

/** The project's settings of VS Code, as far as the schemas go. */
interface VscodeState {
  /** It names the schemas already. */
  readonly named: boolean;
  /** The file with the schemas added, all else as it is; undefined where it has comments or the like. */
  readonly merged?: string;
}

/** Looks for the schemas in the project's settings of VS Code. Throws CONFIG_INVALID when they can not be read. */
export async function readVscodeSettings(root: string): Promise<VscodeState> {
  const text = await readFile(join(root, SETTINGS_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new CrossdockError('CONFIG_INVALID', `${SETTINGS_FILE} can not be read: ${error.message}.`);
  });
  const strict = objectIn(text.trim() === '' ? '{}' : text);
  const schemas = (strict ?? objectIn(withoutComments(text)))?.['yaml.schemas'] ?? {};
  const isObject = isRecord(schemas);
  const named =
    isObject && Object.entries(YAML_SCHEMAS).every(([name, files]) => sameJson(schemas[name], files));
  if (strict === undefined || !isObject) return { named };
  const merged = { ...strict, 'yaml.schemas': { ...schemas, ...YAML_SCHEMAS } };
  return { named, merged: `${JSON.stringify(merged, null, 2)}\n` };
}

/** Throws CONFIG_INVALID when the file can not be written. */
export async function writeVscodeSettings(root: string, text: string): Promise<void> {
  try {
    await mkdir(join(root, '.vscode'), { recursive: true });
    await writeFile(join(root, SETTINGS_FILE), text);
  } catch (error) {
    throw new CrossdockError(
      'CONFIG_INVALID',
      `${SETTINGS_FILE} can not be written: ${(error as Error).message}.`,
    );
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** VS Code lets comments and commas too many stand in its settings. Good enough to look, not to write. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\/\/.*|\/\*[^]*?\*\//g, '$1').replace(/,(?=\s*[}\]])/g, '');
}
