import type { JsonSchema } from '../../model/json-schema.ts';
import { branchesOf } from '../../model/schema-outline.ts';

/** Settings that many connectors have, under names that mean the same in all: credentials above all. */
const COMMON: Readonly<Record<string, string>> = {
  audience: 'https://api.example.com',
  client_id: 'crossdock',
  header: 'X-Signature',
  name: 'X-API-Key',
  scope: 'orders:read orders:write',
  timestamp_header: 'X-Timestamp',
  token_url: 'https://auth.example.com/oauth/token',
  username: 'crossdock',
};

/** An example for a text setting whose connector shows none; undefined for a name that says nothing by itself. */
export function commonExample(name: string, schema: JsonSchema): string | undefined {
  const branches = branchesOf(schema);
  const isText = [schema, ...branches].some(({ type }) => type === 'string');
  return isText && Object.hasOwn(COMMON, name) ? COMMON[name] : undefined;
}
