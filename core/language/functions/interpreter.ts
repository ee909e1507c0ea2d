import { OWN_FUNCTIONS } from './table.ts';

/** What JSONata's interpreter binds to `this` of a function that was registered with it. */
interface Focus {
  readonly environment: { readonly timestamp: Date };
}

/** The part of JSONata's `Expression` that takes functions. */
interface Registry {
  registerFunction(
    name: string,
    implementation: (this: Focus, ...args: unknown[]) => unknown,
    signature?: string,
  ): void;
}

/**
 * Gives an expression that JSONata's interpreter runs the functions of Crossdock that give plain values. Those that give
 * decimals are left out: the interpreter cannot calculate with them, so that such an expression is refused before.
 */
export function registerOwnFunctions(expression: Registry): void {
  for (const own of OWN_FUNCTIONS) {
    if (own.engineOnly === true) continue;
    expression.registerFunction(
      own.name,
      function (...args) {
        return own.call(args, { now: () => this.environment.timestamp.getTime() });
      },
      own.signature,
    );
  }
}
