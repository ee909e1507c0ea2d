import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file } from '../../../connectors/file/index.ts';
import { connectorContract } from '../../contract/connector.ts';

describe('connector contract: file', () => {
  const root = mkdtempSync(join(tmpdir(), 'crossdock-file-'));
  after(() => {
    rmSync(root, { recursive: true });
  });

  connectorContract(file, { settings: { folder: 'in' }, root });
});
