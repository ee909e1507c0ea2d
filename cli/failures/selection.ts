import type { BodyOf, ResponseOf } from '../../core/http/server/index.ts';
import type { endpoints } from '../../api/contract.ts';
import type { ErrorCode } from '../../core/model/errors.ts';
import type { FailureState } from '../../core/model/failure.ts';
import type { PeriodOptions } from '../options.ts';
import { UsageError } from '../usage-error.ts';

/** Options that say which failures are meant. */
export interface FilterOptions extends PeriodOptions {
  readonly state?: FailureState;
  readonly mapping?: string;
  readonly route?: string;
  readonly code?: ErrorCode;
  readonly fingerprint?: string;
  readonly message?: string;
}

export interface SelectionOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly why?: string;
}

/** How far an act got, as the API says it. */
export type Progress = ResponseOf<typeof endpoints.retryFailures>;

/** What the API's acts on many take to choose failures by. */
export type Selection = Pick<BodyOf<typeof endpoints.retryFailures>, 'ids' | 'filter'>;

/** The filter that the options ask for. */
export function filterOf({ state, mapping, route, code, fingerprint, message, since, until }: FilterOptions) {
  return { state, mapping, route, code, fingerprint, messageId: message, since, until };
}

/**
 * What to act on: the ids, or what the options match. Nothing at all is never taken for "all": that must be said.
 * Throws UsageError.
 */
export function selectionOf(ids: readonly string[], options: SelectionOptions): Selection {
  const given = Object.entries(filterOf(options)).filter(([, value]) => value !== undefined);
  const narrowing = given.filter(([name]) => name !== 'state' || options.all !== true);
  if (ids.length > 0) {
    // `dead retry <id>`: the state that comes with the command's name does no harm, other filters would be ignored.
    if (options.all || given.some(([name]) => name !== 'state'))
      throw new UsageError('Give ids, or options that choose, not both.');
    return { ids };
  }
  if (narrowing.length === 0 && options.all !== true)
    throw new UsageError('Say which failures: ids, options such as --route or --state, or --all.');
  return { filter: Object.fromEntries(given) };
}
