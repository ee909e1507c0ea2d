import type { ExpressionText, Position } from '../model/mapping.ts';

/** Where the character at `offset` of an expression stands in its file. */
export function positionIn(text: ExpressionText, offset: number): Position {
  if (text.folded === true) return text.at;
  const within = Math.max(0, Math.min(offset, text.source.length));
  const piece = text.pieces?.findLast((candidate) => candidate.offset <= within);
  if (piece !== undefined)
    return { file: text.at.file, line: piece.line, column: piece.column + within - piece.offset };
  const lines = text.source.slice(0, within).split('\n');
  const last = lines[lines.length - 1] as string;
  return { file: text.at.file, line: text.at.line + lines.length - 1, column: text.at.column + last.length };
}

/** JSONata names the place behind a token; people look for the place where it begins. */
export function startOf(source: string, end: number, token: unknown): number {
  if (typeof token !== 'string' && typeof token !== 'number') return Math.max(0, end - 1);
  const written = String(token);
  const from = source.lastIndexOf(written, end - written.length);
  // A string or a quoted name is longer as it is written than its token.
  return from >= 0 && end - from <= written.length + 3 ? from : Math.max(0, end - 1);
}
