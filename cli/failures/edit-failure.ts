import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CrossdockError } from '../../core/model/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { reasonFor } from './act-on-failures.ts';

interface EditOptions {
  readonly body?: string;
  readonly why?: string;
  readonly retry?: boolean;
}

/** `failures edit`: the new body comes from a file, from standard input, or out of the person's editor. */
export async function editFailure(session: Session, id: string, options: EditOptions): Promise<ExitCode> {
  const { out } = session;
  const { call, endpoints } = await session.hub();
  const text =
    options.body === undefined ? await fromEditor(session, id) : await fromFile(session, options.body);
  if (text === undefined) {
    out.note('Nothing was changed.');
    return EXIT_CODES.failed.code;
  }
  const body = parseBody(text);
  const why = await reasonFor(session, options.why, 'Why is it changed?');
  const failure = await call(endpoints.editFailure, { params: { id }, body: { body, why } });
  if (options.retry) await call(endpoints.retryFailures, { body: { ids: [id], why } });
  out.data(failure);
  out.print(`${out.style.good('✓')} Changed. ${options.retry ? 'It is sent again now.' : ''}`.trimEnd());
  if (!options.retry) out.note(out.style.dim(`Send it again with: crossdock failures retry ${id}`));
  return EXIT_CODES.ok.code;
}

async function fromFile(session: Session, path: string): Promise<string> {
  if (path === '-') return session.io.readStdin();
  try {
    return await readFile(resolve(session.io.cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`The file ${path} can not be read: ${(error as Error).message}`);
  }
}

/** Undefined when the person changed nothing. The file is in a folder that only this user can read. */
async function fromEditor(session: Session, id: string): Promise<string | undefined> {
  const { io, environment } = session;
  const editor = environment.VISUAL ?? environment.EDITOR;
  if (!io.interactive || editor === undefined)
    throw new UsageError('Give the new body with --body FILE, or set EDITOR to edit it here.');
  const { call, endpoints } = await session.hub();
  const failure = await call(endpoints.getFailure, { params: { id } });
  const payload = await call(endpoints.getPayload, { params: { id: failure.messageId } });
  if (payload.encoding === 'base64')
    throw new CrossdockError(
      'CONTENT_TYPE_UNSUPPORTED',
      'The message is no text: give the new body with --body.',
    );
  const before = pretty(payload.payload);
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-edit-'));
  try {
    const file = join(folder, `${id}.json`);
    await writeFile(file, before, { mode: 0o600 });
    await runEditor(editor, file);
    const after = await readFile(file, 'utf8');
    return after.trim() === before.trim() ? undefined : after;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runEditor(editor: string, file: string): Promise<void> {
  return new Promise((done, fail) => {
    // EDITOR may hold options ("code --wait"), as git takes it.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.on('error', fail);
    child.on('exit', (code) => {
      if (code === 0) done();
      else
        fail(new UsageError(`The editor (${editor}) ended with code ${String(code)}; nothing was changed.`));
    });
  });
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`The new body is no JSON: ${(error as Error).message}`);
  }
}

function pretty(text: string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}
