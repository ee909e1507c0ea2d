import { Command } from 'commander';
import type { Argument, OutputConfiguration } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommands } from './commands/completion.ts';
import { connectionsCommand } from './commands/connections.ts';
import { connectorsCommand } from './commands/connectors.ts';
import { doctorCommand } from './commands/doctor.ts';
import { editorCommand } from './commands/editor.ts';
import { failuresCommands } from './commands/failures.ts';
import { initCommand } from './commands/init.ts';
import { mapCommand } from './commands/map.ts';
import { mappingsCommand } from './commands/mappings.ts';
import { messagesCommand } from './commands/messages.ts';
import { migrateCommand } from './commands/migrate.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { schemaCommand } from './commands/schema.ts';
import { startCommand } from './commands/start.ts';
import { testCommand } from './commands/test.ts';
import { tokensCommand } from './commands/tokens.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createStyle, wantsColor } from './output/style.ts';
import { isCapable } from './session.ts';
import { readVersion } from './version.ts';

/** The whole program as commander knows it. Makes no I/O by itself: help, results and errors go through `io`. */
export function createProgram(io: Io): Command {
  const program: Command = new Command('crossdock')
    .description('An integration hub: declarative mappings move messages between systems.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .option('--json', 'print the result as one JSON document')
    .option('--url <url>', 'address of the hub (CROSSDOCK_URL)')
    .option('--token <token>', 'API token (CROSSDOCK_TOKEN, which others on this machine can not see)')
    .option('--project <dir>', 'folder of the project (CROSSDOCK_PROJECT)')
    .option('--no-color', 'no colours (NO_COLOR)')
    .option('--verbose', 'say more; with errors, where in the code')
    .showSuggestionAfterError()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput(outputOf(io))
    .configureHelp({
      showGlobalOptions: true,
      // Of the program alone: what a group takes by itself, its commands do not.
      visibleGlobalOptions: (command) =>
        command.parent === null ? [] : program.options.filter(({ hidden }) => !hidden),
      styleTitle: (title) => createStyle(true).bold(title),
      commandUsage: (command) => `${pathOf(command)} ${command.usage()}`,
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map((argument) => humanArgument(argument))].join(' '),
    })
    .addHelpText('after', () => exitCodesHelp());

  const add = (heading: string, commands: readonly Command[]): void => {
    program.commandsGroup(heading);
    for (const command of commands) program.addCommand(inherit(command, program));
  };
  add('Build a project (on this machine):', [
    initCommand(io),
    checkCommand(io),
    testCommand(io),
    mapCommand(io),
    schemaCommand(io),
    editorCommand(io),
    connectorsCommand(io),
  ]);
  add('Run a hub (on this machine):', [startCommand(io), migrateCommand(io), doctorCommand(io)]);
  add('Look after a running hub:', [
    messagesCommand(io),
    ...failuresCommands(io),
    mappingsCommand(io),
    connectionsCommand(io),
    reconcileCommand(io),
    auditCommand(io),
    tokensCommand(io),
  ]);
  const [completion, complete] = completionCommands(io, program);
  add('Shell:', [completion]);
  program.addCommand(inherit(complete, program), { hidden: true });
  program.helpCommand('help [command]', 'explain a command');
  return program;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function humanArgument(argument: Argument): string {
  const text = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${text}>` : `[${text}]`;
}

/** `addCommand` does not pass on what `command()` would: exit override, output, help. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

function outputOf(io: Io): OutputConfiguration {
  const colors = (terminal: boolean): boolean =>
    wantsColor(
      true,
      { NO_COLOR: io.env['NO_COLOR'] || undefined, FORCE_COLOR: io.env['FORCE_COLOR'] || undefined },
      isCapable(terminal, io),
    );
  const width = (columns: number): number => Math.min(110, Number.isFinite(columns) ? columns : 100);
  return {
    writeOut: (text) => io.out.write(text),
    writeErr: (text) => io.err.write(text),
    getOutHelpWidth: () => width(io.out.columns),
    getErrHelpWidth: () => width(io.err.columns),
    getOutHasColors: () => colors(io.out.isTTY),
    getErrHasColors: () => colors(io.err.isTTY),
    outputError: (text, write) =>
      write(text.replace(/^error:/, createStyle(colors(io.err.isTTY)).bad('error:'))),
  };
}

function exitCodesHelp(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, about }) => `  ${String(code).padEnd(4)}${about}`);
  return `\nExit codes:\n${rows.join('\n')}\n`;
}
