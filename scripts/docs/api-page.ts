import { API_PREFIX, endpoints } from '../../api/contract.ts';
import { openApi } from '../../api/openapi.ts';
import { readVersion } from '../../cli/version.ts';
import type { Endpoint } from '../../core/http/server/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import { code, prose, sections, sentence, table } from './markdown.ts';
import { membersText } from './schema-text.ts';

const all: readonly Endpoint<unknown, unknown, unknown, JsonSchema>[] = Object.values(endpoints);

/** The OpenAPI document, as a hub of this version serves it. */
export function openApiDocument(): unknown {
  return openApi(readVersion());
}

/** Every endpoint of the admin API. */
export function apiPage(): string {
  return sections(
    '# Admin API',
    `Served below \`${API_PREFIX}\`; the same as [OpenAPI 3.1](openapi.json), which a hub serves at \`${API_PREFIX}/openapi.json\`. Requests carry \`Authorization: Bearer <token>\`. Errors are [problem documents](errors.md). Each endpoint asks for one [action](roles.md).`,
    table(
      ['Request', 'Action', 'What it does'],
      all.map(({ name, method, path, action, summary }) => [
        `[${code(`${method} ${path}`)}](#${name.toLowerCase()})`,
        code(action),
        prose(summary),
      ]),
    ),
    ...all.map(endpointSection),
  );
}

function endpointSection(endpoint: Endpoint<unknown, unknown, unknown, JsonSchema>): string {
  const { name, method, path, action, summary, params, query, body, response, status = 200 } = endpoint;
  return sections(
    `## ${name}`,
    `${code(`${method} ${API_PREFIX}${path}`)} — ${prose(sentence(summary))} Action: ${code(action)}.`,
    listOf('Path:', params),
    listOf('Query:', query),
    listOf('Body:', body),
    listOf(`Answer (${status}):`, response),
  ).trimEnd();
}

function listOf(title: string, schema: unknown): string | undefined {
  const text = schema === undefined ? '' : membersText(schema as JsonSchema);
  return text === '' ? undefined : `${title}\n\n${text}`;
}
