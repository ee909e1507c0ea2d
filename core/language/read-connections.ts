import type { Connector, Offer, ProjectFiles } from '../model/connector.ts';
import { parseDuration } from '../model/duration.ts';
import { CrossdockError } from '../model/errors.ts';
import { applyDefaults } from './defaults.ts';
import { CONNECTIONS_FORM } from './file-schemas.ts';
import { didYouMean } from './nearest.ts';
import { formatPath, type Path, type ProblemList } from './problem.ts';
import type { ConnectionConfig, ConnectionLimits } from './project.ts';
import type { SchemaRegistry } from './schema.ts';
import type { SchemaFault } from './schema-faults.ts';
import { fillIn, secretPaths, type SecretSources } from './secrets.ts';
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
}

/** The connections that are right, and the names of all: what refers to a broken one is not told off for it. */
export interface Connections {
  readonly configs: ReadonlyMap<string, ConnectionConfig>;
  readonly names: readonly string[];
}

/** Checks each connection's form, secrets and settings, and asks its connector what it offers. */
export async function readConnections(
  file: YamlFile | undefined,
  env: ConnectionsEnv,
  problems: ProblemList,
): Promise<Connections> {
  if (file?.value === undefined) return { configs: new Map(), names: [] };
  const faults = env.schemas.compile(CONNECTIONS_FORM)(file.value);
  problems.addFaults(file, [], file.value, faults);
  if (typeof file.value !== 'object' || Array.isArray(file.value)) return { configs: new Map(), names: [] };
  const entries = Object.entries(file.value as Readonly<Record<string, ConnectionForm>>);
  const configs = await Promise.all(
    entries.map(async ([name, form]) => {
      const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const broken = faults.some(({ path, member }) =>
        path === '' ? member === name : path === pointer || path.startsWith(`${pointer}/`),
      );
      return readConnection(file, name, form, broken, env, problems);
    }),
  );
  return {
    configs: new Map(configs.flatMap((config) => (config === undefined ? [] : [[config.name, config]]))),
    names: entries.map(([name]) => name),
  };
}

async function readConnection(
  file: YamlFile,
  name: string,
  form: ConnectionForm | null | undefined,
  broken: boolean,
  env: ConnectionsEnv,
  problems: ProblemList,
): Promise<ConnectionConfig | undefined> {
  if (typeof form?.connector !== 'string') return undefined;
  const connector = env.connectors.get(form.connector);
  if (connector === undefined) {
    const known = [...env.connectors.keys()];
    const hint =
      didYouMean(form.connector, known) ?? (known.length > 0 ? `known are ${known.join(', ')}` : undefined);
    problems.add(file, [name, 'connector'], `unknown connector "${form.connector}"`, hint);
    return undefined;
  }
  const settings = await readSettings(file, [name, 'with'], form.with ?? {}, connector, env, problems);
  if (settings === undefined || broken) return undefined;
  const offer = await describe(file, [name, 'with'], connector, settings.value, env.files, problems);
  if (offer === undefined) return undefined;
  return {
    name,
    connector: connector.name,
    settings: settings.value,
    offer,
    limits: limitsOf(form),
    breaker: {
      failures: form.breaker?.failures ?? 5,
      pauseMs: parseDuration(form.breaker?.pause ?? '5s'),
      maxPauseMs: parseDuration(form.breaker?.max_pause ?? '1m'),
    },
    at: file.position([name], 'key'),
  };
}

async function readSettings(
  file: YamlFile,
  base: Path,
  written: unknown,
  connector: Connector,
  env: ConnectionsEnv,
  problems: ProblemList,
): Promise<{ readonly value: unknown } | undefined> {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return undefined;
  const secret = secretPaths(connector.config, written);
  const { value, references, mistakes } = await fillIn(written, env.secrets, secret);
  for (const { path, message } of mistakes) problems.add(file, [...base, ...path], message);
  const validate = env.schemas.compile(connector.config);
  let settings = applyDefaults(connector.config, value);
  let faults = validate(settings);
  const typed = coerce(settings, references, faults);
  if (typed !== undefined) {
    settings = typed;
    faults = validate(settings);
  }
  // What has no value yet can not be judged.
  const unknown = new Set(mistakes.map(({ path }) => `/${path.join('/')}`));
  const telling = faults.filter(({ path }) => !unknown.has(path));
  problems.addFaults(file, base, settings, telling);
  return faults.length > 0 || mistakes.length > 0 ? undefined : { value: settings };
}

/** A reference is text, but the setting may be a number or a boolean: then it is read as one. */
function coerce(settings: unknown, references: readonly Path[], faults: readonly SchemaFault[]): unknown {
  const wrong = new Set(faults.filter(({ keyword }) => keyword === 'type').map(({ path }) => path));
  const toChange = references.filter((path) => wrong.has(`/${path.join('/')}`));
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
  file: YamlFile,
  base: Path,
  connector: Connector,
  settings: unknown,
  files: ProjectFiles,
  problems: ProblemList,
): Promise<Required<Offer> | undefined> {
  const own = { sources: connector.sources, actions: connector.actions };
  if (connector.describe === undefined) return own;
  try {
    const more = await connector.describe(settings, files);
    return { sources: { ...own.sources, ...more.sources }, actions: { ...own.actions, ...more.actions } };
  } catch (thrown) {
    const error = CrossdockError.from(thrown, 'CONFIG_INVALID');
    problems.add(file, [...base, ...settingPath(error.path)], error.message.replace(/\.$/, ''));
    return undefined;
  }
}

/** A connector names a setting as a JSON pointer (`/auth/type`) or as people do (`auth.type`, `secrets[0]`). */
function settingPath(path: string | undefined): Path {
  if (path === undefined || path === '') return [];
  const parts = path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
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
    timeoutMs: parseDuration(limits?.timeout ?? '30s'),
  };
}
