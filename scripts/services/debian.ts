import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { mustRun } from './processes.ts';
import { postgresInstalled } from './postgres-server.ts';
import { rabbitInstalled } from './rabbitmq-server.ts';

const POLICY = '/usr/sbin/policy-rc.d';

/** Which of Debian's packages are missing for servers of our own. */
export function missingPackages(): readonly string[] {
  return [...(rabbitInstalled() ? [] : ['rabbitmq-server']), ...(postgresInstalled() ? [] : ['postgresql'])];
}

/** Whether this machine is one on which packages can be installed without asking: Debian, as root. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs packages without letting them start the servers that they bring along: ours run beside, not instead. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const ours = !existsSync(POLICY);
  if (ours) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await mustRun('apt-get', ['update'], { env });
    await mustRun('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  } finally {
    if (ours && (await readFile(POLICY, 'utf8')).endsWith('exit 101\n')) await rm(POLICY);
  }
}
