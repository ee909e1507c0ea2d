import { isAbsolute } from 'node:path';
import { type Connection, type Connector, CrossdockError, type Host } from '../../core/sdk.ts';
import { createDrop } from './drop.ts';
import { examples } from './examples.ts';
import { Folder } from './folder.ts';
import { dropOptions, type FileSettings, fileSettings } from './settings.ts';
import { writeFile } from './write.ts';

/** A folder that systems exchange files through: files dropped there are read, files are written there. */
export const file: Connector<FileSettings> = {
  name: 'file',
  summary: 'Reads files that are dropped into a folder, record by record, and writes files.',
  status: 'stable',
  config: fileSettings,
  sources: {
    drop: {
      kind: 'pull',
      summary: 'The records of the files in the folder, oldest file first.',
      options: dropOptions,
    },
  },
  actions: {
    write: {
      summary: 'Writes the output as one file.',
      effect: 'idempotent',
      output: {
        type: 'object',
        properties: { name: { type: 'string', description: 'Name of the file.' } },
      },
    },
  },
  examples,
  open,
};

async function open(settings: FileSettings, host: Host): Promise<Connection> {
  const absolute = isAbsolute(settings.folder);
  const folder = new Folder(absolute ? settings.folder : host.files.resolve(settings.folder));
  if (!absolute) await folder.make();
  return {
    pull: (_source, options) => createDrop({ folder, clock: host.clock, log: host.log }, options ?? {}),
    perform: async (action, input, call) => {
      if (action !== 'write') throw new CrossdockError('CONFIG_INVALID', `There is no action "${action}".`);
      return await writeFile(folder, settings.write ?? {}, input, call);
    },
    check: async () => {
      const problem = await folder.problem();
      return [{ name: 'folder', ok: problem === undefined, detail: problem ?? `${folder.path} can be used` }];
    },
    close: () => Promise.resolve(),
  };
}
