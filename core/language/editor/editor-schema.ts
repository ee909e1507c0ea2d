import type { Connector } from '../../model/connector.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { connectionsForm, hubForm } from './file-forms.ts';
import { mappingForm } from './mapping-form.ts';
import type { ProjectNames } from './project-names.ts';
import { publishForm } from './publish.ts';

/** The kinds of files that there is a schema for. */
export type EditorFile = 'mapping' | 'test' | 'connections' | 'hub';

export interface EditorSources {
  readonly connectors: readonly Connector[];
  /** The form of `*.test.yaml`. */
  readonly testFile: JsonSchema;
  /** Of a project; without them any name may be written. */
  readonly names?: ProjectNames;
}

/** The JSON Schema of each kind of file: the forms that the loader checks with, in words that every editor knows. */
export function editorSchemas({
  connectors,
  testFile,
  names,
}: EditorSources): Readonly<Record<EditorFile, JsonSchema>> {
  const mapping = mappingForm(names);
  return {
    mapping: headed('mapping', 'A mapping of Crossdock', {
      ...mapping.form,
      ...defined(mapping.definitions),
    }),
    test: headed('test', 'Tests of a mapping of Crossdock', publishForm(testFile)),
    connections: headed('connections', 'The connections of a Crossdock hub', connectionsForm(connectors)),
    hub: headed('hub', 'A Crossdock hub', hubForm()),
  };
}

/**
 * One schema for all files below `mappings/`: editors choose by a pattern, and most can not leave `*.test.yaml` out of one.
 * A file with `cases` is one of tests.
 */
export function mappingsFolderSchema(sources: EditorSources): JsonSchema {
  const mapping = mappingForm(sources.names);
  return headed('mappings', 'A mapping of Crossdock, or its tests', {
    type: 'object',
    properties: {
      cases: { description: 'Only in *.test.yaml: the cases that test the mapping of the same name.' },
    },
    if: { type: 'object', required: ['cases'] },
    then: { $ref: '#/definitions/test' },
    else: { $ref: '#/definitions/mapping' },
    definitions: {
      mapping: mapping.form,
      test: publishForm(sources.testFile),
      ...mapping.definitions,
    },
  });
}

function headed(name: string, title: string, schema: JsonSchema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:crossdock:file:${name}`,
    title,
    ...schema,
  };
}

function defined(definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return Object.keys(definitions).length === 0 ? {} : { definitions };
}
