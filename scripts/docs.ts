import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages, stalePages } from './docs/reference-pages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes the reference pages (`npm run docs`), or with `--check` says which are not what the code says
 * (`npm run docs:check`, exit code 1).
 */
async function main(args: readonly string[]): Promise<number> {
  const pages = await referencePages();
  const stale = await stalePages(pages);
  if (args.includes('--check')) {
    for (const page of stale) process.stdout.write(`${page} is stale: run \`npm run docs\`\n`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const page of stale) {
    const text = pages.get(page);
    if (text === undefined) {
      await rm(join(ROOT, page));
    } else {
      await mkdir(dirname(join(ROOT, page)), { recursive: true });
      await writeFile(join(ROOT, page), text);
    }
    process.stdout.write(`${text === undefined ? 'removed' : 'wrote'} ${page}\n`);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
