import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { pastTime } from '../options.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { act } from '../session.ts';
import { UsageError } from '../usage-error.ts';

type Verification = ResponseOf<typeof endpoints.verifyAudit>;
type Head = NonNullable<Verification['heads']>[number];

interface VerifyOptions {
  readonly since?: string;
  readonly heads?: string;
}

/** Findings that a person is shown; --json has all. */
const SHOWN = 20;

/** Adds `verify` to the `audit` commands. */
export function addVerify(group: Command, io: Io): void {
  group
    .command('verify')
    .description('prove that the audit log is what was written')
    .addOption(
      new Option(
        '--since <time>',
        'only what was written from then on: 2h, 7d (ago) or 2026-03-01',
      ).argParser(pastTime(io.clock)),
    )
    .option('--heads <file>', 'what an earlier `audit verify --json` printed: it must still be so')
    .addHelpText(
      'after',
      '\nKeep the output of --json where nobody who can write to the database can reach it, and give it back later with' +
        '\n--heads: only then are a cut-off end and a log that was written anew seen. Exits with 1 when anything is wrong.',
    )
    .action(act(io, verify));
}

async function verify({ io, out, hub }: Session, { since, heads }: VerifyOptions): Promise<ExitCode> {
  const head = heads === undefined ? undefined : await readHeads(resolve(io.cwd, heads));
  const { call, endpoints } = await hub();
  let page = await call(endpoints.verifyAudit, { query: { since, head } });
  let total = page;
  while (page.next !== undefined) {
    out.progress(`${count(total.blocks, 'block')} and ${count(total.events, 'event')} compared …`);
    page = await call(endpoints.verifyAudit, { query: { after: page.next } });
    total = {
      ...page,
      blocks: total.blocks + page.blocks,
      events: total.events + page.events,
      expired: total.expired + page.expired,
      findings: [...total.findings, ...page.findings],
    };
  }
  const { next: _next, ...result } = total;
  out.data({ intact: result.findings.length === 0, ...result });
  print(result, out);
  if (result.findings.length > 0) return EXIT_CODES.failed.code;
  if (head === undefined && !out.json)
    out.note(out.style.dim('Not compared with kept heads: see `crossdock audit verify --help`.'));
  return EXIT_CODES.ok.code;
}

function print({ blocks, events, expired, findings }: Verification, out: Session['out']): void {
  const { style } = out;
  for (const { text } of findings.slice(0, SHOWN)) out.print(`${style.bad('✗')} ${text}`);
  if (findings.length > SHOWN) out.print(style.dim(`… and ${findings.length - SHOWN} more: --json has all`));
  const compared = `${count(events, 'event')} in ${count(blocks, 'block')}`;
  out.print(
    findings.length === 0
      ? `${style.good('✓')} Intact: ${compared} are as they were written.`
      : style.bad(`✗ Tampered with: ${count(findings.length, 'finding')} in ${compared}.`),
  );
  if (expired > 0)
    out.print(style.dim(`${count(expired, 'block')} of them expired: retention has dropped their events.`));
}

/** As the query takes them: `chain:seq:hash`. Throws UsageError for a file that `audit verify --json` did not write. */
async function readHeads(file: string): Promise<readonly string[]> {
  let kept: unknown;
  try {
    kept = (JSON.parse(await readFile(file, 'utf8')) as { heads?: unknown } | null)?.heads;
  } catch (error) {
    throw new UsageError(`can not read ${file}: ${(error as Error).message}`);
  }
  if (!Array.isArray(kept) || !kept.every(isHead))
    throw new UsageError(
      `${file} holds no heads: it must be what \`crossdock audit verify --json\` printed.`,
    );
  return kept.map(({ chain, seq, hash }) => `${chain}:${seq}:${hash}`);
}

function isHead(value: unknown): value is Head {
  const { chain, seq, hash } = (value ?? {}) as Partial<Record<keyof Head, unknown>>;
  return Number.isInteger(chain) && Number.isInteger(seq) && /^[0-9a-f]{64}$/.test(String(hash));
}
