import { styleText } from 'node:util';
import type { Environment } from '../environment.ts';

/** The few ways in which the program marks text. Each is the identity where colours are off. */
export interface Style {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  name(text: string): string;
}

/** Whether to colour a stream: --no-color, then FORCE_COLOR, then NO_COLOR, then whether it is a capable terminal. */
export function wantsColor(
  option: boolean,
  environment: Pick<Environment, 'FORCE_COLOR' | 'NO_COLOR'>,
  terminal: boolean,
): boolean {
  if (!option) return false;
  if (environment.FORCE_COLOR !== undefined) return !['0', 'false'].includes(environment.FORCE_COLOR);
  return environment.NO_COLOR === undefined && terminal;
}

export function createStyle(enabled: boolean): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      enabled && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    enabled,
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    warn: paint('yellow'),
    bad: paint('red'),
    name: paint('cyan'),
  };
}
