import type { AddressGuard } from '../http/outbound/address-guard.ts';
import type { Connector, Offer, ProjectFiles } from '../model/connector.ts';
import { DURATION_PATTERN, parseDuration } from '../model/duration.ts';
import { CrossdockError } from '../model/errors.ts';
import { TOPIC } from '../model/mapping.ts';
import { applyDefaults } from './defaults.ts';
import { CONNECTIONS_FORM } from './file-schemas.ts';
import { fromPointer, toPointer } from './json-pointer.ts';
import { nearest } from './nearest.ts';
import { formatPath, type Path } from './problem.ts';
import type { ConnectionConfig, ConnectionLimits } from './project.ts';
import { refusalOf } from './refused-address.ts';
import type { SchemaRegistry } from './schema.ts';
import type { SchemaFault } from './schema-faults.ts';
import { fillIn, markedScalars, secretPaths, type SecretSources } from './secrets.ts';
import type { YamlFile } from './yaml-file.ts';

interface ConnectionForm {
  readonly connector: string;
  readonly with?: unknown;
  readonly limits?: {
    readonly concurrency?: number;
    readonly rate?: string | number;
    readonly timeout?: string;
  };
  readonly breaker?: { readonly failures?: number; readonly pause?: string; readonly max_pause?: string };
}

export interface ConnectionsEnv {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly secrets: SecretSources;
  readonly files: ProjectFiles;
  /** Knows the forms of files and compiles the schemas of connectors. */
  readonly schemas: SchemaRegistry;
  /** What the hub lets connections reach; undefined where that is not known. */
  readonly guard: AddressGuard | undefined;
}

/** The connections that are right, and the names of all: what refers to a broken one is not told off for it. */
export interface Connections {
  readonly configs: ReadonlyMap<string, ConnectionConfig>;
  readonly names: readonly string[];
}

/** Checks each connection's form, secrets and settings, and asks its connector what it offers. */
export async function readConnections(file: YamlFile | undefined, env: ConnectionsEnv): Promise<Connections> {
  if (file?.value === undefined) return { configs: new Map(), names: [] };
  const faults = env.schemas.compile(CONNECTIONS_FORM)(file.value);
  file.tellFaults([], file.value, faults);
  if (typeof file.value !== 'object' || Array.isArray(file.value)) return { configs: new Map(), names: [] };
  const entries = Object.entries(file.value as Readonly<Record<string, ConnectionForm | null>>);
  const configs = await Promise.all(
    entries.map(async ([name, form]) => {
      if (typeof form?.connector !== 'string') return undefined;
      const config = await readConnection({ file, name, form }, env);
      return faults.some((fault) => isAbout(fault, name)) ? undefined : config;
    }),
  );
  return {
    configs: new Map(configs.flatMap((config) => (config === undefined ? [] : [[config.name, config]]))),
    names: entries.map(([name]) => name),
  };
}

function isAbout({ path, member }: SchemaFault, name: string): boolean {
  const pointer = toPointer([name]);
  return path === '' ? member === name : path === pointer || path.startsWith(`${pointer}/`);
}

/** An entry of the file on its way to become a connection. */
interface Entry {
  readonly file: YamlFile;
  readonly name: string;
  readonly form: ConnectionForm;
}

/** With mistakes in limits and the like its settings are checked all the same; its form was, before. */
async function readConnection(entry: Entry, env: ConnectionsEnv): Promise<ConnectionConfig | undefined> {
  const { file, name, form } = entry;
  if (name === TOPIC)
    file.tell([name], `a connection can not be called "${TOPIC}": messages of topics come from there`, {
      part: 'key',
    });
  const connector = env.connectors.get(form.connector);
  if (connector === undefined) {
    const known = [...env.connectors.keys()];
    const all = known.length > 0 ? `known are ${known.join(', ')}` : undefined;
    const near = nearest(form.connector, known);
    file.tell([name, 'connector'], `unknown connector "${form.connector}"`, {
      ...(near === undefined ? { hint: all } : { near }),
      code: 'unknown-reference',
    });
    return undefined;
  }
  const settings = await readSettings(entry, connector, env);
  const offer =
    settings === undefined ? undefined : await describe(entry, connector, settings.value, env.files);
  if (settings === undefined || offer === undefined) return undefined;
  return {
    name,
    connector: connector.name,
    settings: settings.value,
    offer,
    limits: limitsOf(form),
    breaker: {
      failures: form.breaker?.failures ?? 5,
      pauseMs: durationOf(form.breaker?.pause, 5_000),
      maxPauseMs: durationOf(form.breaker?.max_pause, 60_000),
    },
    at: file.position([name], 'key'),
  };
}

