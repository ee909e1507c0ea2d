import { Command } from 'commander';
import type { ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { PeriodOptions } from '../options.ts';
import { addPeriod, milliseconds } from '../options.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { act } from '../session.ts';

type Reconciliation = ResponseOf<typeof endpoints.getReconciliation>;

interface ReconcileOptions extends PeriodOptions {
  /** Milliseconds. */
  readonly overdueAfter?: number;
  readonly redrive?: boolean;
  readonly route?: string;
  readonly why?: string;
  readonly yes?: boolean;
}

/** Proves that nothing was lost, and sends again what is stuck. */
export function reconcileCommand(io: Io): Command {
  const command = new Command('reconcile').description('prove that nothing that was accepted has been lost');
  return addPeriod(command, io.clock)
    .option('--overdue-after <duration>', 'how long a delivery may be open (default 2m)', milliseconds)
    .option('--redrive', 'send deliveries that are stuck again')
    .option('--route <name>', 'with --redrive: only of this route')
    .option('--why <text>', 'with --redrive: the reason; kept in the audit log')
    .option('-y, --yes', 'with --redrive: do not ask')
    .addHelpText('after', '\nExits with 1 when deliveries are missing and were not sent again.')
    .action(act(io, reconcile));
}

async function reconcile(session: Session, options: ReconcileOptions): Promise<ExitCode> {
  const { out, hub } = session;
  const { since, until, overdueAfter } = options;
  const { call, endpoints } = await hub();
  out.progress('balancing the books …');
  const balance = await call(endpoints.getReconciliation, { query: { since, until, overdueAfter } });
  printBalance(balance, session);
  if (!options.redrive) {
    out.data(balance);
    if (!balance.balanced && !out.json)
      out.note('Send what is missing again with: crossdock reconcile --redrive');
    return balance.balanced ? EXIT_CODES.ok.code : EXIT_CODES.failed.code;
  }
  return redrive(session, balance, options);
}

async function redrive(
  session: Session,
  balance: Reconciliation,
  options: ReconcileOptions,
): Promise<ExitCode> {
  const { out, hub } = session;
  const { call, endpoints } = await hub();
  const { route, why, overdueAfter } = options;
  const { remaining: stuck } = await call(endpoints.redrive, {
    body: { route, why, overdueAfter, dryRun: true },
  });
  if (stuck === 0) {
    out.data({ ...balance, redriven: 0 });
    out.print('Nothing is stuck.');
    return EXIT_CODES.ok.code;
  }
  if (!(await out.confirm(`Send ${count(stuck, 'delivery', 'deliveries')} again?`, options.yes ?? false))) {
    out.note('Nothing was done.');
    return EXIT_CODES.failed.code;
  }
  let done = 0;
  let progress;
  do {
    out.progress(`${done.toLocaleString('en-US')} of ${count(stuck, 'delivery', 'deliveries')} sent again`);
    progress = await call(endpoints.redrive, { body: { route, why, overdueAfter } });
    done += progress.done;
  } while (progress.done > 0 && progress.remaining > 0 && done < stuck);
  out.data({ ...balance, redriven: done });
  out.print(`${out.style.good('✓')} ${count(done, 'delivery', 'deliveries')} sent again.`);
  return done >= stuck ? EXIT_CODES.ok.code : EXIT_CODES.partial.code;
}

function printBalance(balance: Reconciliation, { out }: Session): void {
  const { style } = out;
  const number = (value: number): string => (value === 0 ? style.dim('0') : value.toLocaleString('en-US'));
  if (balance.routes.length === 0) {
    out.print(`${style.good('✓')} Balanced: nothing was accepted.`);
    return;
  }
  out.table(
    [
      {
        title: 'ROUTE',
        cell: (row) => (row.removed ? `${row.route} ${style.warn('(removed)')}` : row.route),
        flex: { min: 16 },
      },
      { title: 'ACCEPTED', cell: (row) => number(row.accepted), align: 'right' },
      { title: 'DELIVERED', cell: (row) => number(row.delivered), align: 'right' },
      {
        title: 'OTHER END',
        cell: (row) => number(row.filtered + row.split + row.discarded),
        align: 'right',
      },
      { title: 'OUTBOX', cell: (row) => number(row.outbox), align: 'right' },
      { title: 'FAILED', cell: ({ failures }) => number(sum(Object.values(failures))), align: 'right' },
      { title: 'OPEN', cell: (row) => number(row.open), align: 'right' },
      { title: 'HELD', cell: (row) => number(row.held), align: 'right', optional: true },
      {
        title: 'OVERDUE',
        cell: (row) => (row.missing > 0 ? style.bad(number(row.overdue)) : number(row.overdue)),
        align: 'right',
      },
      { title: 'REPEATED', cell: (row) => number(row.repeated), align: 'right', optional: true },
    ],
    balance.routes,
  );
  const total = (of: (row: Reconciliation['routes'][number]) => number): string =>
    sum(balance.routes.map(of)).toLocaleString('en-US');
  out.print(
    `\n${total((row) => row.accepted)} accepted = ` +
      `${total((row) => row.delivered + row.filtered + row.split + row.discarded)} final + ` +
      `${total((row) => row.outbox)} in the outbox + ${total(({ failures }) => sum(Object.values(failures)))} failed + ` +
      `${total((row) => row.open)} open`,
  );
  const orphaned = balance.routes.filter((row) => row.removed);
  if (orphaned.some((row) => row.outbox + row.open + sum(Object.values(row.failures)) > 0))
    out.note(
      'No mapping has the removed routes any more, and what waits for them becomes dead failures.\n' +
        'Restore the mapping and retry them, or discard them: crossdock dead discard --route <name>',
    );
  const missing = sum(balance.routes.map((row) => row.missing));
  out.print(
    balance.balanced
      ? style.good('✓ Balanced: nothing is missing.')
      : style.bad(
          `✗ ${count(missing, 'delivery is', 'deliveries are')} missing: open for longer than anything should be.`,
        ),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
