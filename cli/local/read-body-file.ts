import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'yaml';
import { parseBody } from '../../core/formats/index.ts';

/** A message's body out of a file: YAML and JSON as such, XML as the hub reads it. Throws what reading throws. */
export async function readBodyFile(path: string): Promise<unknown> {
  const bytes = await readFile(path);
  switch (extname(path).toLowerCase()) {
    case '.xml':
      return parseBody('application/xml', bytes);
    case '.yaml':
    case '.yml':
      return parse(bytes.toString('utf8')) as unknown;
    default:
      return parseBody('application/json', bytes);
  }
}
