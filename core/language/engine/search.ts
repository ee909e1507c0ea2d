import type { AstNode } from './ast.ts';
import type { Node } from './node.ts';
import type { Run } from './run.ts';
import { closing } from './sequence.ts';
import { isDecimal } from './decimals.ts';
import type { Members } from './values.ts';

/** `*`: all members of an object; lists among them are spread with all lists inside. */
export function compileWildcard(ast: AstNode): Node {
  const close = closing(ast);
  return (input, _env, run) => {
    const value = input === run.wrapper && run.wrapper !== undefined ? run.root : input;
    const found: unknown[] = [];
    let list = false;
    if (isBranch(value)) {
      for (const key of Object.keys(value)) {
        run.step();
        const member = (value as Members)[key];
        if (Array.isArray(member)) {
          flatten(member, found, run);
          list = true;
        } else found.push(member);
      }
    }
    run.bound(found.length);
    // With a list among the members it is one itself, and no sequence.
    return list ? found : close(found, run);
  };
}

/** `**`: the value itself and all below it. */
export function compileDescendants(ast: AstNode): Node {
  const close = closing(ast);
  return (input, _env, run) => {
    if (input === undefined) return undefined;
    const found: unknown[] = [];
    descend(input, found, run);
    return found.length === 1 ? found[0] : close(found, run);
  };
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isDecimal(value);
}

function flatten(list: readonly unknown[], found: unknown[], run: Run): void {
  for (const item of list) {
    run.step();
    if (Array.isArray(item)) flatten(item, found, run);
    else found.push(item);
  }
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
