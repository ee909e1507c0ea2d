import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { soap } from '../../../connectors/soap/index.ts';
import type { SoapSettings } from '../../../connectors/soap/settings.ts';
import { systemClock } from '../../../core/clock.ts';
import { createHttp } from '../../../core/http/outbound/index.ts';
import { applyDefaults } from '../../../core/language/index.ts';
import type { ActionResult, ActionSpec, Connection, ProjectFiles } from '../../../core/sdk.ts';
import { RecordingLog } from '../../support/recording-log.ts';
import { callWith } from '../../support/connection.ts';

/** Project files, from the working directory or from memory. */
export function filesWith(texts: Readonly<Record<string, string>> = {}): ProjectFiles {
  return {
    read: async (path) =>
      texts[path] === undefined ? await readFile(join(process.cwd(), path)) : Buffer.from(texts[path]),
    resolve: (path) => join(process.cwd(), path),
  };
}

export interface OpenSoap {
  readonly connection: Connection;
  readonly actions: Readonly<Record<string, ActionSpec>>;
  perform(action: string, input: unknown): Promise<ActionResult>;
  probe(action: string, input: unknown): Promise<ActionResult | undefined>;
  close(): Promise<void>;
}

/** A live connection to a service on loopback. */
export async function openSoap(given: SoapSettings, files = filesWith()): Promise<OpenSoap> {
  const settings = applyDefaults(soap.config, given) as SoapSettings;
  const log = new RecordingLog();
  const http = createHttp({ allow: ['127.0.0.0/8'], clock: systemClock, log });
  const offer = await soap.describe?.(settings, files);
  const connection = await soap.open(settings, {
    log,
    clock: systemClock,
    files,
    http: (options) => http.client(options),
  });
  return {
    connection,
    actions: offer?.actions ?? {},
    perform: async (action, input) => (await connection.perform?.(action, input, callWith())) ?? {},
    probe: async (action, input) => await connection.probe?.(action, input, callWith()),
    close: async () => {
      await connection.close();
      await http.close();
    },
  };
}
