import { compileExpression } from '../../core/language/index.ts';
import type { ExpressionLimits } from '../../core/language/index.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { failureText } from '../output/failure-text.ts';
import { blockLines } from '../output/yaml-text.ts';
import type { Session } from '../session.ts';
import type { LocalMapping } from './compile-routes.ts';
import { messageBindings } from './message.ts';

interface Attempt {
  readonly limits: ExpressionLimits;
  /** The text of a file of the project. */
  readonly sourceOf: (file: string) => string | undefined;
  /** Without it there is no $message. */
  readonly local: LocalMapping | undefined;
  readonly body: unknown;
  readonly expression: string;
}

/** How the expression of the command line is called where a file would be. */
const NO_FILE = '--expression';

/** `crossdock map --expression`: one expression, evaluated against the input as a mapping would. */
export async function evaluateOnce({ out }: Session, attempt: Attempt): Promise<ExitCode> {
  const { limits, sourceOf, local, body, expression } = attempt;
  const text = { source: expression, at: { file: NO_FILE, line: 1, column: 1 } };
  try {
    const arrival = await local?.arrive({ body });
    const bindings = arrival === undefined ? {} : messageBindings(arrival.message);
    const value = await compileExpression(text, limits).evaluate(body, bindings);
    out.data({ expression, found: value !== undefined, value: value ?? null });
    if (value === undefined) out.print(out.style.dim('(nothing)'));
    else out.print(blockLines(value).join('\n'));
    return EXIT_CODES.ok.code;
  } catch (thrown) {
    const error = CrossdockError.from(thrown);
    const { code, message, details } = error;
    out.data({ expression, error: { code, message, line: details['line'], column: details['column'] } });
    out.print(
      failureText(error, {
        style: out.style,
        width: out.width,
        sourceOf: (file) => (file === NO_FILE ? expression : sourceOf(file)),
      }),
    );
    return EXIT_CODES.failed.code;
  }
}
