import type { LogFields, Logger } from '../../core/model/logger.ts';

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly text: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines for the test to look at. */
export class RecordingLog implements Logger {
  readonly lines: LogLine[];
  readonly #bound: LogFields;

  constructor(lines: LogLine[] = [], bound: LogFields = {}) {
    this.lines = lines;
    this.#bound = bound;
  }

  error(text: string, fields?: LogFields): void {
    this.#add('error', text, fields);
  }

  warn(text: string, fields?: LogFields): void {
    this.#add('warn', text, fields);
  }

  info(text: string, fields?: LogFields): void {
    this.#add('info', text, fields);
  }

  debug(text: string, fields?: LogFields): void {
    this.#add('debug', text, fields);
  }

  child(fields: LogFields): Logger {
    return new RecordingLog(this.lines, { ...this.#bound, ...fields });
  }

  /** Everything that was logged, as one text to search. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  #add(level: LogLine['level'], text: string, fields: LogFields = {}): void {
    this.lines.push({ level, text, fields: { ...this.#bound, ...fields } });
  }
}
