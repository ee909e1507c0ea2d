import { parse } from 'yaml';
import type { Connector } from '../../model/connector.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { objectOf } from '../../model/schema-outline.ts';
import { CONNECTION_FORM, CONNECTIONS_FORM, HUB_FORM } from '../file-schemas.ts';
import { withExamples } from './example-of.ts';
import { publishForm } from './publish.ts';

/** The form of `config/hub.yaml`, for editors. */
export function hubForm(): JsonSchema {
  return publishForm(HUB_FORM, 'texts');
}

/** The form of `config/connections.yaml`, for editors: what stands under `with` is what the connector says. */
export function connectionsForm(connectors: readonly Connector[]): JsonSchema {
  const { properties, ...rest } = CONNECTION_FORM;
  const kinds = connectors.map(({ name, summary }) => ({ const: name, description: summary }));
  const connection: JsonSchema = {
    ...rest,
    properties: {
      ...objectOf(properties),
      connector: { ...objectOf(objectOf(properties)['connector']), anyOf: kinds },
    },
    allOf: connectors.map((connector) => ({
      if: { required: ['connector'], properties: { connector: { const: connector.name } } },
      then: settingsOf(connector),
    })),
  };
  return publishForm({ ...CONNECTIONS_FORM, additionalProperties: connection });
}

function settingsOf({ config, examples, summary, name }: Connector): JsonSchema {
  const shown = examples.flatMap(({ yaml }) =>
    Object.values(objectOf(parse(yaml)))
      .map(objectOf)
      .filter((one) => one['connector'] === name)
      .map((one) => one['with']),
  );
  const settings = publishForm(
    withExamples(
      config,
      shown.filter((one) => one !== undefined),
    ),
    'all',
  );
  const required = Array.isArray(config['required']) && config['required'].length > 0;
  const [example] = shown.length > 0 ? shown : [{}];
  const about = { description: `Settings of ${name}: ${summary}`, examples: [example ?? {}] };
  return {
    ...(required ? { required: ['with'] } : {}),
    properties: { with: { ...settings, ...about } },
  };
}
