import { CrossdockError } from '../../core/sdk.ts';
import { childOf, childrenOf, key, qualify, splitKey, type XmlElement } from './xml-tree.ts';
import type {
  AttributeUse,
  ComplexType,
  ElementDeclaration,
  Particle,
  SimpleType,
  XsdType,
} from './xsd-model.ts';
import { type ComponentKind, componentKind, documentationOf, hasAny, occurrence } from './xsd-node.ts';

const XSD = 'http://www.w3.org/2001/XMLSchema';
const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';
const ANY: XsdType = { kind: 'any' };
const STRING: SimpleType = { kind: 'simple', base: 'string' };

/** XML Schema 1.0, part 2, section 3. */
const BUILT_IN = new Set(
  `string boolean decimal float double duration dateTime time date gYearMonth gYear gMonthDay gDay gMonth hexBinary
   base64Binary anyURI QName NOTATION normalizedString token language NMTOKEN NMTOKENS Name NCName ID IDREF IDREFS ENTITY
   ENTITIES integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong unsignedInt
   unsignedShort unsignedByte positiveInteger anySimpleType`.split(/\s+/),
);

/** A top-level component and the schema that it stands in. */
interface Component {
  readonly node: XmlElement;
  readonly schema: SchemaContext;
}

interface SchemaContext {
  readonly targetNamespace: string;
  readonly qualifiedElements: boolean;
  readonly qualifiedAttributes: boolean;
}

/**
 * The XSD components of a WSDL, from all its schemas: XML Schema 1.0 structures, read into what messages need. Not
 * understood, and read as "anything": substitution groups and `xsi:type`. Throws CONFIG_INVALID for names that nothing
 * declares.
 */
export class XsdSet {
  readonly #components = new Map<string, Component>();
  readonly #types = new Map<string, XsdType>();
  readonly #underWay = new Set<string>();

  /** Adds a schema. `namespace` is that of the including schema, for one that has no target namespace of its own. */
  add(schema: XmlElement, namespace = ''): void {
    const context: SchemaContext = {
      targetNamespace: schema.attributes['targetNamespace'] ?? namespace,
      qualifiedElements: schema.attributes['elementFormDefault'] === 'qualified',
      qualifiedAttributes: schema.attributes['attributeFormDefault'] === 'qualified',
    };
    for (const node of schema.children) {
      const name = node.attributes['name'];
      const kind = componentKind(node.name);
      if (name === undefined || kind === undefined) continue;
      this.#components.set(kind + key(context.targetNamespace, name), { node, schema: context });
    }
  }

  /** The qualified names of the global elements, in the order of the files. */
  elementNames(): readonly string[] {
    const names = [...this.#components.keys()].filter((name) => name.startsWith('element{'));
    return names.map((name) => name.slice('element'.length));
  }

  /** The global element of this qualified name. */
  element(qualified: string): ElementDeclaration {
    const { node, schema } = this.#find('element', qualified);
    return { ...this.#declaration(node, schema), namespace: schema.targetNamespace };
  }

  /** The type of this qualified name, built in or declared. */
  type(qualified: string): XsdType {
    const known = this.#types.get(qualified);
    if (known !== undefined) return known;
    const { namespace, name } = splitKey(qualified);
    if (namespace === XSD || namespace === SOAP_ENCODING) {
      const type = builtIn(name);
      if (type === undefined) throw new CrossdockError('CONFIG_INVALID', `XML Schema has no type "${name}".`);
      return type;
    }
    if (this.#underWay.has(qualified))
      throw new CrossdockError('CONFIG_INVALID', `Type ${qualified} is derived from itself.`);
    this.#underWay.add(qualified);
    const { node, schema } = this.#find('type', qualified);
    const type = node.name === 'simpleType' ? this.#simple(node, schema) : this.#complex(node, schema, name);
    this.#underWay.delete(qualified);
    this.#types.set(qualified, type);
    return type;
  }

  #find(kind: ComponentKind, qualified: string): Component {
    const found = this.#components.get(kind + qualified);
    if (found === undefined)
      throw new CrossdockError(
        'CONFIG_INVALID',
        `No ${kind} ${qualified} is declared in the WSDL's schemas.`,
      );
    return found;
  }

  /** A QName without prefix in a schema that was included into a namespace means that namespace. */
  #qualify(node: XmlElement, qname: string, schema: SchemaContext): string {
    const qualified = qualify(node, qname);
    const { namespace, name } = splitKey(qualified);
    return namespace === '' ? key(schema.targetNamespace, name) : qualified;
  }

  #declaration(node: XmlElement, schema: SchemaContext): ElementDeclaration {
    const { name = '', type, form, nillable } = node.attributes;
    const qualified = form === undefined ? schema.qualifiedElements : form === 'qualified';
    const documentation = documentationOf(node);
    return {
      name,
      namespace: qualified ? schema.targetNamespace : '',
      type: memo(() =>
        type === undefined ? this.#inlineType(node, schema) : this.#named(node, type, schema),
      ),
      ...occurrence(node),
      nillable: nillable === 'true' || nillable === '1',
      ...(documentation === undefined ? {} : { documentation }),
    };
  }

