import { distance } from 'fastest-levenshtein';

/** The known name that was probably meant, if one is near enough to be worth a question. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = mostEdits(name) + 1;
  for (const candidate of known) {
    const d = edits(lower, candidate.toLowerCase());
    if (d < bestDistance && d < candidate.length) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** A third of the letters, but two of a word and one of a short one; never so many that hardly one is left. */
function mostEdits({ length }: string): number {
  const most = length <= 4 ? 1 : Math.max(2, Math.floor(length / 3));
  return Math.max(0, Math.min(most, length - 2));
}

/** Two letters that have changed places are one slip. */
function edits(a: string, b: string): number {
  const d = distance(a, b);
  if (d !== 2 || a.length !== b.length) return d;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] ? 1 : d;
}

/** The same as a hint: `did you mean "customer"?` */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}
