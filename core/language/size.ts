const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** The form of a size in our files: bytes, or a number and one of B, kB, MB, GB, KiB, MiB, GiB. */
export const SIZE_PATTERN = '^[0-9]+(\\.[0-9]+)?(B|kB|MB|GB|KiB|MiB|GiB)$';

/** `'1.5MiB'` → 1572864. Throws RangeError on anything that SIZE_PATTERN does not match. */
export function parseSize(size: string | number): number {
  if (typeof size === 'number') return size;
  const match = /^([0-9]+(?:\.[0-9]+)?)(B|kB|MB|GB|KiB|MiB|GiB)$/.exec(size);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  if (match === null || unit === undefined) throw new RangeError(`"${size}" is not a size such as 1MiB`);
  return Math.floor(Number(match[1]) * unit);
}
