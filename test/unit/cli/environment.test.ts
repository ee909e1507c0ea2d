import assert from 'node:assert/strict';
import { listenOf, readEnvironment, VARIABLES } from '../../../cli/environment.ts';

describe('The environment', () => {
  it('is read by its table, and empty variables count as not set', () => {
    const read = readEnvironment({ CROSSDOCK_LOG: 'DEBUG', CROSSDOCK_URL: '', HOME: '/root' });
    assert.deepEqual(read, { CROSSDOCK_LOG: 'debug' });
  });

  it('says all that is wrong at once, with the names and without the values of secrets', () => {
    assert.throws(
      () => readEnvironment({ CROSSDOCK_LOG: 'loud', CROSSDOCK_DATABASE_URL: 'mysql://u:hunter2@db/x' }),
      (error: Error) => {
        assert.match(error.message, /^CROSSDOCK_DATABASE_URL: is not a URL that begins with postgres:\/\//m);
        assert.match(error.message, /^CROSSDOCK_LOG: "loud" is not one of error, warn, info, debug/m);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
  });

  it('takes a misspelt name for a mistake, and lets a project have names of its own', () => {
    assert.throws(
      () => readEnvironment({ CROSSDOCK_DATABSE_URL: 'x' }),
      /Did you mean CROSSDOCK_DATABASE_URL\?/,
    );
    assert.doesNotThrow(() => readEnvironment({ CROSSDOCK_SHOP_WEBHOOK_SECRET: 'x' }));
  });

  it('has a description, an example and a fallback for every variable, and examples that are valid', () => {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      assert.ok(variable.about.endsWith('.'), name);
      assert.ok(variable.fallback.length > 0, name);
      assert.doesNotThrow(() => readEnvironment({ [name]: variable.example }), name);
    }
  });

  it('wants an address for the sandbox that its clients can use as it stands', () => {
    const { CROSSDOCK_SANDBOX } = readEnvironment({ CROSSDOCK_SANDBOX: '127.0.0.1:7501' });
    assert.deepEqual(CROSSDOCK_SANDBOX, { host: '127.0.0.1', port: 7501 });
    for (const wrong of [':7501', '127.0.0.1:0', '7501'])
      assert.throws(() => readEnvironment({ CROSSDOCK_SANDBOX: wrong }), /CROSSDOCK_SANDBOX: "/);
  });

  it('reads listen addresses', () => {
    assert.deepEqual(listenOf('127.0.0.1:7400'), { host: '127.0.0.1', port: 7400 });
    assert.deepEqual(listenOf('[::1]:0'), { host: '::1', port: 0 });
    assert.deepEqual(listenOf(':7400'), { host: '0.0.0.0', port: 7400 });
    for (const wrong of ['7400', 'localhost', 'localhost:70000', 'a:b:1'])
      assert.throws(() => listenOf(wrong));
  });
});
