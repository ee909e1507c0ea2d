import { isRecord } from '../output/diff.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';

type Path = readonly (string | number)[];

/** A value of the case, and how it is called in front of paths. */
interface Named {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Of paths that somebody names as sensitive, whether they cover a place: it, or something around it. `lines[].sku`,
 * `lines[0].sku` and `lines.sku` mean the member of every line, `prices.*` any member; what is printed in front of a path
 * (`input`, `given.account`) may be there. Throws UsageError for a path that leads nowhere in any of the values: what it
 * was to hide would stay.
 */
export function sensitivePaths(
  values: readonly Named[],
  paths: readonly string[],
): (path: Path, name: string) => boolean {
  const wanted = paths.map((path) => ({ path, parts: partsOf(path) }));
  const covers = (parts: readonly string[], path: Path, name: string): boolean => {
    const own = plain(path);
    return isStart(parts, own) || isStart(parts, [...name.split('.'), ...own]);
  };
  const places = wanted.length === 0 ? [] : values.flatMap(({ name, value }) => placesIn(value, name));
  for (const { path, parts } of wanted)
    if (parts.length === 0 || !places.some((place) => covers(parts, place.path, place.name)))
      throw new UsageError(`--sensitive ${path} is nowhere in the message.${hint(path, places)}`);
  return (path, name) => wanted.some(({ parts }) => covers(parts, path, name));
}

interface NamedPlace {
  readonly name: string;
  readonly path: Path;
}

/** Of everything in a value, with nulls and what is empty. */
function placesIn(value: unknown, name: string, path: Path = []): readonly NamedPlace[] {
  const below = Array.isArray(value)
    ? value.flatMap((item, at) => placesIn(item, name, [...path, at]))
    : isRecord(value)
      ? Object.entries(value).flatMap(([key, member]) => placesIn(member, name, [...path, key]))
      : [];
  return [{ name, path }, ...below];
}

/** Without indexes. A name with points in it is several parts, here and there. */
function plain(path: Path): readonly string[] {
  return path.flatMap((part) => (typeof part === 'string' ? part.split('.') : []));
}

function partsOf(path: string): readonly string[] {
  const text = path
    .replace(/\[(?:[0-9]*|\*)\]/g, '')
    .replace(/\[(["'])(.*?)\1\]/g, (_, _quote, name: string) => `.${name}`);
  return text.split('.').filter((part) => part !== '');
}

function isStart(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length <= path.length && parts.every((part, at) => part === '*' || part === path[at]);
}

function hint(path: string, places: readonly NamedPlace[]): string {
  const written = (place: NamedPlace): string =>
    place.path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[]` : text === '' ? part : `${text}.${part}`),
      '',
    );
  const known = [...new Set(places.map(written))].filter((one) => one !== '');
  const last = partsOf(path).at(-1);
  const sameEnd = known.filter((one) => partsOf(one).at(-1) === last);
  return suggestion(path, sameEnd.length > 0 ? sameEnd : known);
}