  #named(node: XmlElement, qname: string, schema: SchemaContext): XsdType {
    return this.type(this.#qualify(node, qname, schema));
  }

  #inlineType(node: XmlElement, schema: SchemaContext): XsdType {
    const complex = childOf(node, 'complexType');
    if (complex !== undefined) return this.#complex(complex, schema);
    const simple = childOf(node, 'simpleType');
    return simple === undefined ? ANY : this.#simple(simple, schema);
  }

  #simple(node: XmlElement, schema: SchemaContext): SimpleType {
    const restriction = childOf(node, 'restriction');
    // Lists and unions are texts on the wire.
    return restriction === undefined ? STRING : this.#restricted(restriction, schema);
  }

  #restricted(restriction: XmlElement, schema: SchemaContext): SimpleType {
    const inline = childOf(restriction, 'simpleType');
    const base = restriction.attributes['base'];
    const type =
      inline !== undefined
        ? this.#simple(inline, schema)
        : base === undefined
          ? STRING
          : textOf(this.#named(restriction, base, schema));
    const facet = (name: string): string | undefined => childOf(restriction, name)?.attributes['value'];
    const enumeration = childrenOf(restriction, 'enumeration').map((it) => it.attributes['value'] ?? '');
    const minLength = facet('length') ?? facet('minLength');
    const maxLength = facet('length') ?? facet('maxLength');
    const minInclusive = facet('minInclusive');
    const maxInclusive = facet('maxInclusive');
    return {
      ...type,
      ...(enumeration.length === 0 ? {} : { enumeration }),
      ...(minLength === undefined ? {} : { minLength: Number(minLength) }),
      ...(maxLength === undefined ? {} : { maxLength: Number(maxLength) }),
      ...(minInclusive === undefined ? {} : { minInclusive }),
      ...(maxInclusive === undefined ? {} : { maxInclusive }),
    };
  }

  #complex(node: XmlElement, schema: SchemaContext, name?: string): ComplexType {
    const content = childOf(node, 'complexContent') ?? childOf(node, 'simpleContent');
    const derivation = content && (childOf(content, 'extension') ?? childOf(content, 'restriction'));
    if (content === undefined || derivation === undefined) return this.#ownContent(node, schema, name);
    const own = this.#ownContent(derivation, schema, name);
    const base = this.#named(derivation, derivation.attributes['base'] ?? '', schema);
    if (content.name === 'simpleContent')
      return { ...own, attributes: [...attributesOf(base), ...own.attributes], text: textOf(base) };
    if (base.kind !== 'complex') return { ...own, open: true };
    // A restriction repeats what it keeps of the elements; attributes are inherited unless they are named again.
    if (derivation.name === 'restriction') return { ...own, attributes: inherit(base, own) };
    return {
      ...own,
      particles: [...base.particles, ...own.particles],
      attributes: inherit(base, own),
      open: base.open || own.open,
    };
  }

  #ownContent(node: XmlElement, schema: SchemaContext, name: string | undefined): ComplexType {
    const particles: Particle[] = [];
    for (const child of node.children) particles.push(...this.#particles(child, schema, false));
    return {
      kind: 'complex',
      ...(name === undefined ? {} : { name }),
      particles,
      attributes: this.#attributes(node, schema),
      open: hasAny(node),
    };
  }

  /** Groups are flattened; one that repeats keeps its elements together. In a choice nothing is required. */
  #particles(node: XmlElement, schema: SchemaContext, optional: boolean): Particle[] {
    if (node.name === 'element')
      return [{ elements: [this.#local(node, schema, optional)], repeated: false }];
    if (node.name === 'group') {
      const ref = node.attributes['ref'];
      if (ref === undefined) return [];
      const group = this.#find('group', this.#qualify(node, ref, schema));
      const { minOccurs, maxOccurs } = occurrence(node);
      const inner = group.node.children.flatMap((child) =>
        this.#particles(child, group.schema, optional || minOccurs === 0),
      );
      return maxOccurs > 1 ? repeat(inner) : inner;
    }
    if (!['sequence', 'choice', 'all'].includes(node.name)) return [];
    const { minOccurs, maxOccurs } = occurrence(node);
    const free = optional || minOccurs === 0 || node.name === 'choice';
    const inner = node.children.flatMap((child) => this.#particles(child, schema, free));
    return maxOccurs > 1 ? repeat(inner) : inner;
  }

  #local(node: XmlElement, schema: SchemaContext, optional: boolean): ElementDeclaration {
    const ref = node.attributes['ref'];
    const declaration =
      ref === undefined
        ? this.#declaration(node, schema)
        : { ...this.element(this.#qualify(node, ref, schema)), ...occurrence(node) };
    return optional ? { ...declaration, minOccurs: 0 } : declaration;
  }

  #attributes(node: XmlElement, schema: SchemaContext): AttributeUse[] {
    return node.children.flatMap((child) => {
      const { ref, name, type, use, form } = child.attributes;
      if (child.name === 'attributeGroup' && ref !== undefined) {
        const group = this.#find('attributeGroup', this.#qualify(child, ref, schema));
        return this.#attributes(group.node, group.schema);
      }
      if (child.name !== 'attribute' || use === 'prohibited') return [];
      const required = use === 'required';
      if (ref !== undefined) {
        const qualified = this.#qualify(child, ref, schema);
        return [{ ...splitKey(qualified), type: STRING, required }];
      }
      const inline = childOf(child, 'simpleType');
      const simple =
        type !== undefined
          ? textOf(this.#named(child, type, schema))
          : inline === undefined
            ? STRING
            : this.#simple(inline, schema);
      const qualified = form === undefined ? schema.qualifiedAttributes : form === 'qualified';
      const namespace = qualified ? schema.targetNamespace : '';
      return [{ name: name ?? '', namespace, type: simple, required }];
    });
  }
}

function builtIn(name: string): XsdType | undefined {
  if (name === 'anyType' || name === 'Array') return ANY;
  return BUILT_IN.has(name) ? { kind: 'simple', base: name } : undefined;
}

function textOf(type: XsdType): SimpleType {
  if (type.kind === 'simple') return type;
  return (type.kind === 'complex' ? type.text : undefined) ?? STRING;
}

function attributesOf(type: XsdType): readonly AttributeUse[] {
  return type.kind === 'complex' ? type.attributes : [];
}

function inherit(base: ComplexType, own: ComplexType): AttributeUse[] {
  const named = new Set(own.attributes.map(({ name }) => name));
  return [...base.attributes.filter(({ name }) => !named.has(name)), ...own.attributes];
}

function repeat(particles: readonly Particle[]): Particle[] {
  const elements = particles
    .flatMap((particle) => particle.elements)
    .map((element) => ({ ...element, maxOccurs: Number.POSITIVE_INFINITY }));
  return elements.length === 0 ? [] : [{ elements, repeated: true }];
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
