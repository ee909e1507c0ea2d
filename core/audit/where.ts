/** What may be bound to a `?`. */
export type Binding = string | number | boolean | null | Date | Buffer | readonly Binding[];

/** The conditions of a query under way, with their bindings in order: `where.and('source = ?', source)`. */
export interface Where {
  and(condition: string, ...bindings: readonly Binding[]): void;
  /** ` where a and b`, or nothing. */
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Collects the conditions of a list's filter. Only texts of our own may be conditions; values are bindings. */
export function createWhere(): Where {
  const conditions: string[] = [];
  const bindings: Binding[] = [];
  return {
    and: (condition, ...values) => {
      conditions.push(`(${condition})`);
      bindings.push(...values);
    },
    get sql() {
      return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    },
    bindings,
  };
}
