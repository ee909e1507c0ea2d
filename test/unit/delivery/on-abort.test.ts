import assert from 'node:assert/strict';
import { onAbort } from '../../../core/delivery/on-abort.ts';

describe('listening to a signal that lives as long as the hub', () => {
  it('tells all that still listen, once', () => {
    const hub = new AbortController();
    const told: string[] = [];
    onAbort(hub.signal, () => told.push('first'));
    const ignore = onAbort(hub.signal, () => told.push('second'));
    onAbort(hub.signal, () => told.push('third'));
    ignore();
    ignore();
    onAbort(hub.signal, () => told.push('fourth'));
    hub.abort();
    hub.abort();
    assert.deepEqual(told.sort(), ['first', 'fourth', 'third']);
  });

  it('lets one that is told take others out', () => {
    const hub = new AbortController();
    let told = 0;
    const ignores = Array.from({ length: 3 }, () =>
      onAbort(hub.signal, () => {
        told += 1;
        for (const ignore of ignores) ignore();
      }),
    );
    hub.abort();
    assert.equal(told, 3);
  });
});
