import { CrossdockError, type JsonSchema, type ProjectFiles } from '../../core/sdk.ts';
import { describeElement, type Direction } from './describe-type.ts';
import { readTypes, readWsdl, type PortChoice, type SoapService } from './wsdl.ts';
import type { ElementDeclaration } from './xsd-model.ts';
import { splitKey } from './xml-tree.ts';

/** An operation of a WSDL, as messages see it. */
export interface WsdlOperation {
  readonly name: string;
  readonly summary: string;
  /** Undefined for an empty body. */
  readonly input: (() => JsonSchema) | undefined;
  readonly output: (() => JsonSchema) | undefined;
}

/** A global element of a schema. */
export interface XsdElement {
  readonly name: string;
  readonly namespace: string;
  readonly summary: string;
  /** As the input of an action takes it, or as an answer has it: there, numbers that may be long are texts only. */
  readonly schema: (direction: Direction) => JsonSchema;
}

export interface WsdlSchemas {
  /** Those of the chosen port; none in a file without a SOAP port. */
  readonly operations: readonly WsdlOperation[];
  readonly elements: readonly XsdElement[];
}

/**
 * What a WSDL 1.1 or an XSD file has that JSON Schemas can be made of: the same schemas that the actions of a `soap`
 * connection have. Imports are files; nothing is fetched. Throws CONFIG_INVALID.
 */
export async function readWsdlSchemas(
  path: string,
  files: ProjectFiles,
  choice: PortChoice = {},
): Promise<WsdlSchemas> {
  const types = await readTypes(path, files);
  const service = types.isWsdl ? await serviceOf(path, files, choice) : undefined;
  return {
    operations: [...(service?.operations.values() ?? [])].map(({ name, documentation, input, output }) => ({
      name,
      summary: documentation ?? '',
      input: described(input, 'input'),
      output: described(output, 'output'),
    })),
    elements: types.xsd.elementNames().map((qualified) => {
      const element = types.xsd.element(qualified);
      return {
        ...splitKey(qualified),
        summary: element.documentation ?? '',
        schema: (direction) => describeElement(element, direction),
      };
    }),
  };
}

function described(
  element: ElementDeclaration | undefined,
  direction: Direction,
): (() => JsonSchema) | undefined {
  return element && (() => describeElement(element, direction));
}

/** A WSDL may be there for its types alone. */
async function serviceOf(
  path: string,
  files: ProjectFiles,
  choice: PortChoice,
): Promise<SoapService | undefined> {
  try {
    return await readWsdl(path, files, choice);
  } catch (error) {
    const nothing = choice.service === undefined && choice.port === undefined;
    if (nothing && /no SOAP port/.test(CrossdockError.from(error).message)) return undefined;
    throw error;
  }
}
