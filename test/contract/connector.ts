import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { systemClock } from '../../core/clock.ts';
import { createHttp, type Http } from '../../core/http/outbound/index.ts';
import { applyDefaults, schemaRegistry } from '../../core/language/index.ts';
import type { ActionSpec, Connection, Connector, Host, Offer } from '../../core/model/connector.ts';
import { CrossdockError, type ErrorCode } from '../../core/model/errors.ts';
import { callWith, filesOf } from '../support/connection.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { startScriptedServer, type Script, type ScriptedServer } from '../support/scripted-server.ts';
import { withCode } from '../support/with-code.ts';
import { holdsSecret, isDescribed, settingsOf } from './connector-settings.ts';

/** What the suite has to know of a connector. */
export interface ConnectorContract {
  /** Settings (`with:` of connections.yaml) that work; for HTTP connectors any, since `http.settings` are used live. */
  readonly settings: unknown;
  /** Where project files are read from. Default: the working directory. */
  readonly root?: string;
  /** For connectors that perform actions over HTTP: how they meet a system that the suite controls. */
  readonly http?: {
    /** Settings that point to the system at `url`, with credentials. */
    settings(url: string): unknown;
    readonly action: string;
    readonly input: unknown;
    /** Plays the system while all is well: the action and everything around it (token endpoint, WSDL). */
    readonly healthy: Script;
    /** True for the requests of the action itself; the suite makes trouble only there. Default: all. */
    isAction?(request: { readonly method: string; readonly url: string }): boolean;
  };
}

