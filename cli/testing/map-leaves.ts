import { isAlias, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { ExpressionText, Mapping, MapTemplate } from '../../core/model/mapping.ts';

/** A leaf of a map: an expression, or a constant with the line that it stands in. */
export type MapLeaf =
  | { readonly kind: 'expression'; readonly text: ExpressionText }
  | { readonly kind: 'const'; readonly line: number };

/** The leaves of a mapping's maps, by where the map is. */
export interface MapLeaves {
  /** Of the map of a step, or of the input of an enrich step. */
  step(index: number): readonly MapLeaf[];
  target(index: number): readonly MapLeaf[];
}

/** Finds the leaves of all maps; `source` is the text of the mapping's file. */
export function mapLeaves(mapping: Mapping, source: string): MapLeaves {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const at = (path: readonly (string | number)[], template: MapTemplate | undefined): readonly MapLeaf[] =>
    template === undefined ? [] : leavesOf(template, document.getIn(path, true), { document, lines });
  return {
    step: (index) => {
      const step = mapping.steps[index];
      if (step?.kind === 'map') return at(['steps', index, 'map'], step.map);
      return step?.kind === 'enrich' ? at(['steps', index, 'enrich', 'with'], step.input) : [];
    },
    target: (index) => at(['to', index, 'map'], mapping.targets[index]?.map),
  };
}

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

function leavesOf(template: MapTemplate, written: unknown, parsed: Parsed): readonly MapLeaf[] {
  const node = isAlias(written) ? written.resolve(parsed.document) : written;
  switch (template.kind) {
    case 'expression':
      return [{ kind: 'expression', text: template.expression }];
    case 'const':
      return isNode(node) && node.range
        ? [{ kind: 'const', line: parsed.lines.linePos(node.range[0]).line }]
        : [];
    case 'object':
      return Object.entries(template.fields).flatMap(([name, field]) =>
        leavesOf(field, isMap(node) ? node.get(name, true) : undefined, parsed),
      );
    case 'array':
      return template.items.flatMap((item, index) =>
        leavesOf(item, isSeq(node) ? node.get(index, true) : undefined, parsed),
      );
  }
}
