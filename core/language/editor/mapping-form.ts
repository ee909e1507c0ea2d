import type { ActionSpec } from '../../model/connector.ts';
import type { JsonSchema } from '../../model/json-schema.ts';
import { objectOf } from '../../model/schema-outline.ts';
import { MAPPING_FORM } from '../file-schemas.ts';
import { mapForm } from './map-form.ts';
import type { Choice, ConnectionChoice, ProjectNames } from './project-names.ts';
import { publishForm } from './publish.ts';

/** The form of a mapping and what its references lead to, to be put under `definitions` of the whole. */
export interface MappingForm {
  readonly form: JsonSchema;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** The form of a mapping file, for editors; with the names of a project, it knows these and no others. */
export function mappingForm(names?: ProjectNames): MappingForm {
  const maps = new MapForms();
  let form = change(MAPPING_FORM, ['properties', 'from'], (from) => fromForm(from, names));
  if (names !== undefined) {
    const schemas = chooser(names.schemas);
    const step = ['properties', 'steps', 'items', 'properties'];
    form = change(form, ['properties', 'message', 'properties', 'schema'], schemas);
    form = change(form, [...step, 'validate'], schemas);
    form = change(form, [...step, 'enrich'], (enrich) => enrichForm(enrich, names, maps));
    form = change(form, ['properties', 'to', 'items'], (target) => targetForm(target, names, maps));
  }
  return { form: publishForm(form), definitions: maps.definitions };
}

/** What the reader of mappings says in words: from a connection's source, or from a topic. */
function fromForm(from: JsonSchema, names: ProjectNames | undefined): JsonSchema {
  const either = {
    oneOf: [
      { required: ['connection', 'source'], not: { required: ['topic'] } },
      {
        required: ['topic'],
        not: { anyOf: ['connection', 'source', 'with', 'schedule'].map((key) => ({ required: [key] })) },
      },
    ],
  };
  if (names === undefined) return { ...from, ...either };
  const sending = names.connections.filter(({ offer }) => offer === undefined || !isEmpty(offer.sources));
  const conditions = sending.flatMap((connection) => {
    const sources = Object.entries(connection.offer?.sources ?? {});
    const choices = sources.map(([name, { summary, kind }]) => ({
      name,
      summary: `${summary} ${kind === 'push' ? 'The system sends.' : 'The hub asks, on the `schedule`.'}`,
    }));
    return [
      when({ connection: connection.name }, { source: choose(choices) }),
      ...sources.map(([source, { options }]) =>
        when(
          { connection: connection.name, source },
          { with: { description: `Options of ${source}.`, examples: [{}], ...options } },
        ),
      ),
    ];
  });
  return {
    ...withChoices(withoutExample(from, 'source'), { connection: sending, topic: names.topics }),
    ...either,
    ...(conditions.length === 0 ? {} : { allOf: conditions }),
  };
}

function enrichForm(enrich: JsonSchema, names: ProjectNames, maps: MapForms): JsonSchema {
  const reading = names.connections.flatMap((connection) => {
    if (connection.offer === undefined) return [connection];
    const actions = Object.entries(connection.offer.actions).filter(([, action]) => action.reads === true);
    const offer = { sources: {}, actions: Object.fromEntries(actions) };
    return actions.length === 0 ? [] : [{ ...connection, offer }];
  });
  return actionForm(withChoices(enrich, { connection: reading }), reading, { maps, input: 'with' });
}

function targetForm(target: JsonSchema, names: ProjectNames, maps: MapForms): JsonSchema {
  const acting = names.connections.filter(({ offer }) => offer === undefined || !isEmpty(offer.actions));
  // A topic may be a new one; those that there are, and schemas, are good names for it.
  const topics = [...new Map([...names.schemas, ...names.topics].map((one) => [one.name, one])).values()];
  const withTopics = change(target, ['properties', 'topic'], (topic) => {
    const { pattern, ...rest } = topic;
    return { ...rest, anyOf: [...topics.map(constant), { pattern }] };
  });
  return actionForm(withChoices(withTopics, { connection: acting }), acting, { maps, input: 'map' });
}

interface ActionPlace {
  readonly maps: MapForms;
  /** The member that makes the input of the action. */
  readonly input: 'map' | 'with';
}

/** With a connection its actions are known, with an action the members of its input. */
function actionForm(
  form: JsonSchema,
  connections: readonly ConnectionChoice[],
  { maps, input }: ActionPlace,
): JsonSchema {
  const conditions = connections.flatMap(({ name: connection, offer }) => {
    const actions = Object.entries(offer?.actions ?? {});
    const choices = actions.map(([name, { summary }]) => ({ name, summary }));
    const inputs = actions.flatMap(([action, spec]) => {
      const reference = maps.reference(connection, action, spec);
      return reference === undefined ? [] : [when({ connection, action }, { [input]: reference })];
    });
    return [when({ connection }, { action: choose(choices) }), ...inputs];
  });
  return conditions.length === 0 ? form : { ...withoutExample(form, 'action'), allOf: conditions };
}

const MAX_CHARS = 16 * 1024 * 1024;

/** The forms of maps by action, each made once. Beyond a size that editors can bear, maps are free. */
class MapForms {
  readonly definitions: Record<string, JsonSchema> = {};
  #chars = 0;

  reference(connection: string, action: string, { input }: ActionSpec): JsonSchema | undefined {
    if (input === undefined) return undefined;
    const name = `map-${connection}-${action}`.replace(/[^A-Za-z0-9._-]/g, '_');
    if (!Object.hasOwn(this.definitions, name)) {
      const form = mapForm(input);
      this.#chars += JSON.stringify(form).length;
      if (this.#chars > MAX_CHARS) return undefined;
      this.definitions[name] = form;
    }
    return { $ref: `#/definitions/${name}` };
  }
}

function when(
  constants: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const is = Object.entries(constants).map(([name, value]) => [name, { const: value }]);
  return {
    if: { required: Object.keys(constants), properties: Object.fromEntries(is) as JsonSchema },
    then: { properties },
  };
}

function constant({ name, summary }: Choice): JsonSchema {
  return { const: name, ...(summary === '' ? {} : { description: summary }) };
}

function choose(choices: readonly Choice[]): JsonSchema {
  return choices.length === 0 ? {} : { anyOf: choices.map(constant) };
}

function chooser(choices: readonly Choice[]): (schema: JsonSchema) => JsonSchema {
  return (schema) => {
    const { pattern: _pattern, maxLength: _maxLength, ...rest } = schema;
    const [first] = choices;
    return first === undefined ? schema : { ...rest, examples: [first.name], ...choose(choices) };
  };
}

function withChoices(form: JsonSchema, choices: Readonly<Record<string, readonly Choice[]>>): JsonSchema {
  return Object.entries(choices).reduce(
    (changed, [name, list]) => change(changed, ['properties', name], chooser(list)),
    form,
  );
}

/** Editors offer an example beside what there is; where all names are known it would be a wrong one. */
function withoutExample(form: JsonSchema, name: string): JsonSchema {
  return change(form, ['properties', name], (member) => ({ ...member, examples: [] }));
}

/** A copy with another part at a path. */
function change(
  schema: JsonSchema,
  path: readonly string[],
  to: (part: JsonSchema) => JsonSchema,
): JsonSchema {
  const [first, ...rest] = path;
  if (first === undefined) return to(schema);
  return { ...schema, [first]: change(objectOf(schema[first]), rest, to) };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
