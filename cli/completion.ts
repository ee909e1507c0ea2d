import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Complete } from '@bomb.sh/tab';
import { RootCommand } from '@bomb.sh/tab';
import type { Command } from 'commander';
import { ERRORS } from '../core/model/errors.ts';
import { parse } from 'yaml';

interface Place {
  /** The project's folder: where names come from. */
  readonly root: string;
  readonly cwd: string;
}

type Values = (complete: Complete) => void;

/** Prints what the last of `words` could become, as the shells' scripts expect it. A broken project offers no names. */
export async function suggestWords(program: Command, words: readonly string[], place: Place): Promise<void> {
  const names = await readNames(place.root);
  const last = words.at(-1) ?? '';
  const valuesOf = (kind: string): Values | undefined => {
    const known = names[kind];
    if (known !== undefined) return (complete) => known.forEach((name) => complete(name, ''));
    if (kind === 'file' || kind === 'dir' || kind === 'files')
      return (complete) =>
        pathsLike(last.replace(/^--[^=]*=/, ''), place.cwd).forEach((path) => complete(path, ''));
    return undefined;
  };
  const tree = new RootCommand();
  describe(tree, program, valuesOf);
  for (const [path, command] of commandsBelow(program, ''))
    describe(tree.command(path, command.description()), command, valuesOf);
  tree.parse([...words]);
}

/** What the root and every command below it have in common. */
type Described = Omit<ReturnType<RootCommand['command']>, never>;

function describe(target: Described, command: Command, valuesOf: (kind: string) => Values | undefined): void {
  const help = command.createHelp();
  for (const option of [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]) {
    const name = option.long?.slice(2);
    if (name === undefined) continue;
    const short = option.short?.slice(1);
    if (option.required || option.optional) {
      const choices = option.argChoices;
      // `--mapping <name>` wants the names of mappings, `--input <file>` a file.
      const kind = /<(file|dir)>/.exec(option.flags)?.[1] ?? name;
      const values: Values = choices
        ? (complete) => choices.forEach((choice) => complete(choice, ''))
        : (valuesOf(kind) ?? (() => {}));
      target.option(name, option.description, values, short);
    } else if (short === undefined) target.option(name, option.description);
    else target.option(name, option.description, short);
  }
  for (const argument of command.registeredArguments) {
    const choices = argument.argChoices;
    // `schema show <schema>` means one of the project, an option `--schema` one of a document.
    const name = argument.name() === 'schema' ? 'own schema' : argument.name();
    const kind = command.parent?.name() === 'connections' ? 'connection' : name;
    const values: Values | undefined = choices
      ? (complete) => choices.forEach((choice) => complete(choice, ''))
      : valuesOf(kind);
    target.argument(argument.name(), values, argument.variadic);
  }
}

function commandsBelow(command: Command, path: string): readonly (readonly [string, Command])[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => {
      const name = `${path} ${child.name()}`.trim();
      return [[name, child] as const, ...commandsBelow(child, name)];
    });
}

/** Names of the project by what options and arguments call them. Read leniently: nobody completes a valid project only. */
async function readNames(root: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const mappings = filesBelow(join(root, 'mappings'), '')
    .filter((path) => /\.ya?ml$/.test(path) && !/\.test\.ya?ml$/.test(path))
    .map((path) => path.replace(/\.ya?ml$/, ''));
  const routes = await Promise.all(
    mappings.map(async (name) => {
      const { to } = (await readYaml(join(root, 'mappings', `${name}.yaml`))) as { to?: unknown };
      return Array.isArray(to)
        ? to.map((target: { target?: string }) => `${name}/${target?.target ?? ''}`)
        : [];
    }),
  );
  const connections = Object.keys(await readYaml(join(root, 'config', 'connections.yaml')));
  return {
    mapping: mappings,
    route: routes.flat(),
    connection: connections,
    'own schema': filesBelow(join(root, 'schemas'), '')
      .filter((path) => /\.(json|ya?ml)$/.test(path))
      .map((path) => path.replace(/\.(json|ya?ml)$/, '')),
    code: Object.keys(ERRORS),
  };
}

async function readYaml(path: string): Promise<object> {
  try {
    const value: unknown = parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function filesBelow(folder: string, prefix: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
        : [`${prefix}${entry.name}`],
    );
  } catch {
    return [];
  }
}

function pathsLike(word: string, cwd: string): readonly string[] {
  const folder = word.endsWith('/') ? word : dirname(word);
  const start = word.endsWith('/') ? '' : basename(word);
  try {
    return readdirSync(resolve(cwd, folder || '.'), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
      .map((entry) => {
        const path = word.includes('/') ? join(folder, entry.name) : entry.name;
        return entry.isDirectory() ? `${path}/` : path;
      });
  } catch {
    return [];
  }
}
