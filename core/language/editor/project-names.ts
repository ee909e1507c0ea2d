import type { Offer } from '../../model/connector.ts';

/** A name that can be written somewhere, and what an editor says about it. */
export interface Choice {
  readonly name: string;
  readonly summary: string;
}

export interface ConnectionChoice extends Choice {
  /** Undefined when its settings can not be read yet: then any source and action may be written. */
  readonly offer: Required<Offer> | undefined;
}

/** The names that the mappings of a project may write. */
export interface ProjectNames {
  readonly connections: readonly ConnectionChoice[];
  readonly schemas: readonly Choice[];
  /** Those that a mapping feeds. */
  readonly topics: readonly Choice[];
}
