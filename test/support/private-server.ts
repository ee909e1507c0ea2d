/** A server of a test's own, that may be ill-treated. */
export interface PrivateServer {
  readonly url: string;
  readonly port: number;
  /** Shuts it down in order and removes its data. */
  close(): Promise<void>;
  /** Shuts it down in order (connected clients are cut off); the data stays. */
  stop(): Promise<void>;
  /** Ends it as a crash or a power cut would (SIGKILL); the data stays. */
  kill(): Promise<void>;
  /** After `stop` or `kill`: same port, same data. Resolves when it takes connections. */
  start(): Promise<void>;
}
