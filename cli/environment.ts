import { nearestName } from './suggest.ts';
import { UsageError } from './usage-error.ts';

const PREFIX = 'CROSSDOCK_';

/** One variable of the environment that the program reads. */
interface Variable<T> {
  /** One sentence for docs/reference/environment.md. */
  readonly about: string;
  readonly example: string;
  /** In words; what happens without it. */
  readonly fallback: string;
  /** Its value is never shown. */
  readonly secret?: boolean;
  /** Throws RangeError with what is wrong; the variable's name is added by the reader. */
  readonly parse: (text: string) => T;
}

/**
 * Every variable that crossdock itself reads; docs/reference/environment.md is generated from this table. (What a
 * project names as `${env:NAME}` is the project's own.) Options of the command line win over variables.
 */
export const VARIABLES = {
  CROSSDOCK_URL: variable({
    about: 'Address of the hub that the commands talk to.',
    example: 'https://hub.example.com',
    fallback: 'http://127.0.0.1:7400',
    parse: urlOf('http:', 'https:'),
  }),
  CROSSDOCK_TOKEN: variable({
    about: 'API token for the commands that talk to a hub.',
    example: 'cdk_…',
    fallback: 'the admin token in the data folder, for a hub on this machine',
    secret: true,
    parse: String,
  }),
  CROSSDOCK_DATABASE_URL: variable({
    about: 'Postgres (15 or newer) that holds the messages.',
    example: 'postgres://crossdock:secret@127.0.0.1:5432/crossdock',
    fallback: 'the embedded database in the data folder',
    secret: true,
    parse: urlOf('postgres:', 'postgresql:'),
  }),
  CROSSDOCK_AMQP_URL: variable({
    about: 'RabbitMQ that distributes the work.',
    example: 'amqp://crossdock:secret@127.0.0.1:5672',
    fallback: 'the in-memory transport, for a hub of one process',
    secret: true,
    parse: urlOf('amqp:', 'amqps:'),
  }),
  CROSSDOCK_PROJECT: variable({
    about: 'Folder of the project: config/, mappings/, schemas/.',
    example: '/srv/hub',
    fallback: 'the current folder, or the nearest one above it that holds a project',
    parse: String,
  }),
  CROSSDOCK_DATA: variable({
    about: 'Folder for the embedded database and the admin token.',
    example: '/var/lib/crossdock',
    fallback: '.crossdock in the project',
    parse: String,
  }),
  CROSSDOCK_LISTEN: variable({
    about: 'Address and port that the hub serves on.',
    example: '0.0.0.0:7400',
    fallback: '127.0.0.1:7400',
    parse: listenOf,
  }),
  CROSSDOCK_SANDBOX: variable({
    about:
      'Address and port of the sandbox systems: `start --sandbox` serves them there, and the sample hub looks there.',
    example: '127.0.0.1:7501',
    fallback: '127.0.0.1:7401',
    parse: addressOf,
  }),
  CROSSDOCK_LOG: variable({
    about: 'How much is logged: error, warn, info or debug.',
    example: 'debug',
    fallback: 'info',
    parse: oneOf('error', 'warn', 'info', 'debug'),
  }),
  CROSSDOCK_LOG_FORMAT: variable({
    about: 'How it is logged: pretty (for a terminal) or json (one object a line).',
    example: 'json',
    fallback: 'pretty on a terminal, else json',
    parse: oneOf('pretty', 'json'),
  }),
  VISUAL: variable({
    about: 'Editor for `failures edit`; wins over EDITOR.',
    example: 'code --wait',
    fallback: 'EDITOR',
    parse: String,
  }),
  EDITOR: variable({
    about: 'Editor for `failures edit`.',
    example: 'nano',
    fallback: '--body must be given',
    parse: String,
  }),
  NO_COLOR: variable({
    about: 'Any value: no colours (no-color.org).',
    example: '1',
    fallback: 'colours on a terminal',
    parse: String,
  }),
  FORCE_COLOR: variable({
    about: 'Colours even where there is no terminal; 0 turns them off. Wins over NO_COLOR.',
    example: '1',
    fallback: 'colours on a terminal',
    parse: String,
  }),
} as const;

/** The variables, parsed; undefined where one is not set or empty. */
export type Environment = {
  readonly [K in keyof typeof VARIABLES]: ReturnType<(typeof VARIABLES)[K]['parse']> | undefined;
};

/** Names and values as the operating system has them. */
export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** The process's own environment: the one place where the program reads it. */
export function processEnvironment(): RawEnvironment {
  return process.env;
}

/**
 * Reads the declared variables. Everything that is wrong is said at once, with the variable's name and never a secret's
 * value: bad values, and names that start with CROSSDOCK_ and look like a misspelt one of ours.
 * Throws UsageError.
 */
export function readEnvironment(raw: RawEnvironment): Environment {
  const wrong: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { parse }] of Object.entries(VARIABLES)) {
    const text = raw[name];
    if (text === undefined || text === '') continue;
    try {
      values[name] = parse(text);
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
    }
  }
  const known = Object.keys(VARIABLES).filter((name) => name.startsWith(PREFIX));
  for (const name of Object.keys(raw)) {
    if (!name.startsWith(PREFIX) || known.includes(name)) continue;
    // Only near misses: a project may have variables of its own under this prefix.
    const word = name.slice(PREFIX.length);
    const words = known.map((other) => other.slice(PREFIX.length));
    const near = nearestName(word, words, Math.max(1, Math.floor(word.length / 4)));
    if (near !== undefined) wrong.push(`${name} is not known. Did you mean CROSSDOCK_${near}?`);
  }
  if (wrong.length > 0) throw new UsageError(wrong.join('\n'));
  return values as Environment;
}

/** `127.0.0.1:7400`, `[::1]:7400` or `:7400` as host and port. Throws RangeError. */
export function listenOf(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]*)):([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw new RangeError(`"${text}" is not an address and port such as 127.0.0.1:7400`);
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}

/** A place to listen at that others can be told as it stands: with a host, and a port that is not left to the system. */
function addressOf(text: string): ReturnType<typeof listenOf> {
  const address = listenOf(text);
  if (text.startsWith(':') || address.port === 0)
    throw new RangeError(`"${text}" names no host or no port, such as 127.0.0.1:7401`);
  return address;
}

function variable<T>(definition: Variable<T>): Variable<T> {
  return definition;
}

function oneOf<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase());
    if (word === undefined) throw new RangeError(`"${text}" is not one of ${words.join(', ')}`);
    return word;
  };
}

/** The text itself, once it is known to be a URL of such a kind. The value is not repeated: it may hold a password. */
function urlOf(...protocols: readonly string[]): (text: string) => string {
  return (text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
      throw new RangeError(`is not a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    return text;
  };
}
