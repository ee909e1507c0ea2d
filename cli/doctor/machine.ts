import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { askReadiness, DEFAULT_URL } from '../client.ts';
import { formatBytes } from '../output/text.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const LITTLE_DISK = 1024 ** 3;
const MUCH_DRIFT_MS = 5_000;

export function examineNode(): readonly Finding[] {
  const finding = findingsOf('node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = `Node.js ${process.versions.node}`;
  // The program itself refuses what is older than 22.18; of the even (long-lived) lines 22 ends in April 2027.
  if (major % 2 === 1)
    return [finding.warn(`${detail} is a short-lived version`, 'use an even one: 22 (from 22.18 on) or 24')];
  return [
    major > 22 || minor >= 18 ? finding.ok(detail) : finding.fail(detail, 'install Node.js 22.18 or newer'),
  ];
}

/** Whether the data folder, or the nearest folder above it that exists, can be written to and has room. */
export async function examineDataFolder({ data }: Session): Promise<readonly Finding[]> {
  const finding = findingsOf('data folder');
  let folder = data;
  while (!(await exists(folder)) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    await access(folder, constants.W_OK);
  } catch {
    return [
      finding.fail(
        `${data} can not be written to`,
        'give this user the right, or name another with CROSSDOCK_DATA',
      ),
    ];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${data}${folder === data ? '' : ' (will be made)'}, ${formatBytes(free)} free`;
  const findings = [
    free < LITTLE_DISK ? finding.warn(detail, 'make room: payloads need disk') : finding.ok(detail),
  ];
  if (folder === data && ((await stat(data)).mode & 0o077) !== 0)
    findings.push(finding.warn('other users of this machine can look into it', `chmod 700 ${data}`));
  return findings;
}

/** A hub that answers, or a free address for one. */
export async function examineHub(session: Session): Promise<readonly Finding[]> {
  const { environment, global, io } = session;
  const finding = findingsOf('hub');
  const url = (global.url ?? environment.CROSSDOCK_URL ?? DEFAULT_URL).replace(/\/$/, '');
  try {
    const asked = io.clock.now();
    const { ready, degraded, body, date } = await askReadiness(url);
    const said = JSON.stringify(body).slice(0, 300);
    const findings = [
      !ready
        ? finding.fail(`something answers at ${url}, but is not ready: ${said}`, 'see its log and /readyz')
        : degraded
          ? finding.warn(`a hub runs at ${url}, but a part of it is not ready: ${said}`, 'see its log')
          : finding.ok(`a hub runs at ${url} and is ready`),
    ];
    const drift = date - asked;
    if (Math.abs(drift) > MUCH_DRIFT_MS) findings.push(clockFinding('the hub', drift));
    return findings;
  } catch {
    return [await examineAddress(session, url)];
  }
}

async function examineAddress({ environment, global }: Session, url: string): Promise<Finding> {
  const finding = findingsOf('hub');
  if (global.url !== undefined || environment.CROSSDOCK_URL !== undefined)
    return finding.fail(`no hub answers at ${url}`, 'start it, or correct --url or CROSSDOCK_URL');
  const { host, port } = environment.CROSSDOCK_LISTEN ?? { host: '127.0.0.1', port: 7400 };
  const place = `${host}:${port}`;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        finding.fail(
          `none runs, and ${place} can not be listened on (${error.code ?? error.message})`,
          'choose another --listen',
        ),
      );
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(finding.info(`none runs; ${place} is free for one`));
      });
    });
  });
}

/** Clocks that differ make signed webhooks fail and retries come early or late. */
export function clockFinding(whose: string, driftMs: number): Finding {
  const seconds = (Math.abs(driftMs) / 1000).toFixed(1);
  return findingsOf('clock').warn(
    `the clock of ${whose} is ${seconds}s ${driftMs > 0 ? 'ahead of' : 'behind'} this machine's`,
    'keep both in time with NTP',
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
