import type { Out } from '../output/out.ts';
import { count, cut, indent, safeText, wrap } from '../output/text.ts';
import { flowText } from '../output/yaml-text.ts';
import type { BuiltCase } from './build-case.ts';
import type { FetchedMessage } from './fetch-message.ts';
import type { Harmless } from './replace-sensitive.ts';

/** All that there is to say of a capture. */
export interface Capture {
  readonly message: FetchedMessage;
  readonly mapping: string;
  readonly file: string;
  readonly built: BuiltCase;
  readonly harmless: Harmless;
  /** Where the hub came to another end. */
  readonly differs: readonly string[];
  /** The hub accepted it under another revision than that of these files. */
  readonly olderRevision: boolean;
  readonly schema: string | undefined;
}

/** The case on stdout, ready to be pasted; what was replaced and what to look at on stderr. */
export function printCapture(capture: Capture, text: string, written: boolean, out: Out): void {
  out.print(safeText(text, true));
  if (out.json) return;
  const { style } = out;
  const { message, harmless, built, differs } = capture;
  const say = (line: string): void => out.note(wrap(line, out.width));
  out.note('');
  if (message.insteadOf !== undefined)
    say(`${message.insteadOf} is a part of this message: a case begins at the first step.`);
  const shown = harmless.replaced.slice(0, 20);
  if (shown.length > 0) out.note(style.bold(`${count(harmless.replaced.length, 'value')} replaced:`));
  const width = Math.max(0, ...shown.map(({ path }) => path.length));
  for (const { path, standIn } of shown)
    out.note(`  ${safeText(path).padEnd(width)}  ${style.name(cut(flowText(standIn), 60))}`);
  if (harmless.replaced.length > shown.length)
    out.note(style.dim(`  … and ${harmless.replaced.length - shown.length} more`));
  warnings(capture).forEach(({ title, lines }) => {
    out.note(style.warn(wrap(`! ${title}`, out.width)));
    for (const line of lines) out.note(indent(safeText(line), 4));
  });
  if (built.case.todo !== undefined)
    say(`${style.warn('○')} The hub does not keep what enrich steps were answered: ${built.case.todo}`);
  for (const line of differs) say(`${style.warn('!')} ${line}`);
  if (capture.olderRevision)
    say(style.dim('The hub accepted it under another revision of the project than these files are.'));
  if (!written) say(style.dim(`Nothing is written. Add --write to append it to ${capture.file}.`));
}

function warnings({
  harmless,
  built,
  schema,
}: Capture): readonly { title: string; lines: readonly string[] }[] {
  const survivors = harmless.survivors(built.case);
  const unmarked =
    schema === undefined
      ? 'The mapping has no schema, so nothing is marked as sensitive.'
      : `The schema ${schema} marks nothing as sensitive (x-sensitive: true).`;
  return [
    ...(harmless.marks ? [] : [{ title: unmarked, lines: [] }]),
    ...(harmless.suspicions.length === 0
      ? []
      : [
          {
            title:
              'These look personal and are not marked. Mark them in the schema, or name them with --sensitive:',
            lines: harmless.suspicions.map(({ path, reason }) => `${path} ${reason}`),
          },
        ]),
    ...(harmless.unfit.length === 0
      ? []
      : [{ title: 'No stand-in fits the schema here; change the case by hand:', lines: harmless.unfit }]),
    ...(survivors.length === 0
      ? []
      : [{ title: 'These still hold a text that was replaced elsewhere:', lines: survivors }]),
  ];
}
