import { posix } from 'node:path';
import { CrossdockError, type ProjectFiles } from '../../core/sdk.ts';
import { childOf, childrenOf, key, qualify, readXmlTree, type XmlElement } from './xml-tree.ts';
import type { ElementDeclaration } from './xsd-model.ts';
import { XsdSet } from './xsd.ts';

const SOAP_BINDINGS: Readonly<Record<string, SoapVersion>> = {
  'http://schemas.xmlsoap.org/wsdl/soap/': '1.1',
  'http://schemas.xmlsoap.org/wsdl/soap12/': '1.2',
};

export type SoapVersion = '1.1' | '1.2';

/** One port of a WSDL, resolved: all that is needed to call it. */
export interface SoapService {
  readonly version: SoapVersion;
  /** Where the WSDL says that it is. */
  readonly address: string;
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface Operation {
  readonly name: string;
  readonly soapAction: string;
  readonly documentation?: string;
  /** The element inside the SOAP body; undefined for an empty body. In rpc style it is made of the message's parts. */
  readonly input: ElementDeclaration | undefined;
  readonly output: ElementDeclaration | undefined;
}

/** Which port of a WSDL with several: by name; default the first one with a SOAP binding. */
export interface PortChoice {
  readonly service?: string;
  readonly port?: string;
}

/**
 * Reads a WSDL 1.1 with all that it imports, from files of the project only: an import from the network is refused.
 * Document and rpc style with literal use; operations with encoded use or several body parts are left out.
 * Throws CONFIG_INVALID.
 */
export async function readWsdl(
  path: string,
  files: ProjectFiles,
  choice: PortChoice = {},
): Promise<SoapService> {
  const loader = new Loader(files);
  await loader.load(path);
  return loader.service(choice);
}

/**
 * Reads the schemas of a WSDL or of an XSD file, with all that they import, from files only. Throws CONFIG_INVALID.
 */
export async function readTypes(
  path: string,
  files: ProjectFiles,
): Promise<{ readonly xsd: XsdSet; readonly isWsdl: boolean }> {
  const loader = new Loader(files);
  return { isWsdl: await loader.loadTypes(path), xsd: loader.xsd };
}

type PartKind = 'message' | 'portType' | 'binding';

function isPartKind(name: string): name is PartKind {
  return name === 'message' || name === 'portType' || name === 'binding';
}

/** Collects the parts of a WSDL from its files. */
class Loader {
  readonly #files: ProjectFiles;
  readonly xsd = new XsdSet();
  readonly #seen = new Set<string>();
  readonly #parts: Readonly<Record<PartKind, Map<string, XmlElement>>> = {
    message: new Map(),
    portType: new Map(),
    binding: new Map(),
  };
  readonly #services: XmlElement[] = [];

  constructor(files: ProjectFiles) {
    this.#files = files;
  }

  async load(path: string): Promise<void> {
    const root = await this.#read(path);
    if (root !== undefined) await this.#load(root, path);
  }

  /** The same, but an XSD file will do; says whether it is a WSDL. */
  async loadTypes(path: string): Promise<boolean> {
    const root = await this.#read(path);
    if (root?.name === 'schema') await this.#addSchema(root, path, '');
    else if (root !== undefined) await this.#load(root, path);
    return root?.name !== 'schema';
  }

