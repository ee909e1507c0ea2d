import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { Clock } from '../core/model/clock.ts';
import { parseDuration } from '../core/model/duration.ts';

/** The options of every list that comes in pages. */
export interface PagingOptions {
  readonly limit?: number;
  readonly after?: string;
}

/** The options of every list that can be narrowed to a time; ISO 8601. */
export interface PeriodOptions {
  readonly since?: string;
  readonly until?: string;
}

export function addPaging(command: Command): Command {
  return command
    .addOption(
      new Option('-n, --limit <n>', 'rows at most, up to 500').argParser(integerIn(1, 500)).default(50),
    )
    .option('--after <cursor>', 'go on where the last page ended');
}

export function addPeriod(command: Command, clock: Clock): Command {
  return command
    .addOption(
      new Option('--since <time>', 'from then on: 30m, 2h, 7d (ago) or 2026-03-01T12:00').argParser(
        pastTime(clock),
      ),
    )
    .addOption(new Option('--until <time>', 'before then; the same forms').argParser(pastTime(clock)));
}

/** A whole number within bounds. */
export function integerIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^[0-9]+$/.test(text) ? Number(text) : NaN;
    if (!(number >= least && number <= most))
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** `2h` as two hours ago, or a date and time as it is; as ISO 8601. */
export function pastTime(clock: Clock): (text: string) => string {
  return (text) => timeOf(text, (ms) => clock.now() - ms);
}

/** `2h` as in two hours, or a date and time as it is; as ISO 8601. */
export function futureTime(clock: Clock): (text: string) => string {
  return (text) => timeOf(text, (ms) => clock.now() + ms);
}

/** `90s` as 90000. */
export function milliseconds(text: string): number {
  return durationOf(text);
}

function timeOf(text: string, relative: (ms: number) => number): string {
  if (/^[0-9.]+(ms|s|m|h|d)$/.test(text)) return new Date(relative(durationOf(text))).toISOString();
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(text) ? new Date(text.replace(' ', 'T')) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'It must be a duration such as 30m, 2h or 7d, or a time such as 2026-03-01T12:00.',
    );
  return time.toISOString();
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** What stands between two fields of CSV: as the file connector takes it. */
export function delimiter(text: string): string {
  if (text === '' || text.length > 4) throw new InvalidArgumentError('It must be one to four characters.');
  return text;
}

/** Collects an option that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
