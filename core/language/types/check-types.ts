import type { ActionSpec } from '../../model/connector.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import type { ExpressionText, MapTemplate, Mapping, Position, Step, Target } from '../../model/mapping.ts';
import { checkExpression } from '../expression-check.ts';
import { formatPath, type NewProblem, type Path } from '../problem.ts';
import { checkValue, type ValueCheck } from './check-value.ts';
import type { Fitness } from './check-scalar.ts';
import { inferExpression } from './infer.ts';
import { joinAll, typeOfValue } from './join.ts';
import { messageType } from './message-type.ts';
import { meet } from './meet.ts';
import { problemOfFinding, problemOfMismatch, type Held, type Places } from './problem-of.ts';
import type { SchemaTypes } from './schema-type.ts';
import { itemsOf } from './sequence.ts';
import { truthOf } from './truth.ts';
import { isNever, isNothing, UNKNOWN, type Form, type Member, type Type } from './type.ts';

/** What a mapping is held against. */
export interface TypesEnv extends Fitness, Places {
  readonly schemas: SchemaTypes;
  readonly action: (connection: string, action: string) => ActionSpec | undefined;
  /** The schema of what the mapping's source yields, where the connector says it. */
  readonly body?: JsonSchema | undefined;
}

/** What an expression, or the body behind a step, was found to be. */
export interface TypeNote {
  /** Path inside the mapping's file: `to[0].map.Buyer`. */
  readonly path: string;
  /** The expression; for a step, the body behind it. */
  readonly source?: string;
  readonly at: Position;
  readonly type: Type;
}

/** What the static checks say of a mapping. */
export interface CheckedTypes {
  readonly problems: readonly NewProblem[];
  readonly notes: readonly TypeNote[];
}

/**
 * Follows the body of a mapping's messages from its source through its steps to its targets, and holds every expression
 * against what it works on and every output against what its target takes. What can not be known is passed over.
 */
export function checkTypes(mapping: Mapping, env: TypesEnv): CheckedTypes {
  const check = new TypeCheck(mapping, env);
  check.run();
  return { problems: check.problems, notes: check.notes };
}

class TypeCheck {
  readonly problems: NewProblem[] = [];
  readonly notes: TypeNote[] = [];
  readonly #mapping: Mapping;
  readonly #env: TypesEnv;
  readonly #variables: ReadonlyMap<string, Type>;
  /** Fields that never get a value. */
  readonly #empty: (Position & { readonly path: string })[] = [];
  /** Said once: what stands behind it is as dead. */
  #dead: { readonly why: string; told: boolean } | undefined;

  constructor(mapping: Mapping, env: TypesEnv) {
    this.#mapping = mapping;
    this.#env = env;
    this.#variables = new Map([['message', messageType(mapping)]]);
  }

  run(): void {
    const { message, steps, targets } = this.#mapping;
    const start = this.#start();
    this.#note(['message'], undefined, this.#env.position(['message']), start);
    // The message has no attributes yet while its id and keys are found.
    const early = (text: ExpressionText, path: Path): void =>
      void this.#expression(text, path, start, new Map());
    if (message.id !== undefined) early(message.id, ['message', 'id']);
    for (const [key, text] of Object.entries(message.keys)) early(text, ['message', 'keys', key]);
    let body = start;
    for (const [i, step] of steps.entries()) {
      const path: Path = ['steps', i];
      this.#tellDead(path);
      body = this.#step(step, path, body);
      if (step.kind !== 'filter') this.#note(path, undefined, step.at, body);
    }
    for (const [i, target] of targets.entries()) this.#target(target, ['to', i], body);
    const told = new Set(this.problems.map(({ path }) => path));
    for (const field of this.#empty) {
      if (!told.has(field.path))
        this.#add({ ...field, code: 'dead-line', message: 'this never gives a value' });
    }
  }

