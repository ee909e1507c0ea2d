import type { XmlValue } from '../../core/sdk.ts';

/** The text of an element, with or without attributes. */
export function textOf(value: XmlValue): string {
  if (typeof value === 'string') return value;
  const text = value['#text'];
  return typeof text === 'string' ? text : '';
}