/** What every connector must keep. To be called inside a `describe`. */
export function connectorContract(connector: Connector, contract: ConnectorContract): void {
  const schemas = schemaRegistry(new Map());
  const files = filesOf(contract.root ?? process.cwd());
  const filled = (settings: unknown): unknown => applyDefaults(connector.config, settings);
  const offer = async (settings: unknown): Promise<Required<Offer>> => {
    const more = await connector.describe?.(filled(settings), files);
    return {
      sources: { ...connector.sources, ...more?.sources },
      actions: { ...connector.actions, ...more?.actions },
    };
  };

  describe('its description', () => {
    it('names and summarises the connector', () => {
      assert.match(connector.name, /^[a-z][a-z0-9-]*$/);
      assert.match(connector.summary, /^[A-Z].{10,200}\.$/);
    });

    it('has a schema of its settings that compiles and accepts working ones', () => {
      assert.deepEqual(schemas.compile(connector.config)(filled(contract.settings)), []);
    });

    it('refuses settings with a key that it does not know', () => {
      const settings = { ...(filled(contract.settings) as object), no_such_setting: 1 };
      assert.notDeepEqual(schemas.compile(connector.config)(settings), []);
    });

    it('describes every setting', () => {
      const mute = settingsOf(connector.config).filter(({ schema }) => !isDescribed(schema));
      assert.deepEqual(
        mute.map(({ path }) => path),
        [],
      );
    });

    it('marks every setting that holds a secret', () => {
      const open = settingsOf(connector.config).filter(({ path, schema }) => holdsSecret(path, schema));
      assert.deepEqual(
        open.map(({ path }) => path),
        [],
      );
    });

    it('gives examples whose settings it accepts', () => {
      assert.ok(connector.examples.length > 0);
      for (const { title, yaml } of connector.examples) {
        const document = parse(yaml) as Record<string, { connector?: string; with?: unknown }>;
        const own = Object.values(document).filter((entry) => entry.connector === connector.name);
        if (!('from' in document)) assert.ok(own.length > 0, title);
        for (const entry of own)
          assert.deepEqual(schemas.compile(connector.config)(filled(entry.with ?? {})), [], title);
      }
    });

    it('offers sources and actions with summaries and schemas that compile', async () => {
      const { sources, actions } = await offer(contract.settings);
      assert.ok(Object.keys(sources).length + Object.keys(actions).length > 0);
      for (const source of Object.values(sources)) {
        assert.notEqual(source.summary, '');
        for (const schema of [source.options, source.body]) if (schema !== undefined) schemas.compile(schema);
      }
      for (const action of Object.values(actions)) {
        assert.notEqual(action.summary, '');
        assert.ok(isSound(action), `${action.summary}: what only reads is idempotent`);
        for (const schema of [action.input, action.output]) if (schema !== undefined) schemas.compile(schema);
      }
    });
  });

  describe('its connection', () => {
    it('checks itself without throwing, even when it may not go anywhere', async () => {
      await withConnection(contract.settings, [], async ({ connection }) => {
        const results = await connection.check(AbortSignal.timeout(5_000));
        for (const { name, detail } of results) assert.ok(name !== '' && detail !== '');
      });
    });

    it('checks itself without throwing when it is told to stop', async () => {
      await withConnection(contract.settings, [], async ({ connection }) => {
        await connection.check(AbortSignal.abort());
      });
    });
  });

  const { http } = contract;
  if (http !== undefined) overHttp(http);

  function overHttp(system: NonNullable<ConnectorContract['http']>): void {
    describe('its action over HTTP', () => {
      let server: ScriptedServer;
      before(async () => {
        server = await startScriptedServer(system.healthy);
      });
      after(async () => {
        await server.close();
      });
      beforeEach(() => {
        server.play(system.healthy);
      });

      const isAction = system.isAction ?? (() => true);
      const trouble = (script: Script): void => {
        server.play((request) => (isAction(request) ? script(request) : system.healthy(request)));
      };
      const perform = async (
        signal = new AbortController().signal,
        allow = [server.address],
        url = server.url,
      ): Promise<unknown> =>
        await withConnection(system.settings(url), allow, async ({ connection, log }) => {
          try {
            return await connection.perform?.(system.action, system.input, callWith(signal));
          } catch (error) {
            assert.ok(error instanceof CrossdockError, `not a CrossdockError: ${String(error)}`);
            assertNoSecret(system.settings(url), `${error.message} ${error.response ?? ''}`);
            throw error;
          } finally {
            assertNoSecret(system.settings(url), log.text);
          }
        });

      it('is performed', async () => {
        assert.notEqual(await perform(), undefined);
        assert.ok(server.seen.some(isAction));
      });

      it('goes to no internal address that is not allowed', async () => {
        await assert.rejects(perform(undefined, []), withCode('ADDRESS_REFUSED'));
        assert.equal(server.seen.length, 0);
      });

      const answers: readonly [string, number, ErrorCode][] = [
        ['refused credentials', 401, 'CREDENTIALS_REFUSED'],
        ['missing rights', 403, 'CREDENTIALS_REFUSED'],
        ['a bad request', 400, 'TARGET_REJECTED'],
        ['a redirect', 302, 'TARGET_REJECTED'],
        ['a time limit of the target', 408, 'TARGET_FAILED'],
        ['too many requests', 429, 'TARGET_THROTTLED'],
        ['maintenance', 503, 'TARGET_UNAVAILABLE'],
        ['a time limit of a gateway', 504, 'TARGET_TIMEOUT'],
      ];
      for (const [what, status, code] of answers) {
        it(`takes ${what} (${status}) for ${code}`, async () => {
          trouble(() => ({
            status,
            headers: { 'content-type': 'text/plain', location: `${server.url}/elsewhere` },
            body: 'no',
          }));
          await assert.rejects(perform(), withCode(code));
          assert.ok(!server.seen.some((request) => request.url === '/elsewhere'));
        });
      }

      for (const status of [429, 503]) {
        it(`knows how long to wait after ${status} with Retry-After`, async () => {
          trouble(() => ({ status, headers: { 'retry-after': '7' } }));
          await assert.rejects(perform(), (error: CrossdockError) => {
            assert.equal(error.code, 'TARGET_THROTTLED');
            assert.equal(error.retryAfterMs, 7_000);
            return true;
          });
        });
      }

      it('is in doubt when the target does not answer until the time is up', async () => {
        const controller = new AbortController();
        trouble(() => {
          controller.abort(new Error('time is up'));
          return 'hang';
        });
        await assert.rejects(perform(controller.signal), withCode('TARGET_TIMEOUT'));
      });

      it('is in doubt when the connection breaks before the answer', async () => {
        trouble(() => 'reset');
        await assert.rejects(perform(), withCode('TARGET_LOST'));
      });

      it('is not in doubt when nobody listens', async () => {
        const gone = await startScriptedServer();
        await gone.close();
        await assert.rejects(perform(undefined, [gone.address], gone.url), withCode('TARGET_UNREACHABLE'));
      });

      it('does not begin when its time is up already', async () => {
        await assert.rejects(perform(AbortSignal.abort()));
        assert.ok(!server.seen.some(isAction));
      });

      it('is not performed by a check, which only reads', async () => {
        await withConnection(system.settings(server.url), [server.address], async ({ connection }) => {
          const results = await connection.check(AbortSignal.timeout(5_000));
          assert.ok(
            results.every((result) => result.ok),
            JSON.stringify(results),
          );
        });
        const writes = server.seen.filter((request) => isAction(request) && !SAFE.has(request.method));
        assert.deepEqual(writes, []);
      });

      it('is known by a check to be out of reach', async () => {
        const gone = await startScriptedServer();
        await gone.close();
        await withConnection(system.settings(gone.url), [gone.address], async ({ connection }) => {
          const results = await connection.check(AbortSignal.timeout(5_000));
          assert.ok(results.some((result) => !result.ok));
          assertNoSecret(system.settings(gone.url), JSON.stringify(results));
        });
      });
    });
  }

  async function withConnection<T>(
    settings: unknown,
    allow: readonly string[],
    use: (live: { connection: Connection; log: RecordingLog }) => Promise<T>,
  ): Promise<T> {
    const log = new RecordingLog();
    const http: Http = createHttp({ allow, clock: systemClock, log });
    const host: Host = { log, clock: systemClock, files, http: (options) => http.client(options) };
    try {
      const connection = await connector.open(filled(settings), host);
      try {
        return await use({ connection, log });
      } finally {
        await connection.close();
      }
    } finally {
      await http.close();
    }
  }
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function isSound(action: ActionSpec): boolean {
  return action.reads !== true || action.effect === 'idempotent';
}

/** Fails if a text holds one of the secrets that the contract's settings carry: the strings that say so. */
function assertNoSecret(settings: unknown, text: string): void {
  for (const secret of JSON.stringify(settings).match(/[\w+/=-]*s3cret[\w+/=-]*/gi) ?? [])
    assert.ok(!text.includes(secret), `a secret came out: ${text.slice(0, 200)}`);
}
