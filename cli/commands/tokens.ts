import { Command, Option } from 'commander';
import type { BodyOf, ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import { addDefaultList } from '../default-list.ts';
import type { Io } from '../io.ts';
import { collect, futureTime } from '../options.ts';
import { safeText } from '../output/text.ts';
import { localTime, relativeTime, shortTime } from '../output/time.ts';
import { act } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

type Token = ResponseOf<typeof endpoints.listTokens>['items'][number];
type Grants = BodyOf<typeof endpoints.createToken>['grants'];

interface CreateOptions {
  readonly grant?: readonly string[];
  readonly expires?: string;
  readonly why?: string;
}

/** API tokens: who may do what. */
export function tokensCommand(io: Io): Command {
  const command = new Command('tokens').alias('token').description('make, see and revoke API tokens');
  command
    .command('create <name>')
    .description('make a token; it is shown this once')
    .addOption(
      new Option(
        '-g, --grant <role[:domains]>',
        'a role, and the domains it holds on (default: all); may be repeated',
      )
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--expires <time>', 'when it ends: 30d, or 2026-12-31').argParser(futureTime(io.clock)),
    )
    .option('--why <text>', 'the reason; kept in the audit log')
    .addHelpText(
      'after',
      `
Roles: viewer, payload-reader, operator, auditor, admin, and those of config/hub.yaml.

Examples:
  $ crossdock tokens create ci --grant viewer --expires 30d
  $ crossdock tokens create night-shift --grant operator:sales/*,finance/* --grant payload-reader:sales/*`,
    )
    .action(act(io, createToken));
  addDefaultList(command, 'tokens, without their secrets').action(act(io, listTokens));
  command
    .command('revoke <id>')
    .description('end a token, within seconds, everywhere')
    .option('-y, --yes', 'do not ask')
    .option('--why <text>', 'the reason; kept in the audit log')
    .action(act(io, revokeToken));
  return command;
}

async function createToken({ out, hub }: Session, name: string, options: CreateOptions): Promise<void> {
  const { call, endpoints } = await hub();
  const { grant = [], expires, why } = options;
  const created = await call(endpoints.createToken, {
    body: { name, grants: grant.map(parseGrant), expiresAt: expires, why },
  });
  out.data(created);
  if (out.json) return;
  const end =
    created.expiresAt === undefined ? 'It does not expire.' : `It ends ${localTime(created.expiresAt)}.`;
  out.note(`Token ${out.style.bold(safeText(created.name))} (${created.id}): ${grantsOf(created)}. ${end}`);
  out.note(out.style.warn('This is the only time that it is shown:'));
  out.print(created.token);
}

async function listTokens({ out, hub }: Session): Promise<void> {
  const { call, endpoints } = await hub();
  const tokens = await call(endpoints.listTokens);
  out.data(tokens);
  if (tokens.items.length === 0) {
    out.print('No tokens.');
    return;
  }
  const now = out.clock.now();
  const relative = (iso: string | undefined): string => (iso === undefined ? '' : relativeTime(iso, now));
  out.table<Token>(
    [
      { title: 'ID', cell: (row) => row.id },
      { title: 'NAME', cell: (row) => safeText(row.name), flex: { min: 10 } },
      { title: 'GRANTS', cell: grantsOf, flex: { min: 16 } },
      { title: 'STATE', cell: (row) => stateOf(row, now, out) },
      { title: 'LAST USED', cell: (row) => relative(row.lastUsedAt) || 'never', optional: true },
      {
        title: 'MADE',
        cell: (row) => `${shortTime(row.createdAt, now)} by ${safeText(row.createdBy)}`,
        optional: true,
      },
    ],
    tokens.items,
  );
}

async function revokeToken(
  { out, hub }: Session,
  id: string,
  options: { readonly yes?: boolean; readonly why?: string },
): Promise<void | 1> {
  const { call, endpoints } = await hub();
  const token = (await call(endpoints.listTokens)).items.find((one) => one.id === id);
  const name = token === undefined ? id : `"${safeText(token.name)}" (${id})`;
  if (token !== undefined && !(await out.confirm(`Revoke the token ${name}?`, options.yes ?? false))) {
    out.note('Nothing was done.');
    return 1;
  }
  const revoked = await call(endpoints.revokeToken, { params: { id }, query: { why: options.why } });
  out.data(revoked);
  out.print(`${out.style.good('✓')} The token ${name} is revoked.`);
}

/** `operator:sales/*,finance/*`; a domain may be written without its star. */
function parseGrant(text: string): Grants[number] {
  const [role, domains, ...more] = text.split(':');
  if (!role || domains === '' || more.length > 0)
    throw new UsageError(`"${text}" is no grant: write role, or role:domain/*,domain/*.`);
  const patterns = (domains ?? '*').split(',').map((domain) => {
    if (domain === '*' || /^[\w.-]+\/\*$/.test(domain)) return domain;
    if (/^[\w.-]+$/.test(domain)) return `${domain}/*`;
    throw new UsageError(`"${domain}" is no domain: write * for all, or <domain>/*.`);
  });
  return { role, domains: patterns };
}

function grantsOf({ grants }: Pick<Token, 'grants'>): string {
  return grants
    .map(({ role, domains }) => (domains.includes('*') ? role : `${role} on ${domains.join(' ')}`))
    .join(', ');
}

function stateOf(token: Token, now: number, { style }: Session['out']): string {
  if (token.revokedAt !== undefined) return style.dim('revoked');
  if (token.expiresAt === undefined) return style.good('valid');
  return Date.parse(token.expiresAt) <= now
    ? style.dim('expired')
    : style.good(`ends ${relativeTime(token.expiresAt, now)}`);
}
