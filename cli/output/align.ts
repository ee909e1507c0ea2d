import { isRecord, memberOf, sameJson } from './diff.ts';

/** An item of either list, and which item of the other one it is shown beside. */
export interface Alignment {
  /** Index in the expected list; undefined for what came unexpectedly. */
  readonly expected?: number;
  /** Index in the list that came; undefined for what is missing. */
  readonly actual?: number;
  /** The same item stands elsewhere in the other list: at this index. */
  readonly moved?: number;
}

/** Lists of more items than this are compared place by place: the table below would grow with the square. */
const MOST = 600;

/**
 * Puts the items of two lists side by side as a reader would: equal ones in the same order stay together, what only
 * changed its place is told apart from what changed, and a changed item stands beside the one that it is most like.
 */
export function align(expected: readonly unknown[], actual: readonly unknown[]): readonly Alignment[] {
  if (expected.length > MOST || actual.length > MOST) return placeByPlace(expected, actual);
  const left = expected.map(canonical);
  const right = actual.map(canonical);
  const same = longestCommon(left.length, right.length, (i, j) => left[i] === right[j]);
  const keptLeft = new Set(same.map(([i]) => i));
  const keptRight = new Set(same.map(([, j]) => j));
  const movedTo = new Map<number, number>();
  for (const [i, text] of left.entries()) {
    if (keptLeft.has(i)) continue;
    const j = right.findIndex(
      (other, at) => other === text && !keptRight.has(at) && ![...movedTo.values()].includes(at),
    );
    if (j >= 0) movedTo.set(i, j);
  }
  const movedFrom = new Map([...movedTo].map(([i, j]) => [j, i]));
  const result: Alignment[] = [];
  let i = 0;
  let j = 0;
  for (const [nextLeft, nextRight] of [...same, [left.length, right.length] as const]) {
    const lost = range(i, nextLeft);
    const come = range(j, nextRight);
    const between: Alignment[] = [
      ...lost
        .filter((at) => movedTo.has(at))
        .map((at) => ({ expected: at, moved: movedTo.get(at) as number })),
      ...pairs(
        lost.filter((at) => !movedTo.has(at)),
        come.filter((at) => !movedFrom.has(at)),
        (a, b) => alike(expected[a], actual[b]),
      ),
    ];
    for (const at of come.filter((one) => movedFrom.has(one))) {
      const behind = between.findIndex((other) => (other.actual ?? -1) > at);
      const arrived = { actual: at, moved: movedFrom.get(at) as number };
      between.splice(behind < 0 ? between.length : behind, 0, arrived);
    }
    result.push(...between);
    if (nextLeft < left.length) result.push({ expected: nextLeft, actual: nextRight });
    i = nextLeft + 1;
    j = nextRight + 1;
  }
  return result;
}

/** Changed items beside each other: by place where there are as many of both, else by what they have in common. */
function pairs(
  lost: readonly number[],
  come: readonly number[],
  similar: (lost: number, come: number) => boolean,
): readonly Alignment[] {
  if (lost.length === come.length) return lost.map((expected, n) => ({ expected, actual: come[n] }));
  const found = longestCommon(lost.length, come.length, (a, b) =>
    similar(lost[a] as number, come[b] as number),
  );
  const result: Alignment[] = [];
  let a = 0;
  let b = 0;
  for (const [nextA, nextB] of [...found, [lost.length, come.length] as const]) {
    result.push(...lost.slice(a, nextA).map((expected) => ({ expected })));
    result.push(...come.slice(b, nextB).map((actual) => ({ actual })));
    if (nextA < lost.length) result.push({ expected: lost[nextA], actual: come[nextB] });
    a = nextA + 1;
    b = nextB + 1;
  }
  return result;
}

/** Two objects that share at least half of their members, or a list and a list. */
function alike(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return true;
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const shared = names.filter((name) => sameJson(memberOf(a, name), memberOf(b, name)));
  return shared.length > 0 && shared.length * 2 >= names.length;
}

/** Pairs of indexes of a longest common subsequence. */
function longestCommon(
  lengthA: number,
  lengthB: number,
  equal: (a: number, b: number) => boolean,
): readonly (readonly [number, number])[] {
  const best = Array.from({ length: lengthA + 1 }, () => new Uint16Array(lengthB + 1));
  const at = (a: number, b: number): number => best[a]?.[b] ?? 0;
  for (let a = lengthA - 1; a >= 0; a -= 1)
    for (let b = lengthB - 1; b >= 0; b -= 1)
      (best[a] as Uint16Array)[b] = equal(a, b) ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  const found: (readonly [number, number])[] = [];
  for (let a = 0, b = 0; a < lengthA && b < lengthB;) {
    if (equal(a, b)) {
      found.push([a, b]);
      a += 1;
      b += 1;
    } else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return found;
}

function placeByPlace(expected: readonly unknown[], actual: readonly unknown[]): readonly Alignment[] {
  return range(0, Math.max(expected.length, actual.length)).map((at) => ({
    ...(at < expected.length ? { expected: at } : {}),
    ...(at < actual.length ? { actual: at } : {}),
  }));
}

/** JSON with sorted members: equal values have equal texts. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, one: unknown) =>
      isRecord(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
        : one,
    ) ?? 'undefined'
  );
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
