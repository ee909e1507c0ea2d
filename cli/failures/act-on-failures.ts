import { CrossdockError } from '../../core/model/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { count } from '../output/text.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import type { Progress, Selection, SelectionOptions } from './selection.ts';
import { selectionOf } from './selection.ts';

/** Failures in one request: few enough that progress moves and a Ctrl-C does not wait. */
const BATCH = 200;

interface Act {
  /** `retry`, `retried`: for questions and results. */
  readonly verb: string;
  readonly done: string;
  /** One request for the failures that are selected. */
  send(selection: Selection & { dryRun?: boolean; limit?: number }): Promise<Progress>;
}

/** `failures retry`: sends them again, now. */
export async function retryFailures(
  session: Session,
  ids: readonly string[],
  options: SelectionOptions,
): Promise<ExitCode> {
  const { call, endpoints } = await session.hub();
  const { why } = options;
  return actOnMany(session, ids, options, {
    verb: 'Retry',
    done: 'sent again',
    send: (selection) => call(endpoints.retryFailures, { body: { ...selection, why } }),
  });
}

/** `failures reschedule`: sets when they are sent again. */
export async function rescheduleFailures(
  session: Session,
  ids: readonly string[],
  options: SelectionOptions & { readonly due: string },
): Promise<ExitCode> {
  const { call, endpoints } = await session.hub();
  const { why, due } = options;
  return actOnMany(session, ids, options, {
    verb: 'Reschedule',
    done: 'rescheduled',
    send: (selection) => call(endpoints.rescheduleFailures, { body: { ...selection, why, dueAt: due } }),
  });
}

/** `failures discard`: gives them up. A reason is demanded: it is the last thing that is recorded of them. */
export async function discardFailures(
  session: Session,
  ids: readonly string[],
  options: SelectionOptions,
): Promise<ExitCode> {
  const { call, endpoints } = await session.hub();
  const why = await reasonFor(session, options.why, 'Why are they given up?');
  return actOnMany(session, ids, options, {
    verb: 'Discard',
    done: 'discarded',
    send: (selection) => call(endpoints.discardFailures, { body: { ...selection, why } }),
  });
}

/** The reason that an act must have: from the option, else asked for. Throws UsageError where nobody can answer. */
export async function reasonFor(
  session: Session,
  given: string | undefined,
  question: string,
): Promise<string> {
  if (given !== undefined && given.trim() !== '') return given;
  const answer = session.io.interactive ? (await session.io.ask(`${question} `)).trim() : '';
  if (answer === '') throw new UsageError('Say why with --why "…": it is kept in the audit log.');
  return answer;
}

/**
 * Counts, asks, then acts in batches with progress. Exit code 5 when it ended half way: what is done stays done, and
 * the same command goes on with the rest.
 */
async function actOnMany(
  session: Session,
  ids: readonly string[],
  options: SelectionOptions,
  act: Act,
): Promise<ExitCode> {
  const { out } = session;
  const selection = selectionOf(ids, options);
  const batches = selection.ids === undefined ? [selection] : inBatches(selection.ids);
  let matching = 0;
  for (const batch of batches) matching += (await act.send({ ...batch, dryRun: true })).remaining;
  if (options.dryRun || matching === 0) {
    out.data({ done: 0, remaining: matching });
    out.print(matching === 0 ? 'No failure matches.' : `${count(matching, 'failure')} would be ${act.done}.`);
    return matching === 0 && ids.length > 0 ? EXIT_CODES.failed.code : EXIT_CODES.ok.code;
  }
  if (matching > 1 || ids.length === 0) {
    const question = `${act.verb} ${count(matching, 'failure')}?`;
    if (!(await out.confirm(question, options.yes ?? false))) {
      out.note('Nothing was done.');
      return EXIT_CODES.failed.code;
    }
  }
  const done = await runBatches(session, batches, matching, act);
  out.data({ done, remaining: Math.max(0, matching - done) });
  out.print(`${out.style.good('✓')} ${count(done, 'failure')} ${act.done}.`);
  if (done >= matching) return EXIT_CODES.ok.code;
  out.note(`${count(matching - done, 'failure')} could not be: no longer in a state that allows it.`);
  return done === 0 ? EXIT_CODES.failed.code : EXIT_CODES.partial.code;
}

async function runBatches(
  { out }: Session,
  batches: readonly Selection[],
  matching: number,
  act: Act,
): Promise<number> {
  let done = 0;
  for (const batch of batches) {
    let progress: Progress;
    do {
      out.progress(`${done.toLocaleString('en-US')} of ${count(matching, 'failure')} ${act.done}`);
      try {
        progress = await act.send({ ...batch, limit: BATCH });
      } catch (error) {
        if (done === 0) throw error;
        const known = CrossdockError.from(error);
        out.note(`Stopped: ${known.message}`);
        return done;
      }
      done += progress.done;
      // What came after the count is left for another time: the person said yes to that many.
    } while (progress.done > 0 && progress.remaining > 0 && done < matching);
  }
  return done;
}

function inBatches(ids: readonly string[]): readonly Selection[] {
  const unique = [...new Set(ids)];
  const batches: Selection[] = [];
  for (let start = 0; start < unique.length; start += BATCH)
    batches.push({ ids: unique.slice(start, start + BATCH) });
  return batches;
}
