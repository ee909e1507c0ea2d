import assert from 'node:assert/strict';
import nock from 'nock';

// It takes hold of all sockets of the process as soon as it is imported.
nock.restore();

/** In a `describe`: its requests go to nock alone, and each one that a test announces must be made. */
export function expectRequests(): void {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    assert.deepEqual(pending, [], 'requests that were expected and not made');
  });
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
