import type { ActionSpec, SourceSpec } from '../model/connector.ts';
import { CrossdockError } from '../model/errors.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { ExpressionText, MapTemplate, Mapping, Step } from '../model/mapping.ts';
import { cronMistake, isTimezone } from './cron.ts';
import { applyDefaults } from './defaults.ts';
import { checkExpression } from './expression-check.ts';
import { checkNames, shapeAt, shapeOf, shapeOfMap, withMember, type Shape } from './name-check.ts';
import { didYouMean } from './nearest.ts';
import { checkOutput } from './output-check.ts';
import { formatPath, type Path, type ProblemList } from './problem.ts';
import type { Connections } from './read-connections.ts';
import type { SchemaRegistry, Validator } from './schema.ts';
import type { YamlFile } from './yaml-file.ts';

export interface CheckEnv {
  readonly connections: Connections;
  readonly schemaNames: readonly string[];
  readonly schemas: SchemaRegistry;
  readonly schemasByName: ReadonlyMap<string, JsonSchema>;
  /** Topics that some mapping hands messages to; undefined where that is not known. */
  readonly topics: readonly string[] | undefined;
  /** Where mistakes in files beside the mapping go. */
  readonly problems: ProblemList;
}

/**
 * Holds a mapping against the rest of the project: connections, what they offer, schemas, topics, expressions. Returns
 * it with the defaults of its source's options filled in.
 */
export function checkMapping(mapping: Mapping, file: YamlFile, env: CheckEnv): Mapping {
  const check = new MappingCheck(file, env);
  const from = check.source(mapping);
  const { schema, id, keys } = mapping.message;
  if (schema !== undefined) check.schema(schema, ['message', 'schema']);
  const body = schema ?? (from.kind === 'topic' ? from.topic : undefined);
  let shape = shapeOf(body === undefined ? check.body : env.schemasByName.get(body), env.schemasByName);
  if (id !== undefined) check.expression(id, ['message', 'id'], shape);
  for (const [key, text] of Object.entries(keys)) check.expression(text, ['message', 'keys', key], shape);
  for (const [i, step] of mapping.steps.entries()) shape = check.step(step, ['steps', i], shape);
  for (const [i, target] of mapping.targets.entries()) {
    const path: Path = ['to', i];
    const action =
      target.to.kind === 'action' ? check.action(target.to.connection, target.to.action, path) : undefined;
    if (target.when !== undefined) check.expression(target.when, [...path, 'when'], shape);
    if (target.map !== undefined) check.map(target.map, [...path, 'map'], shape, action?.input);
  }
  return { ...mapping, from };
}

class MappingCheck {
  readonly #file: YamlFile;
  readonly #env: CheckEnv;

  constructor(file: YamlFile, env: CheckEnv) {
    this.#file = file;
    this.#env = env;
  }

  /** The schema of what the source yields, where it says so. */
  body: JsonSchema | undefined;

