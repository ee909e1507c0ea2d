import { connectors } from '../../../connectors/index.ts';
import {
  editorSchemas,
  mappingsFolderSchema,
  type EditorFile,
  type ProjectNames,
} from '../../../core/language/index.ts';
import type { JsonSchema } from '../../../core/model/json-schema.ts';
import { TEST_FILE_SCHEMA } from '../test-file-schema.ts';

/** The schemas of docs/reference/schemas: for any project. */
export function publishedSchemas(): Readonly<Record<EditorFile, JsonSchema>> {
  return editorSchemas({ connectors, testFile: TEST_FILE_SCHEMA });
}

/** The schemas of one project, with its own names. */
export function projectSchemas(names: ProjectNames): Readonly<Record<EditorFile | 'mappings', JsonSchema>> {
  const sources = { connectors, testFile: TEST_FILE_SCHEMA, names };
  return { ...editorSchemas(sources), mappings: mappingsFolderSchema(sources) };
}
