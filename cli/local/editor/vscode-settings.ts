import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossdockError } from '../../../core/model/errors.ts';

/** Which files which schema is for. Patterns that every version of the YAML extension understands: none leaves out files. */
export const YAML_SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  './.crossdock/editor/mappings.json': ['mappings/**/*.yaml', 'mappings/**/*.yml'],
  './.crossdock/editor/connections.json': ['config/connections.yaml'],
  './.crossdock/editor/hub.json': ['config/hub.yaml'],
};

export const SETTINGS_FILE = '.vscode/settings.json';

/** The settings as a text, for who has none. */
export function vscodeSettings(): string {
  return `${JSON.stringify({ 'yaml.schemas': YAML_SCHEMAS }, null, 2)}\n`;
}

/**
 * Adds the schemas to the project's settings of VS Code and leaves all else as it is. False when the file has comments or
 * the like: then nothing is written. Throws CONFIG_INVALID when it can not be.
 */
export async function writeVscodeSettings(root: string): Promise<boolean> {
  const file = join(root, SETTINGS_FILE);
  try {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const merged = text === undefined ? vscodeSettings() : merge(text);
    if (merged === undefined) return false;
    if (merged === text) return true;
    await mkdir(join(root, '.vscode'), { recursive: true });
    await writeFile(file, merged);
    return true;
  } catch (error) {
    throw new CrossdockError(
      'CONFIG_INVALID',
      `${SETTINGS_FILE} can not be written: ${(error as Error).message}.`,
    );
  }
}

function merge(text: string): string | undefined {
  try {
    const settings = (text.trim() === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return undefined;
    const schemas = { ...(settings['yaml.schemas'] as object | undefined), ...YAML_SCHEMAS };
    return `${JSON.stringify({ ...settings, 'yaml.schemas': schemas }, null, 2)}\n`;
  } catch {
    return undefined;
  }
}
