import { Argument, Command } from 'commander';
import type { Io } from '../io.ts';
import { act } from '../session.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The script for bash leans on the package bash-completion; this is what it needs of it, where that is not installed. */
const BASH_ALONE = `if ! declare -F _get_comp_words_by_ref > /dev/null; then
  _get_comp_words_by_ref() {
    cword=$COMP_CWORD
    words=("\${COMP_WORDS[@]}")
    cur=\${COMP_WORDS[COMP_CWORD]}
    prev=\${COMP_WORDS[COMP_CWORD-1]}
  }
fi
`;

/** The script that teaches a shell to complete our commands, and the hidden command that this script asks. */
export function completionCommands(io: Io, program: Command): readonly [shown: Command, hidden: Command] {
  const shown = new Command('completion')
    .description('print the script that makes your shell complete commands and names')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(crossdock completion bash)      # or in ~/.bashrc
  $ source <(crossdock completion zsh)       # or in ~/.zshrc, after compinit
  $ crossdock completion fish > ~/.config/fish/completions/crossdock.fish`,
    )
    .action(
      act(io, async (_, shell: string) => {
        const { script } = await import('@bomb.sh/tab');
        if (shell === 'bash') io.out.write(BASH_ALONE);
        script(shell, program.name(), program.name());
      }),
    );
  const hidden = new Command('complete').argument('[words...]').action(
    act(io, async ({ root }, words: readonly string[]) => {
      const { suggestWords } = await import('../completion.ts');
      await suggestWords(program, words, { root, cwd: io.cwd });
    }),
  );
  return [shown, hidden];
}
