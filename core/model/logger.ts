/**
 * What any part may log. Levels: `error` a person must act · `warn` odd, but it mends itself · `info` life of the hub
 * (start, stop, pause, resume) · `debug` the rest. A healthy hub logs no errors. Fields never hold secrets or payloads.
 */
export interface Logger {
  error(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  debug(text: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

export type LogFields = Readonly<Record<string, unknown>>;
