const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  // Both 0 and 7 are Sunday.
  { name: 'day of week', min: 0, max: 7, names: DAYS },
];

/** What is wrong with a cron expression of five fields, or six with seconds first; undefined if nothing. */
export function cronMistake(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    return 'a cron expression has five fields, or six with seconds first';
  }
  const fields = parts.length === 6 ? FIELDS : FIELDS.slice(1);
  for (const [i, field] of fields.entries()) {
    const part = parts[i] as string;
    if (!part.split(',').every((item) => fits(item, field)))
      return `"${part}" does not fit the field "${field.name}" of a cron expression`;
  }
  return undefined;
}

function fits(item: string, field: Field): boolean {
  const match = /^(\*|[a-z0-9]+(?:-[a-z0-9]+)?)(?:\/([0-9]+))?$/i.exec(item);
  if (match?.[1] === undefined) return false;
  if (match[2] !== undefined && Number(match[2]) === 0) return false;
  if (match[1] === '*') return true;
  const bounds = match[1].split('-').map((text) => valueOf(text, field));
  const [from, to] = bounds;
  return bounds.every((value) => value !== undefined) && (to === undefined || (from as number) <= to);
}

function valueOf(text: string, field: Field): number | undefined {
  if (/^[0-9]+$/.test(text)) {
    const value = Number(text);
    return value >= field.min && value <= field.max ? value : undefined;
  }
  const lower = text.toLowerCase();
  const index = field.names?.findIndex((name) => name === lower || name.slice(0, 3) === lower) ?? -1;
  return index < 0 ? undefined : index + field.min;
}

/** Whether this is a time zone of the IANA database, such as `Europe/Berlin`. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
