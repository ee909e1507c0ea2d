import type { ErrorCode } from '../core/model/errors.ts';

/**
 * What the program's exit code says. Scripts may rely on it: a code never changes its meaning. The help of the program
 * and docs/reference/cli.md are made from this table.
 */
export const EXIT_CODES = {
  ok: { code: 0, about: 'done, nothing wrong' },
  failed: { code: 1, about: 'problems were found, or the act failed' },
  usage: { code: 2, about: 'the command line or a variable of the environment is wrong' },
  unreachable: { code: 3, about: 'no hub answers at that address' },
  forbidden: { code: 4, about: 'no valid token, or it does not allow this' },
  partial: { code: 5, about: 'of many, some were done and some were not' },
  defect: { code: 70, about: 'a defect of crossdock itself; please report it' },
  interrupted: { code: 130, about: 'ended by a second Ctrl-C' },
} as const;

/** The numbers, as the type of what a command returns. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES]['code'];

/** The exit code for an error that ends a command. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  switch (code) {
    case 'HUB_UNREACHABLE':
      return EXIT_CODES.unreachable.code;
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
      return EXIT_CODES.forbidden.code;
    case 'UNEXPECTED':
      return EXIT_CODES.defect.code;
    default:
      return EXIT_CODES.failed.code;
  }
}
