import { childOf, type XmlElement } from './xml-tree.ts';

/** The kinds of things that a schema declares at its top; simple and complex types share their names. */
export type ComponentKind = 'element' | 'type' | 'group' | 'attribute' | 'attributeGroup';

/** What a child of `xsd:schema` declares, if anything. */
export function componentKind(name: string): ComponentKind | undefined {
  switch (name) {
    case 'complexType':
    case 'simpleType':
      return 'type';
    case 'element':
    case 'group':
    case 'attribute':
    case 'attributeGroup':
      return name;
    default:
      return undefined;
  }
}

/** `minOccurs` and `maxOccurs` with their defaults. */
export function occurrence(node: XmlElement): { readonly minOccurs: number; readonly maxOccurs: number } {
  const { minOccurs = '1', maxOccurs = '1' } = node.attributes;
  return {
    minOccurs: Number(minOccurs),
    maxOccurs: maxOccurs === 'unbounded' ? Number.POSITIVE_INFINITY : Number(maxOccurs),
  };
}

/** Whether a model group admits elements that the schema does not name. */
export function hasAny(node: XmlElement): boolean {
  return node.children.some(
    (child) => child.name === 'any' || (['sequence', 'choice', 'all'].includes(child.name) && hasAny(child)),
  );
}

/** The text of a component's `xsd:documentation`, on one line. */
export function documentationOf(node: XmlElement): string | undefined {
  const annotation = childOf(node, 'annotation');
  const text = annotation && childOf(annotation, 'documentation')?.text.replace(/\s+/g, ' ');
  return text === '' ? undefined : text;
}