async function readSettings(
  { file, name, form }: Entry,
  connector: Connector,
  env: ConnectionsEnv,
): Promise<{ readonly value: unknown } | undefined> {
  const written = form.with ?? {};
  if (typeof written !== 'object' || Array.isArray(written)) return undefined;
  const base: Path = [name, 'with'];
  const secret = secretPaths(connector.config, written);
  const { value, references, mistakes } = await fillIn(written, env.secrets, secret);
  for (const { path, message } of mistakes) file.tell([...base, ...path], message, { code: 'secret' });
  const validate = env.schemas.compile(connector.config);
  let settings = applyDefaults(connector.config, value);
  let faults = validate(settings);
  const typed = coerce(settings, references, faults);
  if (typed !== undefined) {
    settings = typed;
    faults = validate(settings);
  }
  // What has no value yet can not be judged.
  const unknown = new Set(mistakes.map(({ path }) => toPointer(path)));
  file.tellFaults(
    base,
    settings,
    faults.filter(({ path }) => !unknown.has(path)),
  );
  if (faults.length > 0 || mistakes.length > 0) return undefined;
  for (const [path, address] of markedScalars(connector.config, settings, 'x-address')) {
    const refusal = env.guard && refusalOf(String(address), env.guard);
    if (refusal !== undefined) file.tell([...base, ...path], refusal, { code: 'address' });
  }
  return { value: settings };
}

/** A reference is text, but the setting may be a number or a boolean: then it is read as one. */
function coerce(settings: unknown, references: readonly Path[], faults: readonly SchemaFault[]): unknown {
  const wrong = new Set(faults.filter(({ keyword }) => keyword === 'type').map(({ path }) => path));
  const toChange = references.filter((path) => wrong.has(toPointer(path)));
  if (toChange.length === 0) return undefined;
  const paths = new Set(toChange.map(formatPath));
  const change = (node: unknown, path: Path): unknown => {
    if (typeof node === 'string' && paths.has(formatPath(path))) return scalarOf(node);
    if (Array.isArray(node)) return node.map((item, i) => change(item, [...path, i]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, member]) => [key, change(member, [...path, key])]),
    );
  };
  return change(settings, []);
}

function scalarOf(text: string): unknown {
  if (/^-?[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

async function describe(
  { file, name }: Entry,
  connector: Connector,
  settings: unknown,
  files: ProjectFiles,
): Promise<Required<Offer> | undefined> {
  const own = { sources: connector.sources, actions: connector.actions };
  if (connector.describe === undefined) return own;
  try {
    const more = await connector.describe(settings, files);
    return { sources: { ...own.sources, ...more.sources }, actions: { ...own.actions, ...more.actions } };
  } catch (thrown) {
    const error = CrossdockError.from(thrown, 'CONFIG_INVALID');
    file.tell([name, 'with', ...settingPath(error.path)], error.message.replace(/\.$/, ''));
    return undefined;
  }
}

/** A connector names a setting as a JSON pointer (`/auth/type`) or as people do (`auth.type`, `secrets[0]`). */
function settingPath(path: string | undefined): Path {
  if (path === undefined) return [];
  const parts = path.startsWith('/')
    ? fromPointer(path)
    : path.split(/[.[\]]+/).filter((part) => part !== '');
  return parts.map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function limitsOf({ limits }: ConnectionForm): ConnectionLimits {
  const rate = limits?.rate;
  const [amount, unit] = typeof rate === 'string' ? rate.split('/') : [];
  const perSecond =
    typeof rate === 'number'
      ? rate
      : unit === undefined
        ? undefined
        : Number(amount) / (PER_SECOND[unit] ?? 1);
  return {
    concurrency: limits?.concurrency ?? 16,
    ...(perSecond === undefined ? {} : { rate: perSecond }),
    timeoutMs: durationOf(limits?.timeout, 30_000),
  };
}

/** Its form has been checked; what does not fit has been told of and its connection is not used. */
function durationOf(text: unknown, otherwise: number): number {
  return typeof text === 'string' && new RegExp(DURATION_PATTERN).test(text)
    ? parseDuration(text)
    : otherwise;
}
