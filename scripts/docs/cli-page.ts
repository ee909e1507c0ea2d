import type { Command } from 'commander';
import { EXIT_CODES } from '../../cli/exit-codes.ts';
import type { Io } from '../../cli/io.ts';
import { createProgram } from '../../cli/program.ts';
import { systemClock } from '../../core/clock.ts';
import { block, code, prose, sections, sentence, table } from './markdown.ts';

/** Every command, from the program itself. */
export function cliPage(): string {
  const written: string[] = [];
  const program = createProgram(surroundings(written));
  const commands = program.commands.flatMap((command) => withChildren(command));
  return sections(
    '# Commands',
    `${sentence(program.description())} \`crossdock help [command]\` says the same on the terminal. In a clone of the repository it is \`npx crossdock\`.`,
    '## Options of all commands',
    optionsTable(program),
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      Object.values(EXIT_CODES).map(({ code: number, about }) => [String(number), prose(about)]),
    ),
    ...commands.map((command) => commandSection(command, written)),
  );
}

function withChildren(command: Command): readonly Command[] {
  // The one that the shell calls for completion is none for people.
  if ((command as Command & { readonly _hidden?: boolean })._hidden === true) return [];
  return [command, ...command.commands.flatMap(withChildren)];
}

function commandSection(command: Command, written: string[]): string {
  return sections(
    `## crossdock ${pathOf(command)}`,
    prose(sentence(command.description())),
    block('text', `crossdock ${pathOf(command)} ${command.usage()}`),
    command.aliases().length === 0 ? undefined : `Also ${command.aliases().map(code).join(', ')}.`,
    command.registeredArguments.length === 0
      ? undefined
      : table(
          ['Argument', 'What it is'],
          command.registeredArguments.map((argument) => [code(argument.name()), prose(argument.description)]),
        ),
    optionsTable(command),
    notesOf(command, written),
  ).trimEnd();
}

function optionsTable(command: Command): string | undefined {
  if (command.options.length === 0) return undefined;
  return table(
    ['Option', 'What it does'],
    command.options.map(({ flags, description, argChoices, defaultValue, negate }) => {
      const choices = argChoices === undefined ? '' : ` One of ${argChoices.map(code).join(', ')}.`;
      const fallback =
        defaultValue === undefined || negate || typeof defaultValue === 'boolean'
          ? ''
          : ` Default ${code(String(defaultValue))}.`;
      return [code(flags), `${prose(sentence(description))}${choices}${fallback}`];
    }),
  );
}

/** What a command's help says below its options: notes, and examples as a block. */
function notesOf(command: Command, written: string[]): string | undefined {
  written.length = 0;
  command.outputHelp();
  const after = written.join('').replace(command.helpInformation(), '').trim();
  if (after === '') return undefined;
  const [notes = '', examples] = after.split(/^Examples?:\n/m);
  const commands = examples
    ?.split('\n')
    .map((line) => line.trim().replace(/^\$ /, ''))
    .join('\n')
    .trim();
  return sections(
    notes.trim() === '' ? undefined : prose(notes.trim()),
    commands === undefined ? undefined : block('sh', commands),
  ).trimEnd();
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

/** Enough of a process for the program to explain itself in. */
function surroundings(written: string[]): Io {
  const sink = { write: (text: string) => void written.push(text), isTTY: false, columns: 100 };
  return {
    out: sink,
    err: sink,
    env: {},
    cwd: '/',
    clock: systemClock,
    interactive: false,
    ask: () => Promise.resolve(''),
    readStdin: () => Promise.resolve(''),
    onKey: () => () => {},
    onSignal: () => () => {},
    exitCode: 0,
  };
}
