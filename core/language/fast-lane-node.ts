/** A node of JSONata's syntax tree, as far as it is looked at here. */
export interface AstNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly [key: string]: unknown;
}

/** What one evaluation carries along. */
export interface Frame {
  readonly root: unknown;
  readonly bindings: Readonly<Record<string, unknown>> | undefined;
  /** A message that is a list is one item, not many: it goes in wrapped. */
  readonly wrapper: readonly unknown[] | undefined;
  readonly maxSequence: number;
  /** A number out of range came up; it may not leave the expression. */
  outOfRange: boolean;
}

export type FastNode = (context: unknown, frame: Frame) => unknown;

/** What is thrown, like JSONata's own errors: its code, and what its text is made of. */
export class FastLaneError extends Error {
  readonly code: string;
  readonly position: number | undefined;
  readonly token: string | undefined;

  constructor(code: string, message: string, node: Pick<AstNode, 'position'>, token: unknown) {
    super(message);
    this.code = code;
    this.position = node.position;
    this.token = typeof token === 'string' ? token : undefined;
  }
}
