import { CHECKS } from '../../core/language/index.ts';
import type { Check } from '../../core/language/index.ts';
import { code, prose, sections, table } from './markdown.ts';

const GROUPS: Readonly<Record<Check['group'], { readonly title: string; readonly about: string }>> = {
  files: { title: 'Files', about: 'What is said of a file before its meaning is looked at.' },
  expressions: { title: 'Expressions', about: 'What is wrong with an expression whatever the message.' },
  names: { title: 'Names', about: 'Paths, held against the schema of what they are looked up in.' },
  output: {
    title: 'Output',
    about: "What a mapping makes, held against the action's input schema or the topic's schema.",
  },
  logic: { title: 'Logic', about: 'Lines that do nothing, or always the same.' },
};

/** Every code of `crossdock check`, with an example of the mistake and of the same put right. */
export function checksPage(): string {
  const rows = Object.entries(CHECKS) as readonly (readonly [string, Check])[];
  return sections(
    '# Checks',
    'What `crossdock check` can find, by its code. [Mapping files](../mapping-files.md#checks) says how mappings are checked. An error lets nothing start; a warning fails only `crossdock check --strict`.',
    ...(Object.keys(GROUPS) as readonly Check['group'][]).flatMap((group) => [
      `## ${GROUPS[group].title}`,
      GROUPS[group].about,
      table(
        ['Code', 'Is', 'What it is', 'Wrong', 'Right'],
        rows
          .filter(([, check]) => check.group === group)
          .map(([name, { severity, summary, broken, fixed }]) => [
            code(name),
            severity,
            prose(summary),
            broken === undefined ? '' : code(broken),
            fixed === undefined ? '' : code(fixed),
          ]),
      ),
    ]),
  );
}
