import type { JsonSchema } from '../model/json-schema.ts';

/** What ajv tells of a fault, as far as it is used here. */
export interface RawFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: unknown;
  readonly message?: string;
  readonly parentSchema?: JsonSchema;
  /** The value that is at fault. */
  readonly data?: unknown;
}
