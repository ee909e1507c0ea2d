import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CrossdockError } from '../../core/model/errors.ts';
import { writeEditorSchemas } from '../local/editor/write-editor.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { projectFiles } from './template.ts';

/** `crossdock init`: writes a small project into a new or empty folder. Throws UsageError where something is already. */
export async function initProject({ io, out }: Session, folder: string): Promise<void> {
  const root = resolve(io.cwd, folder);
  if ((await entriesOf(root)).length > 0)
    throw new UsageError(`${folder} is not empty. Name a new folder; nothing was changed.`);
  const files = projectFiles(basename(root), randomBytes(24).toString('hex'));
  try {
    for (const { path, text, secret } of files) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      if (secret) await chmod(dirname(file), 0o700);
      await writeFile(file, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
    }
    await mkdir(join(root, 'out'), { recursive: true });
    await writeEditorSchemas({ root, io });
  } catch (error) {
    throw new CrossdockError('CONFIG_INVALID', `The project can not be written: ${(error as Error).message}`);
  }
  out.data({ ok: true, root, files: files.map(({ path }) => path) });
  const { style } = out;
  out.print(`${style.good('✓')} A small project is in ${style.bold(folder)}:\n`);
  for (const { path } of files) out.print(`    ${path}`);
  const here = relative(io.cwd, root);
  out.print(`\n${style.dim('Try')}`);
  if (here !== '') out.print(`    cd ${here}`);
  out.print('    crossdock check');
  out.print('    crossdock test');
  out.print('    crossdock map sales/orders --input samples/order.json');
  out.print('    crossdock start');
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    // What every fresh repository has is no obstacle.
    return (await readdir(folder)).filter((name) => name !== '.git');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UsageError(code === 'ENOTDIR' ? `${folder} is a file.` : message);
  }
}
