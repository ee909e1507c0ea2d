import { posix } from 'node:path';

/** A file that the reader is told to write, or lines of one to change. */
export interface FileStep {
  readonly kind: 'file' | 'change';
  readonly line: number;
  readonly path: string;
  readonly text: string;
}

/** What is typed into a terminal, and what the page says that it shows then. */
export interface TerminalStep {
  readonly kind: 'terminal';
  readonly line: number;
  /** What the page calls the terminal; '' is the reader's own. */
  readonly terminal: string;
  readonly commands: readonly Command[];
  /** Shown by the last command, or meanwhile in that terminal. */
  readonly output?: string;
}

export interface Command {
  readonly text: string;
  readonly exitCode: number;
}

export type Step = FileStep | TerminalStep;

export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly lines: readonly string[];
  /** The paragraph before it. */
  readonly before: string;
}

/**
 * The steps of a page, by its headings. What a block is follows from what a reader sees:
 *
 * - A block whose first line is a comment with nothing but a path is that file. So is one behind a paragraph that ends
 *   in a path and a colon, for formats without comments.
 * - `diff` changes the lines of the file that the paragraph before it names last.
 * - `sh` is typed in; `# exits with 1` behind a command is the exit code, else it is 0.
 * - `text` is what was shown, by the last command of the `sh` block before it.
 * - `# in the terminal of the books` as the first line of `sh` or `text` means another terminal; `Ctrl-C` is a key.
 */
export function readPage(markdown: string): readonly Section[] {
  const sections: { title: string; steps: Step[] }[] = [{ title: '', steps: [] }];
  let latest: Block | undefined;
  for (const part of partsOf(markdown)) {
    if (typeof part === 'string') {
      sections.push({ title: part, steps: [] });
      continue;
    }
    const { steps } = sections.at(-1) as (typeof sections)[number];
    const step = stepOf(part);
    const last = steps.at(-1);
    const shown = part.language === 'text' && step.kind === 'terminal' && step.terminal === '';
    if (!shown) steps.push(step);
    else if (last?.kind === 'terminal' && latest?.language === 'sh' && step.output !== undefined)
      steps[steps.length - 1] = { ...last, output: step.output };
    else throw new Error(`line ${part.line}: an output without a command before it`);
    latest = part;
  }
  return sections.filter(({ steps }) => steps.length > 0);
}

/** Headings and blocks, in their order. */
function* partsOf(markdown: string): Generator<string | Block> {
  let before = '';
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open !== undefined) {
      if (fence === null) open.lines.push(line);
      else {
        yield { ...open, before };
        open = undefined;
        before = '';
      }
    } else if (fence !== null) open = { language: fence[1] ?? '', line: index + 1, lines: [] };
    else if (line.startsWith('## ')) yield line.slice(3);
    else if (line.trim() !== '') before = `${before} ${line}`;
    else if (!before.endsWith(':')) before = '';
  }
}

function stepOf(block: Block): Step {
  const { language, line, lines, before } = block;
  if (language === 'sh' || language === 'text') return terminalStepOf(block);
  const text = `${lines.join('\n')}\n`;
  const own = /^(?:#|\/\/) ([\w@./-]+\.\w+)$/.exec(lines[0] ?? '')?.[1];
  const named = /`([\w@./-]+\.\w+)`[^`]*:$/.exec(before)?.[1];
  const path = own ?? named;
  if (path === undefined || posix.isAbsolute(path) || path.includes('..'))
    throw new Error(`line ${line}: which file is this?`);
  return { kind: language === 'diff' ? 'change' : 'file', line, path, text };
}

function terminalStepOf({ language, line, lines }: Block): TerminalStep {
  const other = /^# in the terminal of (.+)$/.exec(lines[0] ?? '')?.[1];
  const rest = other === undefined ? lines : lines.slice(1);
  const step = { kind: 'terminal', line, terminal: other ?? '' } as const;
  if (language === 'text') return { ...step, commands: [], output: rest.join('\n') };
  return { ...step, commands: rest.filter((command) => command.trim() !== '').map(commandOf) };
}

function commandOf(line: string): Command {
  const [, text = '', code = '0'] = /^(.*?)(?:\s+# exits with (\d+))?$/.exec(line) ?? [];
  return { text, exitCode: Number(code) };
}

/** Changes the lines that a `diff` shows: ` ` is there and stays, `-` goes, `+` comes. Throws when they are not there, or twice. */
export function change(text: string, diff: string): string {
  const lines = diff.replace(/\n$/, '').split('\n');
  const side = (without: string): string =>
    lines
      .filter((line) => !line.startsWith(without))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [before, after] = [side('+'), side('-')];
  const at = `\n${text}`.indexOf(`\n${before}`);
  if (at === -1) throw new Error(`these lines are not there:\n${before}`);
  if (`\n${text}`.includes(`\n${before}`, at + 1)) throw new Error(`these lines are there twice:\n${before}`);
  return text.slice(0, at) + after + text.slice(at + before.length);
}
