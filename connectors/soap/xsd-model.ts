/** What an element may contain, as far as reading and writing messages needs it. */
export type XsdType = SimpleType | ComplexType | AnyType;

export interface SimpleType {
  readonly kind: 'simple';
  /** Local name of the built-in type below all restrictions: `string`, `decimal`, `dateTime`, ... */
  readonly base: string;
  readonly enumeration?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minInclusive?: string;
  readonly maxInclusive?: string;
}

export interface ComplexType {
  readonly kind: 'complex';
  /** Undefined for a type that stands inside an element. */
  readonly name?: string;
  /** In the order in which elements must be written. */
  readonly particles: readonly Particle[];
  readonly attributes: readonly AttributeUse[];
  /** The text of an element with simple content. */
  readonly text?: SimpleType;
  /** Elements that the schema does not name are welcome (`xsd:any`). */
  readonly open: boolean;
}

export interface AnyType {
  readonly kind: 'any';
}

/** Elements that stand beside each other. In a repeated one (`maxOccurs` on a group) they take turns. */
export interface Particle {
  readonly elements: readonly ElementDeclaration[];
  readonly repeated: boolean;
}

export interface ElementDeclaration {
  readonly name: string;
  /** `''` for one that is written without a namespace. */
  readonly namespace: string;
  /** A function, since types refer to themselves. */
  readonly type: () => XsdType;
  readonly minOccurs: number;
  readonly maxOccurs: number;
  readonly nillable: boolean;
  readonly documentation?: string;
}

export interface AttributeUse {
  readonly name: string;
  readonly namespace: string;
  readonly type: SimpleType;
  readonly required: boolean;
}

/** All elements of a type, in order. */
export function elementsOf(type: ComplexType): readonly ElementDeclaration[] {
  return type.particles.flatMap((particle) => particle.elements);
}
