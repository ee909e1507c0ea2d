import {
  DATE_LETTERS,
  FAULTS,
  NAMED_FORMATS,
  OWN_FUNCTIONS,
  OWN_FUNCTIONS_BY_NAME,
} from '../../core/language/functions/index.ts';
import type { OwnExample, OwnFunction, OwnParameter } from '../../core/language/functions/index.ts';
import { block, code, prose, sections, sentence, table } from './markdown.ts';

const MOMENT = '2026-03-01T17:45:10.250Z';

/** Crossdock's own functions of expressions, the date formats that they know, and their errors. */
export function functionsPage(): string {
  return sections(
    '# Functions',
    "What expressions have beside JSONata's own functions. [Expressions](../expressions.md) says when to use which.",
    '## Money',
    ...OWN_FUNCTIONS.filter(({ group }) => group === 'money').map(functionSection),
    '## Dates',
    ...OWN_FUNCTIONS.filter(({ group }) => group === 'dates').map(functionSection),
    '## Date formats',
    `Names for \`$parseDate\`, \`$formatDate\` and \`$isDate\`, with ${code(MOMENT)} in each.`,
    table(
      ['Name', 'Example', 'What it is'],
      NAMED_FORMATS.map(({ name, example, summary }) => [
        code(name),
        code(String(example)),
        prose(sentence(summary)),
      ]),
    ),
    '## Date patterns',
    'Any other format is a pattern of these fields. Text stands in single quotes, a quote is written twice; all that is no letter stands for itself. Two letters mean two digits, one letter as few as it takes.',
    table(
      ['Letters', 'Example', 'What it is'],
      DATE_LETTERS.map(({ letters, meaning }) => [
        letters.map(code).join(', '),
        letters.map((field) => code(String(written(field)))).join(', '),
        prose(sentence(meaning)),
      ]),
    ),
    '## Error codes',
    'The delivery is dead with `EXPRESSION_FAILED` (`EXPRESSION_LIMIT` for `X1003`); its details have the place and, as `jsonata`, this code.',
    table(
      ['Code', 'What it is'],
      Object.entries(FAULTS).map(([fault, text]) => [code(fault), prose(text)]),
    ),
  );
}

function functionSection(own: OwnFunction): string {
  return sections(
    `### ${code(`$${own.name}(${own.parameters.map(parameterName).join(', ')})`)}`,
    prose(sentence(own.summary)),
    own.parameters
      .map(
        (parameter) =>
          `- ${code(parameter.name)} (${parameter.takes.join(', ')}): ${parameterText(parameter)}`,
      )
      .join('\n'),
    `Gives ${own.returns.types.join(' or ')}: ${prose(lower(own.returns.description))}`,
    block('jsonata', own.examples.map(exampleText).join('\n')),
    `Errors: ${own.errors.map(code).join(', ')}.${own.engineOnly === true ? ' Not in an expression that falls back to the interpreter.' : ''}`,
  ).trimEnd();
}

function parameterName({ name, optional }: OwnParameter): string {
  return optional === true ? `${name}?` : name;
}

function parameterText(parameter: OwnParameter): string {
  const oneOf =
    parameter.oneOf === undefined
      ? ''
      : ` One of ${parameter.oneOf.map((one) => code(`"${one}"`)).join(', ')}.`;
  const left = parameter.default === undefined ? '' : ` Left out: ${prose(parameter.default)}.`;
  return `${prose(sentence(parameter.description))}${oneOf}${left}`;
}

function exampleText({ expression, input, result, fails, comment }: OwnExample): string {
  const outcome = fails === undefined ? (JSON.stringify(result) ?? 'nothing') : `fails: ${fails}`;
  const on = input === undefined ? '' : `, on ${JSON.stringify(input)}`;
  const note = comment === undefined ? '' : ` (${comment})`;
  return `${expression} /* ${outcome}${on}${note} */`;
}

function written(pattern: string): unknown {
  return OWN_FUNCTIONS_BY_NAME.get('formatDate')?.call([MOMENT, pattern], { now: () => 0 });
}

function lower(text: string): string {
  return text.startsWith('A ') ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
