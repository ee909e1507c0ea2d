import type { CrossdockError } from '../../core/model/errors.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import type { Message } from '../../core/model/message.ts';
import type { TargetResult } from './run-mapping.ts';
import type { RunTrace, StepTrace } from './trace-run.ts';

/** A run of one message through one mapping. */
export interface Run extends RunTrace {
  readonly mapping: Mapping;
  readonly message: Message;
  /** Why the hub would not accept it; then there are no steps. */
  readonly refused?: CrossdockError;
}

/** A run for programs. */
export function plainRun({ mapping, message, refused, parts, targets }: Run): object {
  return {
    mapping: mapping.name,
    ...(message.key === undefined ? {} : { key: message.key }),
    keys: message.keys,
    ...(refused === undefined ? {} : { refused: plainError(refused) }),
    steps: parts.flatMap(({ part, steps }) =>
      steps.map((step) => ({ ...(part.length > 0 ? { part } : {}), ...plainStep(step) })),
    ),
    targets: targets.map(({ target, result, whens }) => ({
      target: target.name,
      ...plainResult(result),
      ...(whens.length > 0 ? { when: whens.map(({ part, value }) => ({ part, value: value ?? null })) } : {}),
    })),
  };
}

function plainStep({ name, after, value, asked, items, error }: StepTrace): object {
  return {
    step: name,
    ...(after === undefined ? {} : { value: after.body }),
    ...(value === undefined ? {} : { filter: value.value ?? null }),
    ...(asked === undefined ? {} : { asked: asked.input ?? null }),
    ...(items === undefined ? {} : { items }),
    ...(error === undefined ? {} : { error: plainError(error) }),
  };
}

function plainResult(result: TargetResult): Readonly<Record<string, unknown>> & { readonly kind: string } {
  switch (result.kind) {
    case 'failed':
      return { kind: 'failed', ...plainError(result.error) };
    case 'split': {
      const parts = result.parts.map(plainResult);
      const failed = parts.some((part) => part.kind === 'failed');
      return { kind: failed ? 'failed' : 'split', step: result.step, parts };
    }
    default:
      return result;
  }
}

function plainError({ code, path, message, details }: CrossdockError): object {
  const { file, line, column } = details;
  return { code, path, message, ...(file === undefined ? {} : { file, line, column }) };
}
