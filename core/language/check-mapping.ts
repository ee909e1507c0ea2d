import type { ActionSpec, SourceSpec } from '../model/connector.ts';
import { CrossdockError } from '../model/errors.ts';
import type { JsonSchema } from '../model/json-schema.ts';
import type { Mapping, Step } from '../model/mapping.ts';
import type { CheckCode } from './check-codes.ts';
import { cronMistake, isTimezone } from './cron.ts';
import { applyDefaults } from './defaults.ts';
import { nearest } from './nearest.ts';
import type { Path, ProblemList } from './problem.ts';
import type { Connections } from './read-connections.ts';
import type { SchemaRegistry, Validator } from './schema.ts';
import { checkTypes, type Fitness, type SchemaTypes, type TypeNote, type TypesEnv } from './types/index.ts';
import type { YamlFile } from './yaml-file.ts';

export interface CheckEnv {
  readonly connections: Connections;
  readonly schemaNames: readonly string[];
  readonly schemas: SchemaRegistry;
  readonly types: SchemaTypes;
  readonly tests: Fitness;
  /** Topics that some mapping hands messages to; undefined where that is not known. */
  readonly topics: readonly string[] | undefined;
  /** Where mistakes in files beside the mapping go. */
  readonly problems: ProblemList;
}

/** A mapping with the defaults of its source's options filled in, and what its expressions and outputs are. */
export interface CheckedMapping {
  readonly mapping: Mapping;
  readonly notes: readonly TypeNote[];
}

/** Holds a mapping against the rest of the project: connections, what they offer, schemas, topics, expressions, types. */
export function checkMapping(mapping: Mapping, file: YamlFile, env: CheckEnv): CheckedMapping {
  const check = new MappingCheck(file, env);
  const from = check.source(mapping);
  const { schema } = mapping.message;
  if (schema !== undefined) check.schema(schema, ['message', 'schema']);
  for (const [i, step] of mapping.steps.entries()) check.step(step, ['steps', i]);
  for (const [i, { to }] of mapping.targets.entries())
    if (to.kind === 'action') check.action(to.connection, to.action, ['to', i]);
  const { problems, notes } = checkTypes(mapping, check.typesEnv());
  for (const problem of problems) env.problems.add(problem);
  return { mapping: { ...mapping, from }, notes };
}

const UNKNOWN: CheckCode = 'unknown-reference';

class MappingCheck {
  readonly #file: YamlFile;
  readonly #env: CheckEnv;

  constructor(file: YamlFile, env: CheckEnv) {
    this.#file = file;
    this.#env = env;
  }

  /** The schema of what the source yields, where it says so. */
  #body: JsonSchema | undefined;
  /** What can be relied on of the actions: by connection and action. */
  readonly #actions = new Map<string, ActionSpec>();

  typesEnv(): TypesEnv {
    return {
      schemas: this.#env.types,
      action: (connection, action) => this.#actions.get(`${connection} ${action}`),
      body: this.#body,
      position: (path, part) =>
        this.#file.position(part === 'key' ? path : constantIn(this.#file, path), part),
      end: (path, part) => this.#file.end(path, part),
      ...this.#env.tests,
    };
  }

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
    this.#body = spec.body;
    const options = applyDefaults(spec.options, from.options);
    const validate = this.#compiled(spec.options, ['from', 'source']);
    if (validate !== undefined) this.#file.tellFaults(['from', 'with'], options, validate(options));
    return { ...from, options };
  }

  step(step: Step, path: Path): void {
    if (step.kind === 'validate') this.schema(step.schema, [...path, 'validate']);
    if (step.kind !== 'enrich') return;
    const at: Path = [...path, 'enrich'];
    const action = this.action(step.connection, step.action, at);
    if (action === undefined || action.reads === true) return;
    const message = `"${step.action}" changes something: a mapping can only enrich with an action that reads`;
    this.#file.tell([...at, 'action'], message, { code: 'enrich-writes' });
  }

  action(connection: string, action: string, path: Path): ActionSpec | undefined {
    if (connection === '' || action === '') return undefined;
    const spec = this.#offered('action', connection, action, path) as ActionSpec | undefined;
    const unsound =
      spec?.input !== undefined && this.#compiled(spec.input, [...path, 'action']) === undefined;
    if (spec !== undefined && !unsound) this.#actions.set(`${connection} ${action}`, spec);
    return spec;
  }

  schema(name: string, path: Path): void {
    this.#mustKnow('schema', name, this.#env.schemaNames, path);
  }

  /** What a connector finds in a WSDL or an API description may be no sound schema. */
  #compiled(schema: JsonSchema, path: Path): Validator | undefined {
    try {
      return this.#env.schemas.compile(schema);
    } catch (error) {
      this.#file.tell(
        path,
        `its schema can not be used: ${CrossdockError.from(error).message.replace(/\.$/, '')}`,
        { code: 'schema' },
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
      const near = nearest(name, known);
      this.#file.tell([...path, what], `the connection "${connection}" has no ${what} "${name}"`, {
        ...(near === undefined ? { hint: none } : { near }),
        code: UNKNOWN,
      });
      return undefined;
    }
    return offers[name];
  }

  #mustKnow(what: string, name: string, known: readonly string[], path: Path): void {
    if (known.includes(name)) return;
    const near = nearest(name, known);
    const otherwise = what === 'topic' ? 'no mapping hands messages to it' : undefined;
    this.#file.tell(path, `unknown ${what} "${name}"`, {
      ...(near === undefined ? { hint: otherwise } : { near }),
      code: UNKNOWN,
    });
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

/** Of `{ const: x }` what is wrong is x. */
function constantIn({ value }: YamlFile, path: Path): Path {
  let node = value;
  for (const part of path) {
    if (typeof node !== 'object' || node === null) return path;
    node = (node as Readonly<Record<string | number, unknown>>)[part];
  }
  const isConstant =
    typeof node === 'object' && node !== null && 'const' in node && Object.keys(node).length === 1;
  return isConstant ? [...path, 'const'] : path;
}
