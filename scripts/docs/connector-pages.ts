import { connectors } from '../../connectors/index.ts';
import type { ActionSpec, Connector, SourceSpec } from '../../core/model/connector.ts';
import type { EffectClass } from '../../core/model/outcome.ts';
import { block, code, prose, sections, sentence } from './markdown.ts';
import { membersText } from './schema-text.ts';

const EFFECTS: Readonly<Record<EffectClass, string>> = {
  idempotent: '`idempotent`: safe to repeat',
  key: '`key`: the target recognises repeats by an idempotency key',
  probe: '`probe`: looked up before it is repeated',
  none: '`none`: a repeat would happen twice, so a delivery in doubt waits for a person',
};

/** A page for each connector, from its one object. */
export function connectorPages(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    connectors.map((connector) => [`connectors/${connector.name}.md`, connectorPage(connector)]),
  );
}

function connectorPage(connector: Connector): string {
  const { name, summary, status, config, sources, actions, examples, describe } = connector;
  const settings = membersText(config);
  return sections(
    `# Connector ${code(name)}`,
    `${prose(summary)} Status: ${status}. How connectors are used and written: [connectors](../../connectors.md).`,
    '## Settings',
    settings === ''
      ? 'There is nothing to set.'
      : `What stands under \`with\` of a connection in \`config/connections.yaml\`.\n\n${settings}`,
    describe === undefined ? undefined : FOLLOWS,
    ...Object.entries(sources).map(([source, spec]) => sourceSection(source, spec)),
    ...Object.entries(actions).map(([action, spec]) => actionSection(action, spec)),
    examples.length === 0 ? undefined : '## Examples',
    ...examples.map(({ title, yaml }) => `${prose(sentence(title))}\n\n${block('yaml', yaml)}`),
  );
}

const FOLLOWS =
  'The sources and actions of a connection follow from these settings. `crossdock check` knows them; a mapping names them like any others.';

function sourceSection(name: string, { kind, summary, options, body }: SourceSpec): string {
  const how =
    kind === 'push' ? 'The system sends to `/in/<mapping>`.' : "The hub asks, on the mapping's `schedule`.";
  return sections(
    `## Source ${code(name)}`,
    `${prose(summary)} ${how}`,
    listOf('Options, under `from.with` of a mapping:', options),
    listOf('The body of its messages:', body),
  ).trimEnd();
}

function actionSection(name: string, { summary, effect, reads, input, output }: ActionSpec): string {
  return sections(
    `## Action ${code(name)}`,
    `${prose(summary)} ${reads === true ? 'It changes nothing, so a mapping may `enrich` with it.' : `Effect class ${EFFECTS[effect]}.`}`,
    listOf('Input:', input),
    listOf('Output:', output),
  ).trimEnd();
}

function listOf(title: string, schema: SourceSpec['body']): string | undefined {
  const text = schema === undefined ? '' : membersText(schema);
  return text === '' ? undefined : `${title}\n\n${text}`;
}
