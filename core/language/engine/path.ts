import type { AstNode } from './ast.ts';
import { compileGroup } from './constructors.ts';
import { applyFilter, compileFilter, itemsOf, pick, type Filter } from './filter.ts';
import { add, compileNames, itemsAt, itemsFrom, walkFrom } from './names.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import type { Env, Scope } from './scope.ts';
import { CONS, isSequence, mark, marksOf, SEQUENCE, unwrap } from './sequence.ts';
import { compileSort, type SortStep } from './sort.ts';
import { compileTuplePath } from './tuple-path.ts';

/** A path: each step works on each of the items that the step before it gives. */
export function compilePath(ast: AstNode, scope: Scope, c: Compiler): Node {
  const asts = ast.steps ?? [];
  if (asts.some((step) => step.tuple === true)) return compileTuplePath(ast, scope, c);
  const kept = ast.keepSingletonArray === true || ast.keepArray === true;
  const simple = ast.group === undefined && !kept && !c.facts.marksAll && !c.observed;
  const short = simple ? compileShort(asts, scope, c) : undefined;
  if (short !== undefined) return short;
  const finish = compileFinish(ast, scope, c);
  const steps = asts.map((step, i) => compileStep(step, i === 0, scope, c));
  const last = steps[steps.length - 1] as Step;
  const takeLast = compileLast(last, finish);
  const middle = steps.slice(0, -1).map(compileMiddle);
  const absolute = asts[0]?.type === 'variable';
  const [first] = steps;
  return (input, env, run) => {
    let items: readonly unknown[] =
      Array.isArray(input) && !absolute ? (input as readonly unknown[]) : [input];
    let from = 0;
    if (first?.whole === true) {
      // One item on its own is a sequence of one, also for what is inside of the list.
      const list = first.node(items === input ? items : mark([input], SEQUENCE), env, run);
      if (steps.length === 1 || list === undefined) return finish(list, true, env, run);
      items = characters(list);
      if (items.length === 0 && (list as readonly unknown[]).length === 0)
        return finish(list, true, env, run);
      from = 1;
    }
    for (let i = from; i < middle.length; i++) {
      if (items.length === 0) break;
      items = (middle[i] as (typeof middle)[number])(items, env, run);
    }
    return items.length === 0 ? finish([], false, env, run) : takeLast(items, env, run);
  };
}

interface Step {
  readonly node: Node;
  readonly filters: readonly Filter[];
  readonly sort: SortStep | undefined;
  /** `[…].x`: made once, of the whole context. */
  readonly whole: boolean;
}

function compileStep(ast: AstNode, first: boolean, scope: Scope, c: Compiler): Step {
  const filters = (ast.stages ?? []).flatMap(({ expr }) =>
    expr === undefined ? [] : compileFilter(expr, scope, undefined, c),
  );
  if (ast.type === 'sort')
    return { node: () => undefined, filters, sort: compileSort(ast, scope, undefined, c), whole: false };
  const node = c.compile(ast, scope);
  return { node, filters, sort: undefined, whole: first && ast.consarray === true };
}

/** The names that a path begins with, as long as they have nothing behind them. */
function namesBefore(steps: readonly AstNode[]): readonly string[] {
  const end = steps.findIndex(
    (step) =>
      step.type !== 'name' ||
      step.stages !== undefined ||
      step.predicate !== undefined ||
      step.group !== undefined ||
      step.keepArray === true,
  );
  return steps.slice(0, end < 0 ? steps.length : end).map(({ value }) => String(value));
}

/** What becomes of a path's result; `list` says that it is no sequence. */
type Finish = (result: unknown, list: boolean, env: Env, run: Run) => unknown;

function compileFinish(ast: AstNode, scope: Scope, c: Compiler): Finish {
  const keep = ast.keepSingletonArray === true;
  if (ast.group !== undefined) {
    const group = compileGroup(ast.group, scope, undefined, c);
    return (result, list, env, run) => group(keep && list && isWritten(result) ? [result] : result, env, run);
  }
  return (result, list, _env, run) => {
    if (!list) return unwrap(result as unknown[], keep || ast.keepArray === true, run);
    return keep && isWritten(result) ? unwrap([result], true, run) : result;
  };
}

/** A list that is written as `[…]`. */
function isWritten(value: unknown): boolean {
  return Array.isArray(value) && (marksOf(value) & CONS) !== 0 && !isSequence(value);
}

