import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { parseBody } from '../../core/formats/index.ts';
import { yamlFaults } from '../../core/language/index.ts';

/** A message's body out of a file: YAML and JSON as such, XML as the hub reads it. Throws what reading throws. */
export async function readBodyFile(path: string): Promise<unknown> {
  const bytes = await readFile(path);
  switch (extname(path).toLowerCase()) {
    case '.xml':
      return parseBody('application/xml', bytes);
    case '.yaml':
    case '.yml':
      return readYamlBody(bytes.toString('utf8'));
    default:
      return parseBody('application/json', bytes);
  }
}

function readYamlBody(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const [fault] = yamlFaults(document);
  if (fault !== undefined)
    throw new Error(`line ${lineCounter.linePos(fault.offset).line}: ${fault.message}`);
  return document.toJS() as unknown;
}
