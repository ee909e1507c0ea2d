import type { RetryPolicy } from './retry.ts';

/** Where a line of a project file stands: what every complaint about it starts with. */
export interface Position {
  /** Relative to the project's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A JSONata expression as it was written, and where, so that its errors can point into the file. */
export interface ExpressionText {
  readonly source: string;
  /** Where its first character stands: behind the quote, or in the first line of a block. */
  readonly at: Position;
  /** Where its characters stand, if not simply one behind the other: from `offset` on, at this place and to its right. */
  readonly pieces?: readonly { readonly offset: number; readonly line: number; readonly column: number }[];
  /** Places inside it can't be told. */
  readonly folded?: true;
}

/** A map: an object (or list) whose leaves are expressions or constants, or one expression for the whole. */
export type MapTemplate =
  | { readonly kind: 'expression'; readonly expression: ExpressionText }
  | { readonly kind: 'const'; readonly value: unknown }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, MapTemplate>> }
  | { readonly kind: 'array'; readonly items: readonly MapTemplate[] };

export type Step =
  | { readonly kind: 'filter'; readonly when: ExpressionText; readonly at: Position }
  | { readonly kind: 'validate'; readonly schema: string; readonly at: Position }
  | { readonly kind: 'map'; readonly map: MapTemplate; readonly at: Position }
  | {
      readonly kind: 'enrich';
      readonly as: string;
      readonly connection: string;
      readonly action: string;
      readonly input?: MapTemplate;
      readonly at: Position;
    }
  /** One message becomes many: the expression's items, each as the body of a message of its own. */
  | { readonly kind: 'split'; readonly items: ExpressionText; readonly at: Position };

/** Where a mapping's messages come from. */
export type SourceRef =
  | {
      readonly kind: 'connection';
      readonly connection: string;
      readonly source: string;
      readonly options: unknown;
      readonly schedule?: Schedule;
      readonly at: Position;
    }
  | { readonly kind: 'topic'; readonly topic: string; readonly at: Position };

export interface Schedule {
  /** Five or six fields (with seconds), as node-cron reads them. */
  readonly cron: string;
  /** IANA name; default UTC. */
  readonly timezone: string;
}

/** One of the systems (or the topic) that a mapping's messages go to. */
export interface Target {
  /** Unique within the mapping. The route's name is `<mapping>/<target>`. */
  readonly name: string;
  readonly to:
    | { readonly kind: 'action'; readonly connection: string; readonly action: string }
    | { readonly kind: 'topic'; readonly topic: string };
  readonly when?: ExpressionText;
  /** Without it the body goes as it is. */
  readonly map?: MapTemplate;
  readonly retry: RetryPolicy;
  readonly at: Position;
}

/** Exactly what a mapping file says, after its form was checked. */
export interface Mapping {
  /** `<domain>/<name>`, from its path below `mappings/`. */
  readonly name: string;
  readonly domain: string;
  readonly description?: string;
  readonly from: SourceRef;
  readonly message: {
    readonly schema?: string;
    readonly id?: ExpressionText;
    readonly keys: Readonly<Record<string, ExpressionText>>;
  };
  readonly steps: readonly Step[];
  readonly targets: readonly Target[];
  readonly at: Position;
}

/** The route of a target: the unit of queueing, pacing, retry and ordering. */
export function routeName(mapping: string, target: string): string {
  return `${mapping}/${target}`;
}

/** `Message.source` of what comes out of this mapping's source. */
export function sourceName(mapping: Pick<Mapping, 'name' | 'from'>): string {
  return mapping.from.kind === 'topic'
    ? topicSource(mapping.from.topic)
    : `${mapping.from.connection}/${mapping.name}`;
}

/** What stands where a connection's name stands in the `Message.source` of what a topic carries. */
export const TOPIC = 'topic';

/** `Message.source` of what a topic carries. */
export function topicSource(topic: string): string {
  return `${TOPIC}/${topic}`;
}
