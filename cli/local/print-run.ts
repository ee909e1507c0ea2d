import { keyTexts } from '../../core/model/business-keys.ts';
import type { CrossdockError } from '../../core/model/errors.ts';
import type { Position, Target } from '../../core/model/mapping.ts';
import { failureText } from '../output/failure-text.ts';
import type { Out } from '../output/out.ts';
import { count, cut, indent, safeText } from '../output/text.ts';
import { diffLines, renderDiff } from '../output/value-diff.ts';
import { blockLines, flowText } from '../output/yaml-text.ts';
import { NoAnswerGiven } from './given.ts';
import type { Run } from './plain-run.ts';
import type { PartPath, TargetResult } from './run-mapping.ts';
import type { PartTrace, StepTrace, TargetTrace } from './trace-run.ts';

interface Manner {
  readonly out: Out;
  /** The whole body after each step, and not what changed. */
  readonly full: boolean;
  readonly sourceOf: (file: string) => string | undefined;
}

/** A run for a person: what came in, each step with what it did to the body, what each target gets. */
export function printRun(run: Run, manner: Manner): void {
  const { out } = manner;
  const { style } = out;
  const { mapping, message, refused, parts, targets } = run;
  const keys = keyTexts(message.keys).join(' ');
  out.print(
    [
      style.bold(mapping.name),
      message.key === undefined ? '' : `id ${safeText(message.key)}`,
      style.name(safeText(keys)),
    ]
      .filter(Boolean)
      .join('  '),
  );
  if (refused !== undefined) {
    out.print(`\n${style.bad('The hub would not accept this message.')}`);
    out.print(indent(failureText(refused, textManner(manner, 2)), 2));
    return;
  }
  const [first] = parts;
  if (first !== undefined) {
    out.print(`\n${style.dim('message')} ${style.dim(mapping.message.schema ?? '')}`.trimEnd());
    printValue(first.body, out, 2);
    if (first.invalid !== undefined) printFailure(first.invalid, 2, manner);
  }
  for (const part of parts) printPart(part, manner);
  for (const target of targets) printTarget(target, manner);
}

function printPart({ part, body, steps }: PartTrace, manner: Manner): void {
  const { out } = manner;
  const by = part.length * 2;
  if (part.length > 0) {
    out.print(`\n${indent(out.style.bold(partName(part)), by)}`);
    printValue(body, out, by + 2);
  }
  for (const step of steps) printStep(step, by, manner);
}

function printStep(trace: StepTrace, by: number, manner: Manner): void {
  const { out, full } = manner;
  const { style } = out;
  const { name, step, before, after, value, asked, items, error } = trace;
  const print = (text: string): void => out.print(indent(text, by + 2));
  out.print(`\n${indent(`${style.dim('step')} ${style.bold(name)}  ${style.dim(place(step.at))}`, by)}`);
  switch (step.kind) {
    case 'filter':
      print(expressionLine(step.when.source, value, style));
      break;
    case 'enrich':
      print(
        `${style.dim('asks')} ${step.connection} ${step.action} ${asked === undefined ? '' : flowText(asked.input)}`.trimEnd(),
      );
      break;
    case 'split':
      print(`${oneLine(step.items.source)} ${style.dim(`→ ${count(items?.length ?? 0, 'part')}`)}`);
      break;
    case 'validate':
      print(`${step.schema}${error === undefined ? ` ${style.good('✓')}` : ''}`);
      break;
    case 'map':
      break;
  }
  if (error !== undefined) {
    printFailure(error, by + 2, manner);
    return;
  }
  if (after === undefined) {
    if (step.kind === 'filter') print(style.warn('∅ filtered: it goes no further'));
    return;
  }
  const lines = diffLines(before, after.body);
  const changed = lines.filter(({ sign }) => sign !== ' ').length;
  if (changed === 0) {
    if (full) printValue(after.body, out, by + 2);
    else if (step.kind === 'map') print(style.dim('body unchanged'));
  } else if (full || changed * 2 > lines.length + 2) printValue(after.body, out, by + 2);
  else print(renderDiff(before, after.body, plain(style), { context: 0, notes: false }));
}

function printTarget({ target, result, whens, early }: TargetTrace, manner: Manner): void {
  const { out } = manner;
  const { style } = out;
  out.print(
    `\n${style.dim('target')} ${style.bold(target.name)} ${style.dim(`→ ${whereTo(target)}  ${place(target.at)}`)}`,
  );
  printResult(result, { part: [], target, whens, early }, manner);
}

function printResult(
  result: TargetResult,
  at: {
    readonly part: PartPath;
    readonly target: Target;
    readonly whens: TargetTrace['whens'];
    readonly early: TargetTrace['early'];
  },
  manner: Manner,
): void {
  const { out } = manner;
  const { style } = out;
  const by = at.part.length * 2 + 2;
  const print = (text: string): void => out.print(indent(text, by));
  const when = at.whens.find(({ part }) => part.join() === at.part.join());
  if (when !== undefined && at.target.when !== undefined)
    print(`${style.dim('when')} ${expressionLine(at.target.when.source, when, style)}`);
  switch (result.kind) {
    case 'output':
      printValue(result.output, out, by);
      break;
    case 'filtered':
      print(style.warn(`∅ filtered by ${result.step}: nothing goes there`));
      break;
    case 'failed':
      if (at.early.some((part) => part.join() === at.part.join()))
        print(style.bad('✗ it did not come here: see above'));
      else printFailure(result.error, by, manner);
      break;
    case 'split':
      if (result.parts.length === 0) print(style.warn(`∅ ${result.step} makes no parts: nothing goes there`));
      for (const [index, part] of result.parts.entries()) {
        const path = [...at.part, index];
        print(style.bold(partName(path)));
        printResult(part, { ...at, part: path }, manner);
      }
  }
}

function printFailure(error: CrossdockError, by: number, manner: Manner): void {
  const { out } = manner;
  if (error instanceof NoAnswerGiven) {
    const { as } = error;
    out.print(indent(out.style.warn(`✗ no answer is given for ${as}`), by));
    out.print(indent(out.style.dim(`Give it with --given FILE, where FILE holds { "${as}": … }.`), by + 2));
  } else out.print(indent(failureText(error, { ...textManner(manner, by), consequence: true }), by));
}

/** An expression and what it gave. */
function expressionLine(
  source: string,
  value: { readonly value: unknown } | undefined,
  style: Out['style'],
): string {
  if (value === undefined) return oneLine(source);
  const text = value.value === undefined ? 'nothing' : flowText(value.value);
  return `${oneLine(source)} ${style.dim('→')} ${cut(text, 60)}`;
}

function printValue(value: unknown, out: Out, by: number): void {
  const lines = value === undefined ? [out.style.dim('(nothing)')] : blockLines(value);
  out.print(indent(lines.join('\n'), by));
}

function oneLine(source: string): string {
  return safeText(source.replace(/\s+/g, ' ').trim());
}

function whereTo({ to }: Target): string {
  return to.kind === 'action' ? `${to.connection} ${to.action}` : `topic ${to.topic}`;
}

function partName(part: PartPath): string {
  return `part ${part.map((index) => index + 1).join('.')}`;
}

function place({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function textManner({ out, sourceOf }: Manner, by: number): Parameters<typeof failureText>[1] {
  return { style: out.style, width: out.width - by, sourceOf };
}

/** A step's change is no fault: what goes is not red. */
function plain(style: Out['style']): Out['style'] {
  return { ...style, bad: style.warn };
}