/** Where a path begins with `[…][0]`, a text is a list of characters, and anything else but a list none at all. */
function characters(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split('');
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/**
 * A path of names, and one that has a variable in front of them or another step behind: nearly all paths. Undefined for
 * the others.
 */
function compileShort(asts: readonly AstNode[], scope: Scope, c: Compiler): Node | undefined {
  const headed = asts[0]?.type === 'variable' && asts[0].stages === undefined;
  const names = namesBefore(headed ? asts.slice(1) : asts);
  const rest = asts.slice(names.length + (headed ? 1 : 0));
  const [last] = rest;
  if (rest.length > 1 || last?.type === 'sort' || names.length === 0) return undefined;
  const head = headed ? c.compile(asts[0] as AstNode, scope) : undefined;
  if (last === undefined) {
    if (head === undefined) return compileNames(names);
    return (input, env, run) => {
      const start = head(input, env, run);
      return start === undefined ? undefined : walkFrom(names, start, run);
    };
  }
  const itemsOfNames: Node =
    head === undefined
      ? (input, _env, run) => itemsAt(names, input, run)
      : (input, env, run) => itemsFrom(names, head(input, env, run), run);
  const step = compileStep(last, false, scope, c);
  return givesObjects(last) && step.filters.length === 0
    ? compileObjects(itemsOfNames, step.node)
    : compileItems(itemsOfNames, step);
}

function compileItems(itemsOfNames: Node, step: Step): Node {
  const takeLast = compileLast(step, (result, list, _env, run) =>
    list ? result : unwrap(result as unknown[], false, run),
  );
  return (input, env, run) => {
    const items = itemsOfNames(input, env, run);
    return items === undefined ? undefined : takeLast(itemsOf(items), env, run);
  };
}

/** `lines.{…}`: one object for each item. */
function compileObjects(itemsOfNames: Node, node: Node): Node {
  return (input, env, run) => {
    const items = itemsOfNames(input, env, run);
    if (items === undefined) return undefined;
    if (!Array.isArray(items)) return node(items, env, run);
    const made: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      run.step();
      made.push(node(items[i], env, run));
    }
    run.bound(made.length);
    return made.length > 1 ? made : made[0];
  };
}

/** It gives one object for each item. */
function givesObjects({ type, value, predicate, group }: AstNode): boolean {
  return type === 'unary' && value === '{' && predicate === undefined && group === undefined;
}

type Take<T> = (items: readonly unknown[], env: Env, run: Run) => T;

/** A step in the middle of a path: what it gives for all items, in one list. */
function compileMiddle({ node, filters, sort }: Step): Take<readonly unknown[]> {
  if (sort !== undefined) {
    return (items, env, run) =>
      filters.reduce<readonly unknown[]>(
        (list, filter) => applyFilter(filter, list, env, run),
        sort(items as unknown[], false, env, run),
      );
  }
  const filtered = compileFiltered(filters);
  return (items, env, run) => {
    const found: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      run.step();
      const value = node(items[i], env, run);
      const kept = filtered === undefined ? value : filtered(value, found, env, run);
      if (kept !== undefined) add(found, kept);
    }
    run.bound(found.length);
    return found;
  };
}

/** The last step: one list that is all that it gives stays as it is. */
function compileLast(step: Step, finish: Finish): Take<unknown> {
  if (step.sort !== undefined) {
    const take = compileMiddle(step);
    return (items, env, run) => {
      const list = take(items, env, run);
      return finish(list, step.filters.length === 0 && list.length > 1, env, run);
    };
  }
  const { node } = step;
  const filtered = compileFiltered(step.filters);
  return (items, env, run) => {
    const found: unknown[] = [];
    let results = 0;
    let latest: unknown;
    for (let i = 0; i < items.length; i++) {
      run.step();
      const value = node(items[i], env, run);
      if (filtered !== undefined) latest = filtered(value, found, env, run);
      else if (value === undefined) continue;
      else latest = value;
      results += 1;
      if (latest !== undefined) add(found, latest);
    }
    run.bound(found.length);
    return results === 1 && Array.isArray(latest) && !isSequence(latest)
      ? finish(latest, true, env, run)
      : finish(found, false, env, run);
  };
}

/** The last of the filters adds what it keeps to `found`, or gives the one item that it picks. */
function compileFiltered(
  filters: readonly Filter[],
): ((value: unknown, found: unknown[], env: Env, run: Run) => unknown) | undefined {
  const last = filters[filters.length - 1];
  if (last === undefined) return undefined;
  return (value, found, env, run) => {
    let items = itemsOf(value);
    for (let i = 0; i < filters.length - 1; i++) items = applyFilter(filters[i] as Filter, items, env, run);
    if (last.kind === 'position') return pick(items, last.at);
    const kept = last.keep(items, env, run);
    for (let i = 0; i < kept.length; i++) found.push(kept[i]);
    return undefined;
  };
}
