import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the size that start-up has given it (semi-spaces of about 16 MB). Left alone it doubles again and
 * again under load, up to a multiple of all that the hub itself needs: what moves through a hub dies young and needs no such room.
 * Unlike --max-semi-space-size this can be set while the process runs, so it holds however the hub was started.
 */
export function boundYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
