import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { connectors } from '../../connectors/index.ts';
import { createLogger } from '../../core/log.ts';
import { startHub } from '../compose.ts';
import type { Hub, HubOptions } from '../compose.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { requireProject } from '../local/read-project.ts';
import type { Session } from '../session.ts';
import { readVersion } from '../version.ts';
import { ROLES } from './options.ts';
import type { StartOptions } from './options.ts';
import { startSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { startScreen } from './screen.ts';
import { waitForEnd } from './signals.ts';
import { watchTraffic } from './watch-traffic.ts';

const TOKEN_FILE = 'admin-token';

/** `crossdock start`: resolves when the hub has ended, at the wish of a signal. */
export async function start(session: Session, options: StartOptions): Promise<ExitCode> {
  const { out, io } = session;
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const hubOptions = optionsOf(session, options, project);
  await mkdir(hubOptions.dataFolder, { recursive: true, mode: 0o700 });
  // From here on a signal ends what has been started, even if not all of it has.
  const ending = waitForEnd(io, {
    onFirst: () => out.note('\nStopping; what is in hand is finished. Again to end at once.'),
  });
  const tokenFile = join(hubOptions.dataFolder, TOKEN_FILE);
  const hub = await startHub({
    ...hubOptions,
    adminTokenLost: !existsSync(tokenFile),
    keepAdminToken: (token) => keepToken(token, tokenFile),
  });
  let sandbox: Sandbox | undefined;
  try {
    if (options.sandbox) sandbox = await startSandbox(hub, session, hubOptions.dataFolder);
    const facts = { project, hub, options: hubOptions, sandboxUrl: sandbox?.url, tokenFile };
    out.data(startFacts(facts));
    if (!out.json) out.print(startScreen(facts, session));
    const watching =
      options.watch && io.out.isTTY && !out.json ? watchTraffic(session, hub, hubOptions) : undefined;
    await ending;
    await watching?.stop();
  } finally {
    await sandbox?.stop();
    await hub.stop();
  }
  return EXIT_CODES.ok.code;
}

function optionsOf(
  { environment, io, root, data }: Session,
  options: StartOptions,
  project: HubOptions['project'],
): HubOptions {
  const level = options.logLevel ?? environment.CROSSDOCK_LOG ?? 'info';
  const format = environment.CROSSDOCK_LOG_FORMAT ?? (io.err.isTTY ? 'pretty' : 'json');
  return {
    project,
    connectors,
    roles: new Set(options.roles ?? ROLES),
    listen: options.listen ?? environment.CROSSDOCK_LISTEN ?? { host: '127.0.0.1', port: 7400 },
    dataFolder: options.data === undefined ? data : resolve(root, options.data),
    databaseUrl: environment.CROSSDOCK_DATABASE_URL,
    amqpUrl: environment.CROSSDOCK_AMQP_URL,
    version: readVersion(),
    clock: io.clock,
    log: createLogger(level, format),
  };
}

/** A token that was made just now is kept where the commands look for it; only this user can read it. */
async function keepToken(token: string, file: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, `${token}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

/** What the start screen shows, for programs; never the token itself. */
function startFacts({
  project,
  hub,
  options,
  sandboxUrl,
  tokenFile,
}: {
  readonly project: HubOptions['project'];
  readonly hub: Hub;
  readonly options: HubOptions;
  readonly sandboxUrl?: string;
  readonly tokenFile: string;
}): unknown {
  return {
    ok: true,
    url: hub.url,
    sandbox: sandboxUrl,
    version: options.version,
    revision: project.revision,
    roles: [...options.roles],
    dataFolder: options.dataFolder,
    adminTokenFile: tokenFile,
    mappings: project.mappings.map(({ name }) => name),
  };
}
