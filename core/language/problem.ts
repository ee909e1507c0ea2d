import type { Problem } from './project.ts';

/**
 * One line for the terminal and the log:
 * `mappings/sales/orders.yaml:12:7: to[0].map.Buyer: unknown name "custmer"; did you mean "customer"?`
 */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message, hint } = problem;
  const what = hint === undefined ? message : `${message}; ${hint}`;
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${what}`;
}