  source({ from }: Mapping): Mapping['from'] {
    if (from.kind === 'topic') {
      if (this.#env.topics !== undefined) {
        this.#mustKnow('topic', from.topic, this.#env.topics, ['from', 'topic']);
      }
      return from;
    }
    if (from.schedule !== undefined) this.#schedule(from.schedule.cron, from.schedule.timezone);
    if (from.connection === '' || from.source === '') return from;
    const spec = this.#offered('source', from.connection, from.source, ['from']) as SourceSpec | undefined;
    if (spec === undefined) return from;
    if (spec.kind === 'pull' && from.schedule === undefined) {
      this.#file.tell(
        ['from'],
        `"schedule" is missing: the hub asks the source "${from.source}" when the schedule says`,
      );
    }
    if (spec.kind === 'push' && from.schedule !== undefined) {
      this.#file.tell(
        ['from', 'schedule'],
        `the source "${from.source}" sends by itself and has no schedule`,
        { part: 'key' },
      );
    }
    this.body = spec.body;
    const options = applyDefaults(spec.options, from.options);
    const validate = this.#compiled(spec.options, ['from', 'source']);
    if (validate !== undefined) this.#file.tellFaults(['from', 'with'], options, validate(options));
    return { ...from, options };
  }

  /** Checks a step and says what the body may be like after it. */
  step(step: Step, path: Path, shape: Shape): Shape {
    switch (step.kind) {
      case 'filter':
        this.expression(step.when, [...path, 'filter'], shape);
        return shape;
      case 'validate':
        this.schema(step.schema, [...path, 'validate']);
        return shape ?? shapeOf(this.#env.schemasByName.get(step.schema), this.#env.schemasByName);
      case 'map':
        this.map(step.map, [...path, 'map'], shape);
        return shapeOfMap(step.map);
      case 'split':
        return this.expression(step.items, [...path, 'split'], shape)
          ? shapeAt(step.items, shape)
          : undefined;
      case 'enrich': {
        const at: Path = [...path, 'enrich'];
        const action = this.action(step.connection, step.action, at);
        if (action !== undefined && action.reads !== true) {
          const message = `"${step.action}" changes something: a mapping can only enrich with an action that reads`;
          this.#file.tell([...at, 'action'], message);
        }
        if (step.input !== undefined) this.map(step.input, [...at, 'with'], shape, action?.input);
        return withMember(shape, step.as, shapeOf(action?.output, this.#env.schemasByName));
      }
    }
  }

  action(connection: string, action: string, path: Path): ActionSpec | undefined {
    if (connection === '' || action === '') return undefined;
    const spec = this.#offered('action', connection, action, path) as ActionSpec | undefined;
    if (spec?.input !== undefined) this.#compiled(spec.input, [...path, 'action']);
    return spec;
  }

  schema(name: string, path: Path): void {
    this.#mustKnow('schema', name, this.#env.schemaNames, path);
  }

  map(template: MapTemplate, path: Path, shape: Shape, wanted?: JsonSchema): void {
    for (const mistake of wanted === undefined ? [] : checkOutput(template, wanted, path)) {
      this.#file.tell(mistake.path, mistake.message, mistake);
    }
    if (template.kind === 'expression') {
      this.expression(template.expression, path, shape);
    } else if (template.kind === 'object') {
      for (const [name, field] of Object.entries(template.fields)) this.map(field, [...path, name], shape);
    } else if (template.kind === 'array') {
      for (const [i, item] of template.items.entries()) this.map(item, [...path, i], shape);
    }
  }

  /** True if there was nothing to say. */
  expression(text: ExpressionText, path: Path, shape: Shape): boolean {
    const mistakes = checkExpression(text);
    const all = mistakes.length > 0 ? mistakes : checkNames(text, shape);
    for (const mistake of all) this.#env.problems.add({ ...mistake, path: formatPath(path) });
    return all.length === 0;
  }

  /** What a connector finds in a WSDL or an API description may be no sound schema. */
  #compiled(schema: JsonSchema, path: Path): Validator | undefined {
    try {
      return this.#env.schemas.compile(schema);
    } catch (error) {
      this.#file.tell(
        path,
        `its schema can not be used: ${CrossdockError.from(error).message.replace(/\.$/, '')}`,
      );
      return undefined;
    }
  }

  #offered(
    what: 'source' | 'action',
    connection: string,
    name: string,
    path: Path,
  ): SourceSpec | ActionSpec | undefined {
    const { configs, names } = this.#env.connections;
    const config = configs.get(connection);
    if (config === undefined) {
      // A connection with mistakes of its own has been told of; what it would offer is not known.
      this.#mustKnow('connection', connection, names, [...path, 'connection']);
      return undefined;
    }
    const offers: Readonly<Record<string, SourceSpec | ActionSpec>> =
      what === 'source' ? config.offer.sources : config.offer.actions;
    const known = Object.keys(offers);
    const none = known.length === 0 ? `it has no ${what}s` : `it has ${known.slice(0, 20).join(', ')}`;
    if (!Object.hasOwn(offers, name)) {
      const hint = didYouMean(name, known) ?? none;
      this.#file.tell([...path, what], `the connection "${connection}" has no ${what} "${name}"`, { hint });
      return undefined;
    }
    return offers[name];
  }

  #mustKnow(what: string, name: string, known: readonly string[], path: Path): void {
    if (known.includes(name)) return;
    const otherwise = what === 'topic' ? 'no mapping hands messages to it' : undefined;
    this.#file.tell(path, `unknown ${what} "${name}"`, { hint: didYouMean(name, known) ?? otherwise });
  }

  #schedule(cron: string, timezone: string): void {
    const inObject = this.#file.position(['from', 'schedule', 'cron']);
    const plain = this.#file.position(['from', 'schedule']);
    const path: Path =
      inObject.line === plain.line && inObject.column === plain.column
        ? ['from', 'schedule']
        : ['from', 'schedule', 'cron'];
    const mistake = cronMistake(cron);
    if (mistake !== undefined) this.#file.tell(path, mistake);
    if (!isTimezone(timezone))
      this.#file.tell(['from', 'schedule', 'timezone'], `"${timezone}" is not a time zone`, {
        hint: 'write an IANA name such as Europe/Berlin',
      });
  }
}

/** Mappings that hand messages round in a circle by way of topics, each circle once. */
export function topicCircles(mappings: readonly Mapping[]): readonly (readonly Mapping[])[] {
  const startingFrom = new Map<string, Mapping[]>();
  for (const mapping of mappings) {
    if (mapping.from.kind === 'topic')
      startingFrom.set(mapping.from.topic, [...(startingFrom.get(mapping.from.topic) ?? []), mapping]);
  }
  const circles: Mapping[][] = [];
  const done = new Set<Mapping>();
  const walk = (mapping: Mapping, way: readonly Mapping[]): void => {
    const at = way.indexOf(mapping);
    if (at >= 0) circles.push(way.slice(at));
    if (at >= 0 || done.has(mapping)) return;
    for (const { to } of mapping.targets) {
      if (to.kind !== 'topic') continue;
      for (const next of startingFrom.get(to.topic) ?? []) walk(next, [...way, mapping]);
    }
    done.add(mapping);
  };
  for (const mapping of mappings) walk(mapping, []);
  return circles;
}
