import { VARIABLES } from '../../cli/environment.ts';
import { code, prose, sections, table } from './markdown.ts';

/** The variables that the program reads. */
export function environmentPage(): string {
  return sections(
    '# Environment',
    'What the program itself reads. Options of the command line win over variables. What a project names as `${env:NAME}` is its own. A name that looks like a misspelt one of these ends the program with exit code 2.',
    table(
      ['Variable', 'What for', 'Without it', 'Example'],
      Object.entries(VARIABLES).map(([name, variable]) => [
        code(name),
        `${prose(variable.about)}${'secret' in variable && variable.secret === true ? ' Secret.' : ''}`,
        prose(variable.fallback),
        code(variable.example),
      ]),
    ),
  );
}
