import { Command } from 'commander';
import type { Io } from '../io.ts';
import { actLater } from '../session.ts';

/** Makes an editor complete the names of a project. */
export function editorCommand(io: Io): Command {
  return new Command('editor')
    .description("write JSON Schemas with which an editor completes this project's names")
    .option('--vscode', 'also name them in .vscode/settings.json, so that VS Code finds them')
    .addHelpText(
      'after',
      `
Needs no hub. The schemas are written to .crossdock/editor: connections, their sources and actions, the members that
an action takes, schemas and topics. A project with mistakes will do. Run it again when these change.

Examples:
  $ crossdock editor --vscode
  $ crossdock editor --project ../my-hub`,
    )
    .action(actLater(io, async () => (await import('../local/editor/write-editor.ts')).writeEditor));
}
