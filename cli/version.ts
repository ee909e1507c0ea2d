import { readFileSync } from 'node:fs';

/** The version in package.json: beside the sources, or one folder further up in a published build. */
export function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name === 'crossdock' && version !== undefined) return version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
