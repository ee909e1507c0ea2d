/**
 * The children of a metric by their label values, made once: prom-client hashes its labels at every call otherwise, and
 * these are called for every message.
 */
export function labelled<C>(metric: { labels(...values: string[]): C }): (...values: readonly string[]) => C {
  const children = new Map<string, C>();
  return (...values) => {
    const key = values.length === 1 ? (values[0] as string) : values.join('\n');
    let child = children.get(key);
    if (child === undefined) {
      child = metric.labels(...values);
      children.set(key, child);
    }
    return child;
  };
}
