import { distance } from 'fastest-levenshtein';

/** The known name that is most like `name`, if one is like it at all: at most `most` letters differ, by default a third. */
export function nearestName(
  name: string,
  known: Iterable<string>,
  most = Math.max(2, Math.floor(name.length / 3)),
): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const difference = distance(name.toLowerCase(), candidate.toLowerCase());
    if (difference < least && difference < candidate.length) {
      best = candidate;
      least = difference;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, else a list of what there is, else nothing: to end a sentence about an unknown name. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearestName(name, names);
  if (near !== undefined) return ` Did you mean "${near}"?`;
  if (names.length === 0) return '';
  const shown = names.slice(0, 8).join(', ');
  return ` There is: ${shown}${names.length > 8 ? `, and ${names.length - 8} more` : ''}.`;
}