  async #load(root: XmlElement, path: string): Promise<void> {
    if (root.name !== 'definitions')
      throw invalid(`${path} is no WSDL 1.1: its root element is ${root.name}.`);
    const target = root.attributes['targetNamespace'] ?? '';
    for (const child of root.children) {
      const { name, location } = child.attributes;
      if (child.name === 'import' && location !== undefined) await this.load(beside(path, location));
      else if (child.name === 'types')
        for (const schema of childrenOf(child, 'schema')) await this.#addSchema(schema, path, '');
      else if (child.name === 'service') this.#services.push(child);
      else if (isPartKind(child.name) && name !== undefined)
        this.#parts[child.name].set(key(target, name), child);
    }
  }

  service(choice: PortChoice): SoapService {
    const ports = this.#services
      .filter((it) => choice.service === undefined || it.attributes['name'] === choice.service)
      .flatMap((it) => childrenOf(it, 'port'))
      .filter((it) => choice.port === undefined || it.attributes['name'] === choice.port);
    for (const port of ports) {
      const address = port.children.find((it) => it.name === 'address' && it.namespace in SOAP_BINDINGS);
      if (address === undefined) continue;
      const binding = this.#part('binding', qualify(port, port.attributes['binding'] ?? ''));
      return {
        version: SOAP_BINDINGS[address.namespace] as SoapVersion,
        address: address.attributes['location'] ?? '',
        operations: this.#operations(binding),
      };
    }
    const which = [choice.service, choice.port].filter((it) => it !== undefined).join('/');
    throw invalid(`The WSDL has no SOAP port${which === '' ? '' : ` ${which}`}.`);
  }

  async #read(path: string): Promise<XmlElement | undefined> {
    if (this.#seen.has(path)) return undefined;
    this.#seen.add(path);
    let bytes: Buffer;
    try {
      bytes = await this.#files.read(path);
    } catch (error) {
      const text = `${path} can not be read: ${CrossdockError.from(error).message}`;
      throw new CrossdockError('CONFIG_INVALID', text, { cause: error });
    }
    return readXmlTree(bytes, path);
  }

  async #addSchema(schema: XmlElement, path: string, namespace: string): Promise<void> {
    this.xsd.add(schema, namespace);
    for (const child of schema.children) {
      const location = child.attributes['schemaLocation'];
      if (!['import', 'include', 'redefine'].includes(child.name) || location === undefined) continue;
      const file = beside(path, location);
      const inner = await this.#read(file);
      if (inner === undefined) continue;
      const own = child.name === 'import' ? '' : (schema.attributes['targetNamespace'] ?? namespace);
      await this.#addSchema(inner, file, own);
    }
  }

  #part(kind: PartKind, qualified: string): XmlElement {
    const part = this.#parts[kind].get(qualified);
    if (part === undefined) throw invalid(`The WSDL has no ${kind} ${qualified}.`);
    return part;
  }

  #operations(binding: XmlElement): ReadonlyMap<string, Operation> {
    const soapBinding = binding.children.find((it) => it.namespace in SOAP_BINDINGS && it.name === 'binding');
    const portType = this.#part('portType', qualify(binding, binding.attributes['type'] ?? ''));
    const operations = new Map<string, Operation>();
    for (const bound of childrenOf(binding, 'operation').filter((it) => !(it.namespace in SOAP_BINDINGS))) {
      const name = bound.attributes['name'] ?? '';
      const abstract = childrenOf(portType, 'operation').find((it) => it.attributes['name'] === name);
      const soap = bound.children.find((it) => it.namespace in SOAP_BINDINGS && it.name === 'operation');
      if (abstract === undefined) continue;
      const style = soap?.attributes['style'] ?? soapBinding?.attributes['style'] ?? 'document';
      const input = this.#body(bound, abstract, 'input', style === 'rpc' ? name : undefined);
      const output = this.#body(bound, abstract, 'output', style === 'rpc' ? `${name}Response` : undefined);
      if (input === 'unsupported' || output === 'unsupported') continue;
      const documentation = childOf(abstract, 'documentation')?.text.replace(/\s+/g, ' ');
      operations.set(name, {
        name,
        soapAction: soap?.attributes['soapAction'] ?? '',
        ...(documentation === undefined || documentation === '' ? {} : { documentation }),
        input,
        output,
      });
    }
    return operations;
  }

  /** What stands in the SOAP body. `wrapper` is the element that rpc style puts around the parts. */
  #body(
    bound: XmlElement,
    abstract: XmlElement,
    direction: 'input' | 'output',
    wrapper: string | undefined,
  ): ElementDeclaration | undefined | 'unsupported' {
    const reference = childOf(abstract, direction)?.attributes['message'];
    if (reference === undefined) return undefined;
    const message = this.#part('message', qualify(childOf(abstract, direction) as XmlElement, reference));
    const binding = childOf(bound, direction);
    const body = binding?.children.find((it) => it.namespace in SOAP_BINDINGS && it.name === 'body');
    if (body?.attributes['use'] === 'encoded') return 'unsupported';
    const chosen = body?.attributes['parts']?.split(/\s+/);
    const headers = (binding?.children ?? [])
      .filter((it) => it.name === 'header')
      .map((it) => it.attributes['part']);
    const parts = childrenOf(message, 'part').filter(({ attributes: { name } }) =>
      chosen === undefined ? !headers.includes(name) : chosen.includes(name ?? ''),
    );
    if (wrapper !== undefined) return this.#wrapped(wrapper, body?.attributes['namespace'] ?? '', parts);
    const element = parts[0]?.attributes['element'];
    if (parts.length === 0) return undefined;
    if (parts.length > 1 || element === undefined) return 'unsupported';
    return this.xsd.element(qualify(parts[0] as XmlElement, element));
  }

  /** WS-I Basic Profile 1.1, section 4.7: the accessors of the parts are in no namespace. */
  #wrapped(name: string, namespace: string, parts: readonly XmlElement[]): ElementDeclaration {
    const elements = parts.map((part): ElementDeclaration => {
      const { name: partName = '', type, element } = part.attributes;
      if (element !== undefined) return this.xsd.element(qualify(part, element));
      const qualified = qualify(part, type ?? '');
      return { name: partName, namespace: '', type: () => this.xsd.type(qualified), ...ONCE };
    });
    const particles = elements.map((element) => ({ elements: [element], repeated: false }));
    const type = { kind: 'complex', particles, attributes: [], open: false } as const;
    return { name, namespace, type: () => type, ...ONCE };
  }
}

const ONCE = { minOccurs: 1, maxOccurs: 1, nillable: false } as const;

/** The file that `location` means, seen from `path`; both relative to the project. */
function beside(path: string, location: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith('/'))
    throw invalid(`${path} imports ${location}: put a copy beside it and refer to that; nothing is fetched.`);
  return posix.join(posix.dirname(path), location);
}

function invalid(text: string): CrossdockError {
  return new CrossdockError('CONFIG_INVALID', text, { path: 'wsdl' });
}
