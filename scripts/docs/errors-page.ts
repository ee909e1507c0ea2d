import { ERRORS } from '../../core/model/errors.ts';
import type { ErrorRow, Fate } from '../../core/model/errors.ts';
import { code, prose, sections, table } from './markdown.ts';

const FATES: Readonly<Record<Fate, { readonly title: string; readonly about: string }>> = {
  permanent: { title: 'Permanent', about: 'No retry can help: the delivery is dead at once.' },
  transient: { title: 'Transient', about: 'It may pass: a retry uses up an attempt.' },
  throttled: {
    title: 'Throttled',
    about: 'The target asked to wait. No attempt is used, and the connection rests for that time.',
  },
  outage: {
    title: 'Outage',
    about:
      'The target can not be reached or refuses us altogether. It counts towards the breaker of the connection; no attempt is used.',
  },
  in_doubt: {
    title: 'In doubt',
    about: "It may have happened. The action's effect class decides what is safe.",
  },
  none: { title: 'Not about a delivery', about: 'The sender, the project, the start or the API.' },
};

/** Every error code, by what it means for a delivery. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS) as readonly (readonly [string, ErrorRow])[];
  return sections(
    '# Errors',
    'An error knows its fate by its code. Over HTTP it is a problem document (RFC 9457) with this code, status and title.',
    ...(Object.keys(FATES) as readonly Fate[]).flatMap((fate) => [
      `## ${FATES[fate].title}`,
      FATES[fate].about,
      table(
        ['Code', 'Status', 'What it is', 'What to do'],
        rows
          .filter(([, row]) => row.fate === fate)
          .map(([name, { status, title, help }]) => [code(name), String(status), prose(title), prose(help)]),
      ),
    ]),
  );
}
