import { TEST_FILE_SCHEMA } from '../../cli/local/test-file-schema.ts';
import { CONNECTIONS_FORM, HUB_FORM, MAPPING_FORM } from '../../core/language/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { sections } from './markdown.ts';
import { membersText } from './schema-text.ts';

/** Every key of the files of a project. */
export function projectFilesPage(): string {
  const file = (title: string, about: string, form: JsonSchema): string =>
    sections(`## ${title}`, about, membersText(form)).trimEnd();
  return sections(
    '# Project files',
    'Every key of every file. Unknown keys are mistakes. [Mapping files](../mapping-files.md) explains them by example. The same as JSON Schemas: [mapping](schemas/mapping.json), [test](schemas/test.json), [connections](schemas/connections.json), [hub](schemas/hub.json); [in your editor](../editor.md) says what they are for.',
    file(
      'Mappings: `mappings/<domain>/<name>.yaml`',
      'From one source, through steps, to one or more targets.',
      MAPPING_FORM,
    ),
    file(
      'Tests of mappings: `mappings/<domain>/<name>.test.yaml`',
      'Run by `crossdock test`, without a hub.',
      TEST_FILE_SCHEMA,
    ),
    file(
      'Connections: `config/connections.yaml`',
      'Name → connection. `with` is what the connector says: see the pages of the [connectors](../connectors.md).',
      CONNECTIONS_FORM,
    ),
    file('The hub: `config/hub.yaml`', 'Every key has a default; the file may be missing.', HUB_FORM),
    sections(
      '## Schemas: `schemas/**/*.json`',
      'JSON Schema 2020-12, as JSON or YAML. The name of a schema is its path without the ending: `schemas/sales/order@1.json` is `sales/order@1`.',
    ).trimEnd(),
  );
}
