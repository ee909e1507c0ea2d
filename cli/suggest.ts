import { distance } from 'fastest-levenshtein';

/** The known name that is most like `name`, if any is like it at all: at most a third of its letters differ. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const difference = distance(name.toLowerCase(), candidate.toLowerCase());
    if (difference < least) {
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
