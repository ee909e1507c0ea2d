import type { AstNode, Stage } from './ast.ts';
import { compileGroup } from './constructors.ts';
import { compileFilter, itemsOf, pick, type Filter } from './filter.ts';
import { add } from './names.ts';
import type { Compiler, Node } from './node.ts';
import type { Run } from './run.ts';
import { namesBoundIn, Scope, type Env } from './scope.ts';
import { isTupleStream, mark, SEQUENCE, TUPLES, unwrap } from './sequence.ts';
import { compileSort, type SortStep } from './sort.ts';

/** A value (`@`) and what the steps before it have bound. */
type Tuple = Record<string, unknown>;

interface TupleStep {
  readonly ast: AstNode;
  readonly node: Node;
  readonly stages: readonly TupleStage[];
  readonly sort: SortStep | undefined;
}

type TupleStage =
  { readonly kind: 'index'; readonly name: string } | { readonly kind: 'filter'; readonly filter: Filter };

/**
 * A path with `@$x`, `#$i` or `%` in it. From the step on that needs them, what goes from step to step are tuples:
 * values with what is bound to them.
 */
export function compileTuplePath(ast: AstNode, scope: Scope, c: Compiler): Node {
  const asts = ast.steps ?? [];
  const start = asts.findIndex((step) => step.tuple === true);
  const inner = new Scope(scope, namesBoundIn(asts), [], c.facts.tupleNames);
  const steps = asts.map((step): TupleStep => {
    const stages = (step.stages ?? []).map((stage) => compileStage(stage, scope, inner, c));
    if (step.type === 'sort')
      return { ast: step, node: () => undefined, stages, sort: compileSort(step, scope, inner, c) };
    return { ast: step, node: c.compile(step, inner), stages, sort: undefined };
  });
  const takes = steps.map((step, i) =>
    i < start ? { plain: takePlain(step, inner) } : { tuples: takeTuples(step, inner) },
  );
  const finish = compileFinish(ast, scope, c);
  const absolute = asts[0]?.type === 'variable';
  return (input, env, run) => {
    let items: readonly unknown[] =
      Array.isArray(input) && !absolute ? (input as readonly unknown[]) : [input];
    let tuples: unknown[] | undefined;
    for (let i = 0; i < takes.length; i++) {
      const { plain, tuples: take } = takes[i] as (typeof takes)[number];
      if (i === 0 && asts[0]?.consarray === true) {
        const list = (steps[0] as TupleStep).node(
          items === input ? items : mark([input], SEQUENCE),
          inner.enter(env),
          run,
        );
        items = Array.isArray(list) ? (list as readonly unknown[]) : [];
        if (Array.isArray(list) && list.length === 0 && start > 0) return list as unknown;
      } else if (plain === undefined) tuples = take(items, tuples, env, run);
      else items = plain(items, env, run);
      if (tuples === undefined && items.length === 0) return finish([], undefined, env, run);
    }
    return finish(items, tuples, env, run);
  };
}

function compileStage(stage: Stage, scope: Scope, inner: Scope, c: Compiler): TupleStage {
  return stage.expr === undefined
    ? { kind: 'index', name: String(stage.value) }
    : { kind: 'filter', filter: compileFilter(stage.expr, scope, inner, c) };
}

type Finish = (items: readonly unknown[], tuples: unknown[] | undefined, env: Env, run: Run) => unknown;

function compileFinish(ast: AstNode, scope: Scope, c: Compiler): Finish {
  const keep = ast.keepSingletonArray === true || ast.keepArray === true;
  if (ast.group !== undefined) {
    const inner = new Scope(scope, namesBoundIn(ast.group.lhs.flat()), [], c.facts.tupleNames);
    const group = compileGroup(ast.group, scope, inner, c);
    return (items, tuples, env, run) => group(tuples ?? items, env, run);
  }
  return (items, tuples, _env, run) => {
    if (tuples !== undefined && ast.tuple === true) return tuples;
    const list = tuples === undefined ? [...items] : tuples.map((tuple) => (tuple as Tuple)['@']);
    return unwrap(list, keep, run);
  };
}

/** A step before the first one that makes tuples. */
function takePlain(
  step: TupleStep,
  inner: Scope,
): (items: readonly unknown[], env: Env, run: Run) => unknown[] {
  return (items, env, run) => {
    const found: unknown[] = [];
    for (const item of items) {
      run.step();
      let value = step.node(item, inner.enter(env), run);
      for (const stage of step.stages)
        if (stage.kind === 'filter') value = filtered(stage.filter, value, env, run);
      if (value !== undefined) add(found, value);
    }
    run.bound(found.length);
    return found;
  };
}

function filtered(filter: Filter, value: unknown, env: Env, run: Run): unknown {
  const items = itemsOf(value);
  return filter.kind === 'test' ? filter.keep(items, env, run) : pick(items, filter.at);
}

/** A step on tuples: those of the step before it, or the first ones, of plain items. */
function takeTuples(
  step: TupleStep,
  inner: Scope,
): (items: readonly unknown[], before: unknown[] | undefined, env: Env, run: Run) => unknown[] {
  const { sort } = step;
  return (items, before, env, run) => {
    let made: unknown[];
    if (sort === undefined)
      made = bind(step, before ?? items.map((item): Tuple => ({ '@': item })))(inner, env, run);
    else if (before !== undefined) made = sort(before, isTupleStream(before), env, run);
    else {
      const sorted = sort([...items], false, env, run);
      made = mark(
        sorted.map((item, i) => tupleOf({ '@': item }, step.ast.index, i)),
        TUPLES,
      );
    }
    return step.stages.reduce((tuples, stage) => applyStage(stage, tuples, env, run), made);
  };
}

/** Each value that a step gives, with what is bound at it. */
function bind(step: TupleStep, before: readonly unknown[]): (inner: Scope, env: Env, run: Run) => unknown[] {
  const { focus, index, ancestor } = step.ast;
  return (inner, env, run) => {
    const made: unknown[] = [];
    for (const item of before) {
      run.step();
      const tuple = item as Tuple;
      const context = tuple['@'];
      const value = step.node(context, inner.enter(env, tuple), run);
      if (value === undefined) continue;
      const values = itemsOf(value);
      const tuples = isTupleStream(values);
      for (let i = 0; i < values.length; i++) {
        if (tuples) {
          made.push({ ...tuple, ...(values[i] as Tuple) });
          continue;
        }
        const next = tupleOf(tuple, index, i);
        if (focus === undefined) next['@'] = values[i];
        else next[focus] = values[i];
        if (ancestor !== undefined) next[ancestor.label] = context;
        made.push(next);
      }
      run.bound(made.length);
    }
    return mark(made, TUPLES);
  };
}

function tupleOf(tuple: Tuple, index: string | undefined, at: number): Tuple {
  return index === undefined ? { ...tuple } : { ...tuple, [index]: at };
}

function applyStage(stage: TupleStage, tuples: unknown[], env: Env, run: Run): unknown[] {
  if (stage.kind === 'index') {
    tuples.forEach((tuple, i) => ((tuple as Tuple)[stage.name] = i));
    return tuples;
  }
  if (stage.filter.kind === 'test') return stage.filter.keep(tuples, env, run);
  const item = pick(tuples, stage.filter.at);
  return mark(item === undefined ? [] : [item], TUPLES);
}