  #start(): Type {
    const { message, from } = this.#mapping;
    const { schemas, body } = this.#env;
    if (message.schema !== undefined) return schemas.named(message.schema) ?? UNKNOWN;
    if (from.kind === 'topic') return schemas.named(from.topic) ?? UNKNOWN;
    return body === undefined ? UNKNOWN : schemas.of(body);
  }

  /** Checks a step and says what the body is behind it. */
  #step(step: Step, path: Path, body: Type): Type {
    switch (step.kind) {
      case 'filter':
        return this.#condition(step.when, [...path, 'filter'], body, 'the filter before it');
      case 'validate': {
        const type = this.#env.schemas.named(step.schema);
        return type === undefined ? body : meet(body, type);
      }
      case 'map':
        return this.#template(step.map, [...path, 'map'], body);
      case 'split':
        return this.#split(step.items, [...path, 'split'], body);
      case 'enrich': {
        const spec = this.#env.action(step.connection, step.action);
        const at: Path = [...path, 'enrich'];
        const input = step.input === undefined ? body : this.#template(step.input, [...at, 'with'], body);
        if (spec?.input !== undefined) {
          // A question is not brought into the form of what the action takes.
          const wanted = this.#env.schemas.of(spec.input);
          const whole: Path = step.input === undefined ? [...at, 'action'] : [...at, 'with'];
          this.#hold(input, wanted, { path: whole, template: step.input, taker: 'the action' });
        }
        return withMember(body, step.as, answerOf(spec, this.#env.schemas));
      }
    }
  }

  #split(items: ExpressionText, path: Path, body: Type): Type {
    const type = this.#expression(items, path, body);
    if (isNothing(type)) this.#dead ??= { why: 'the split before it finds nothing', told: false };
    const { items: item } = itemsOf(type);
    return item.forms.length === 0 ? UNKNOWN : item;
  }

  /** What is known of the body where a condition holds. */
  #condition(text: ExpressionText, path: Path, body: Type, what: string): Type {
    const { type, holds } = this.#inferred(text, path, body);
    if (truthOf(type) === false) this.#dead ??= { why: `${what} lets nothing through`, told: false };
    return isNever(holds) ? body : holds;
  }

  #target(target: Target, path: Path, before: Type): void {
    this.#tellDead(path);
    const outer = this.#dead;
    const body =
      target.when === undefined
        ? before
        : this.#condition(target.when, [...path, 'when'], before, 'its "when"');
    if (this.#dead !== outer) {
      const message = `no message reaches the target "${target.name}": its "when" is always false`;
      this.#deadLine([...path, 'when'], message);
      this.#dead = outer;
    }
    const output = target.map === undefined ? body : this.#template(target.map, [...path, 'map'], body);
    const wanted = this.#wanted(target);
    if (wanted === undefined) return;
    const { to } = target;
    const whole: Path =
      target.map !== undefined ? [...path, 'map'] : [...path, to.kind === 'topic' ? 'topic' : 'action'];
    this.#hold(output, wanted, {
      path: whole,
      template: target.map,
      taker: to.kind === 'topic' ? 'the topic' : 'the action',
    });
  }

  #wanted({ to }: Target): Type | undefined {
    if (to.kind === 'topic') return this.#env.schemas.named(to.topic);
    const input = this.#env.action(to.connection, to.action)?.input;
    return input === undefined ? undefined : this.#env.schemas.wanted(input);
  }

  /** A map, as what it makes; members know where they stand. */
  #template(template: MapTemplate, path: Path, body: Type): Type {
    switch (template.kind) {
      case 'const':
        return typeOfValue(template.value);
      case 'expression': {
        const type = this.#expression(template.expression, path, body);
        if (isNothing(type)) this.#empty.push({ ...template.expression.at, path: formatPath(path) });
        return type;
      }
      case 'object': {
        const members = Object.entries(template.fields).map(([name, field]): readonly [string, Member] => {
          const at = this.#env.position([...path, name]);
          return [name, { type: this.#template(field, [...path, name], body), at }];
        });
        return { forms: [{ kind: 'object', members: new Map(members) }] };
      }
      case 'array': {
        const items = template.items.map((item, i) => this.#template(item, [...path, i], body));
        const present = items.filter(({ absent }) => absent === undefined);
        const all = joinAll(items.map(({ forms }) => ({ forms })));
        return { forms: [{ kind: 'list', items: all, min: present.length, max: items.length }] };
      }
    }
  }

  #expression(text: ExpressionText, path: Path, body: Type, variables = this.#variables): Type {
    return this.#inferred(text, path, body, variables).type;
  }

  #inferred(
    text: ExpressionText,
    path: Path,
    body: Type,
    variables = this.#variables,
  ): { readonly type: Type; readonly holds: Type } {
    const mistakes = checkExpression(text, [...variables.keys()]);
    for (const mistake of mistakes) this.#add({ ...mistake, path: formatPath(path) });
    const { type, holds, findings } = inferExpression(text, body, variables);
    for (const finding of findings) this.#add(problemOfFinding(finding, text, path));
    this.#note(path, text.source, text.at, type);
    return mistakes.length > 0 ? { type: UNKNOWN, holds: body } : { type, holds };
  }

  /** Holds an output against what is wanted, and tells of what does not fit where it stands. */
  #hold(output: Type, wanted: Type, given: Held & { readonly taker: string }): void {
    const check: ValueCheck = {
      hasFormat: this.#env.hasFormat,
      matches: this.#env.matches,
      taker: given.taker,
    };
    for (const mismatch of checkValue(output, wanted, check))
      this.#add(problemOfMismatch(mismatch, given, this.#env));
  }

  #tellDead(path: Path): void {
    if (this.#dead === undefined || this.#dead.told) return;
    this.#dead.told = true;
    this.#deadLine(path, `no message gets here: ${this.#dead.why}`);
  }

  #deadLine(path: Path, message: string): void {
    this.#add({ ...this.#env.position(path), path: formatPath(path), code: 'dead-line', message });
  }

  #note(path: Path, source: string | undefined, at: Position, type: Type): void {
    this.notes.push({ path: formatPath(path), at, type, ...(source === undefined ? {} : { source }) });
  }

  #add(problem: NewProblem): void {
    this.problems.push(problem);
  }
}

/** What an action answers. Nobody holds it against its schema, and some answer null for nothing. */
function answerOf(spec: ActionSpec | undefined, schemas: SchemaTypes): Type {
  if (spec?.output === undefined) return UNKNOWN;
  const { forms } = schemas.of(spec.output);
  return { forms: [...forms.filter(({ kind }) => kind !== 'null'), { kind: 'null', maybe: true }] };
}

/** The body with the answer of an `enrich` step; what is no object is put into one. */
function withMember(body: Type, name: string, member: Type): Type {
  const forms = body.forms.map((form): Form => {
    if (form.kind === 'object')
      return { ...form, members: new Map(form.members).set(name, { type: member }) };
    if (form.kind === 'any') return form;
    const members = new Map<string, Member>([['body', { type: { forms: [form] } }]]);
    return { kind: 'object', members: members.set(name, { type: member }) };
  });
  return { forms };
}
