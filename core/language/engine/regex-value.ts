import { linearRegExp } from '../regex.ts';
import type { AstNode } from './ast.ts';
import { EngineError } from './error.ts';
import type { Match } from './functions/matching.ts';
import { functionValue, type FunctionValue } from './function-value.ts';
import { NotCovered, type Node } from './node.ts';

/** `/…/`: a function that gives the first match in a text, with a function that gives the next one. */
export function compileRegex(ast: AstNode): Node {
  const literal = ast.value as RegExp;
  const compiled = compile(literal, ast);
  const site = { position: ast.position, token: undefined };
  const search = (text: string, from: number): Match | undefined => {
    const found = compiled.exec(text, from);
    if (found === null) return undefined;
    const [match = '', ...groups] = found;
    const end = found.index + match.length;
    return { match, start: found.index, end, groups, next: next(text, end) };
  };
  const next = (text: string, from: number): FunctionValue =>
    functionValue(
      () => {
        if (from >= text.length) return undefined;
        const found = search(text, from);
        // It would never get any further.
        if (found?.match === '') throw new EngineError('D1004', { value: literal.source }, site);
        return found;
      },
      { arity: 0, nameless: true },
    );
  const value = functionValue(([text, from]) => search(String(text), typeof from === 'number' ? from : 0), {
    arity: 2,
    nameless: true,
  });
  return () => value;
}

function compile(literal: RegExp, ast: AstNode): ReturnType<typeof linearRegExp> {
  try {
    return linearRegExp(literal.source, literal.flags);
  } catch (error) {
    throw new NotCovered(error instanceof Error ? error.message : 'not a regular expression', ast);
  }
}
