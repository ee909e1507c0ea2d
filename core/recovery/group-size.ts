/** How many suspects go together after so many crashes: at first all, for who dies beside a culprit is innocent. */
const BY_CRASHES = [Infinity, Infinity, Infinity, 100, 10];
/** The same by the crashes that are still allowed: nobody is given up who was not alone the last time. */
const BY_CHANCES = [1, 10, 100];

/**
 * How many deliveries that were under way when the process crashed may go together again: Infinity with everything else, 0
 * not at all. `limit` is the `queues.delivery_limit`: who was there at more crashes is given up, as a broker does.
 */
export function groupSize(crashes: number, limit: number): number {
  if (crashes > limit) return 0;
  return Math.min(BY_CRASHES[crashes] ?? 1, BY_CHANCES[limit - crashes] ?? Infinity);
}

/** The smallest number of crashes after which a delivery is not sent with everything else. */
export function suspiciousFrom(limit: number): number {
  let crashes = 1;
  while (groupSize(crashes, limit) === Infinity) crashes += 1;
  return crashes;
}
