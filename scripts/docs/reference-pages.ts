import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { publishedSchemas } from '../../cli/local/editor/published.ts';
import { apiPage, openApiDocument } from './api-page.ts';
import { checksPage } from './checks-page.ts';
import { cliPage } from './cli-page.ts';
import { connectorPages } from './connector-pages.ts';
import { environmentPage } from './environment-page.ts';
import { errorsPage } from './errors-page.ts';
import { functionsPage } from './functions-page.ts';
import { metricsPage } from './metrics-page.ts';
import { projectFilesPage } from './project-files-page.ts';
import { rolesPage } from './roles-page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = 'docs/reference';
const HEADER =
  '<!-- Generated from the code by scripts/docs.ts: change the code, then run `npm run docs`. -->';

/** The reference, made from the code that it is about: path in the repository → text, as Prettier wants it. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const pages: Readonly<Record<string, string>> = {
    'api.md': apiPage(),
    'checks.md': checksPage(),
    'cli.md': cliPage(),
    'environment.md': environmentPage(),
    'errors.md': errorsPage(),
    'functions.md': functionsPage(),
    'metrics.md': await metricsPage(),
    'project-files.md': projectFilesPage(),
    'roles.md': rolesPage(),
    ...connectorPages(),
  };
  const config = (await resolveConfig(join(ROOT, 'package.json'))) ?? {};
  const written = new Map<string, string>();
  for (const [name, text] of Object.entries(pages))
    written.set(`${FOLDER}/${name}`, await format(`${HEADER}\n\n${text}`, { ...config, parser: 'markdown' }));
  const documents: Readonly<Record<string, unknown>> = {
    'openapi.json': openApiDocument(),
    ...Object.fromEntries(
      Object.entries(publishedSchemas()).map(([kind, schema]) => [`schemas/${kind}.json`, schema]),
    ),
  };
  for (const [name, document] of Object.entries(documents))
    written.set(`${FOLDER}/${name}`, await format(JSON.stringify(document), { ...config, parser: 'json' }));
  return written;
}

/** The pages on the disk that are missing, other than what the code says, or left over. */
export async function stalePages(pages: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const present = await readdir(join(ROOT, FOLDER), { recursive: true, withFileTypes: true }).catch(() => []);
  const stale = present
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !pages.has(file));
  for (const [page, text] of pages) {
    const written = await readFile(join(ROOT, page), 'utf8').catch(() => undefined);
    if (written !== text) stale.push(page);
  }
  return stale.sort();
}
