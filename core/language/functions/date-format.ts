import type { Moment } from './moment.ts';

/** A moment as clocks show it, in milliseconds as if in UTC. */
export interface View {
  readonly local: number;
  /** What they are ahead of UTC, where that is known. */
  readonly offset: number | undefined;
}

/** A way to write dates. */
export interface DateFormat {
  /**
   * What it needs to be written: a day, a time as clocks show it, or a point in time (with an offset, or counted from
   * an epoch).
   */
  readonly shows: Moment['kind'];
  /** Undefined where the format has a sign for no date at all. Throws X2001, X2002 and X2006. */
  readonly read: (value: string | number) => Moment | undefined;
  readonly write: (view: View) => string | number;
}
