import { connectors } from '../../connectors/index.ts';
import type { ActionSpec, Connector, SourceSpec } from '../../core/model/connector.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import type { Out } from '../output/out.ts';
import { indent } from '../output/text.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { describeProperties } from './describe-schema.ts';

/** `connectors list` */
export function listConnectors({ out }: Session): void {
  out.data({ items: connectors.map(factsOf) });
  out.table(
    [
      { title: 'CONNECTOR', cell: (row) => row.name },
      { title: 'STATUS', cell: (row) => row.status, optional: true },
      { title: 'SOURCES', cell: (row) => namesOf(row, 'sources'), flex: { min: 8 } },
      { title: 'ACTIONS', cell: (row) => namesOf(row, 'actions'), flex: { min: 8 } },
      { title: 'ABOUT', cell: (row) => row.summary, flex: { min: 24 } },
    ],
    connectors,
  );
}

/** `connectors describe`: all that its one object says. Throws UsageError for an unknown one. */
export function describeConnector({ out }: Session, name: string): void {
  const connector = connectors.find((candidate) => candidate.name === name);
  if (connector === undefined) {
    const known = connectors.map((candidate) => candidate.name);
    throw new UsageError(`There is no connector "${name}".${suggestion(name, known)}`);
  }
  out.data({ ...factsOf(connector), config: connector.config, examples: connector.examples });
  const { style } = out;
  out.print(`${style.bold(connector.name)}  ${style.dim(connector.status)}\n${connector.summary}`);
  printSection(out, 'Settings', describeProperties(connector.config, style, widthOf(out)));
  for (const [source, spec] of Object.entries(connector.sources))
    printSection(out, `Source ${style.bold(source)}  ${style.dim(howOf(spec))}`, describeSource(spec, out));
  for (const [action, spec] of Object.entries(connector.actions))
    printSection(
      out,
      `Action ${style.bold(action)}  ${style.dim(effectOf(spec))}`,
      describeAction(spec, out),
    );
  if (connector.describe !== undefined)
    out.print("\nMore sources and actions follow from a connection's settings.");
  for (const { title, yaml } of connector.examples) printSection(out, `Example: ${title}`, yaml.trimEnd());
}

function factsOf(connector: Connector): Readonly<Record<string, unknown>> {
  const { name, summary, status, sources, actions } = connector;
  return { name, summary, status, sources, actions, describes: connector.describe !== undefined };
}

function namesOf(connector: Connector, what: 'sources' | 'actions'): string {
  const names = Object.keys(connector[what]);
  // What is derived from settings has no names yet.
  if (names.length === 0 && connector.describe !== undefined) return 'by settings';
  return names.join(', ');
}

function printSection(out: Out, title: string, text: string): void {
  out.print(`\n${title}`);
  if (text !== '') out.print(indent(text, 2));
}

function howOf({ kind }: SourceSpec): string {
  return kind === 'push' ? 'the system sends to /in/<mapping>' : "the hub asks, on the mapping's schedule";
}

function effectOf({ effect, reads }: ActionSpec): string {
  if (reads) return 'changes nothing: may be used to enrich';
  switch (effect) {
    case 'idempotent':
      return 'safe to repeat';
    case 'key':
      return 'repeats are recognised by an idempotency key';
    case 'probe':
      return 'looked up before it is repeated';
    case 'none':
      return 'a repeat would happen twice';
  }
}

function describeSource({ summary, options, body }: SourceSpec, out: Out): string {
  return [summary, part('with', options, out), part('body', body, out)].filter(Boolean).join('\n');
}

function describeAction({ summary, input, output }: ActionSpec, out: Out): string {
  return [summary, part('input', input, out), part('output', output, out)].filter(Boolean).join('\n');
}

function part(title: string, schema: JsonSchema | undefined, out: Out): string {
  const { style } = out;
  const text = schema === undefined ? '' : describeProperties(schema, style, widthOf(out) - 2);
  return text === '' ? '' : `${style.dim(`${title}:`)}\n${indent(text, 2)}`;
}

/** For running text: not wider than is good to read. */
function widthOf(out: Out): number {
  return Math.min(out.width, 100) - 2;
}
