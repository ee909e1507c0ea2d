import type { AstNode } from './ast.ts';
import { append } from './functions/lists.ts';
import type { Node } from './node.ts';
import type { Run } from './run.ts';
import { unwrap } from './sequence.ts';
import { isDecimal } from './decimals.ts';

type Members = Readonly<Record<string, unknown>>;

/** `*`: all members of an object; lists among them are spread with all lists inside. */
export function compileWildcard(ast: AstNode): Node {
  const keep = ast.keepArray === true;
  return (input, _env, run) => {
    const value = input === run.wrapper && run.wrapper !== undefined ? run.root : input;
    let found: unknown[] = [];
    if (isBranch(value)) {
      for (const key of Object.keys(value)) {
        run.step();
        const member = (value as Members)[key];
        if (Array.isArray(member)) found = append(found, flattened(member, run), run) as unknown[];
        else found.push(member);
      }
    }
    run.bound(found.length);
    return unwrap(found, keep, run);
  };
}

/** `**`: the value itself and all below it. */
export function compileDescendants(ast: AstNode): Node {
  const keep = ast.keepArray === true;
  return (input, _env, run) => {
    if (input === undefined) return undefined;
    const found: unknown[] = [];
    descend(input, found, run);
    return found.length === 1 ? found[0] : unwrap(found, keep, run);
  };
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isDecimal(value);
}

function flattened(list: readonly unknown[], run: Run, found: unknown[] = []): unknown[] {
  for (const item of list) {
    run.step();
    if (Array.isArray(item)) flattened(item, run, found);
    else found.push(item);
  }
  return found;
}

function descend(value: unknown, found: unknown[], run: Run): void {
  run.step();
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) descend(item, found, run);
    return;
  }
  found.push(value);
  run.bound(found.length);
  if (isBranch(value)) for (const key of Object.keys(value)) descend((value as Members)[key], found, run);
}
