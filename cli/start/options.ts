/** What a process does of a hub's work. */
export const ROLES = ['intake', 'worker', 'scheduler', 'api'] as const;
export type Role = (typeof ROLES)[number];

/** From what must be acted on to everything. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** The options of `crossdock start`; those of the environment are for what is not given here. */
export interface StartOptions {
  readonly listen?: { readonly host: string; readonly port: number };
  readonly data?: string;
  readonly roles?: readonly Role[];
  readonly sandbox?: boolean;
  readonly logLevel?: (typeof LEVELS)[number];
  readonly watch: boolean;
}
