import { isAlive } from '../../scripts/services/processes.ts';

/** Servers of a test run in their own process group, so a test run that ends early would leave them behind. */
export function endWithProcess(pids: () => readonly number[]): void {
  process.once('exit', () => {
    for (const pid of pids()) if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
}
