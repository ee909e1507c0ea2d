import winston from 'winston';
import type { LogFields, Logger } from './model/logger.ts';

export type LogFormat = 'pretty' | 'json';
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Writes to stderr, so that stdout stays for results. `json` is one object a line; `pretty` is for a terminal. */
export function createLogger(level: LogLevel, format: LogFormat): Logger {
  const { combine, timestamp, json, printf } = winston.format;
  const pretty = printf(({ timestamp: at, level: severity, message, ...fields }) => {
    const rest = Object.entries(fields).map(
      ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return [String(at).slice(11, 19), severity.padEnd(5), String(message), ...rest].join(' ');
  });
  const root = winston.createLogger({
    level,
    format: combine(timestamp(), format === 'json' ? json() : pretty),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
  return adapt(root, {});
}

function adapt(root: winston.Logger, bound: LogFields): Logger {
  const write = (level: LogLevel) => {
    // winston formats a line before a transport finds that nobody wants it.
    if (!root.isLevelEnabled(level)) return () => {};
    return (text: string, fields: LogFields = {}) => {
      root.log(level, text, { ...bound, ...fields });
    };
  };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => adapt(root, { ...bound, ...fields }),
  };
}

/** Says nothing: for tests and local commands. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLogger,
};
