import { inFull, wordsOf } from '../../core/language/index.ts';
import type { TypeNote } from '../../core/language/index.ts';
import type { Out } from '../output/out.ts';
import { displayWidth, indent, safeText, wrap } from '../output/text.ts';

/** The inferred type of one place in a mapping, in words. */
export type ShownType = Pick<TypeNote, 'path' | 'source'> &
  TypeNote['at'] & { readonly mapping: string; readonly type: string };

/** What is known of the places of these mappings. */
export function typesOf(
  types: ReadonlyMap<string, readonly TypeNote[]>,
  only: readonly string[],
): readonly ShownType[] {
  return [...types]
    .filter(([mapping]) => only.includes(mapping))
    .flatMap(([mapping, notes]) =>
      notes.map(({ path, source, at, type }) => ({
        mapping,
        path,
        ...at,
        ...(source === undefined ? {} : { source }),
        type: wordsOf(type, inFull()),
      })),
    );
}

/** Path, expression and type, mapping by mapping; a long type goes on below. */
export function printTypes(types: readonly ShownType[], out: Out): void {
  const { style } = out;
  const width = Number.isFinite(out.width) ? out.width : 110;
  for (const mapping of new Set(types.map((type) => type.mapping))) {
    const own = types.filter((type) => type.mapping === mapping);
    const column = Math.min(36, Math.max(...own.map(({ path }) => displayWidth(path))) + 2);
    out.print(`${style.bold(mapping)}`);
    for (const { path, type } of own) {
      const text = wrap(safeText(type), width - column - 4);
      const [first, ...rest] = text.split('\n');
      const gap = ' '.repeat(Math.max(2, column - displayWidth(path)));
      out.print(`  ${style.name(safeText(path))}${gap}${first ?? ''}`);
      if (rest.length > 0) out.print(indent(rest.join('\n'), column + 4));
    }
    out.print();
  }
}
