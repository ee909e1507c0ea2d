/** An edge of a directed graph. */
export interface Edge<Node> {
  readonly from: Node;
  readonly to: Node;
}

/** An edge that is part of a circle. */
export interface CircularEdge<E> {
  readonly edge: E;
  /** Whether the search, on its way from the first node, came back to where it had been. All others make no circle. */
  readonly closes: boolean;
}

interface Visit<E> {
  readonly edges: Iterator<E>;
  readonly order: number;
  /** The first visit that it leads back to. */
  low: number;
  /** On the way of the search; behind it, in a circle with what is still on it; or in a circle (or none) of its own. */
  state: 'open' | 'left' | number;
}

/** The edges of a graph that are part of a circle, in no time that depends on how many circles there are (Tarjan). */
export function circularEdges<Node, E extends Edge<Node>>(
  nodes: Iterable<Node>,
  edgesOf: (node: Node) => readonly E[],
): readonly CircularEdge<E>[] {
  const visits = new Map<Node, Visit<E>>();
  const edges: E[] = [];
  const closing = new Set<E>();
  const way: Visit<E>[] = [];
  const left: Visit<E>[] = [];

  const enter = (node: Node): void => {
    const found = edgesOf(node);
    for (const edge of found) edges.push(edge);
    const order = visits.size;
    const visit: Visit<E> = { edges: found.values(), order, low: order, state: 'open' };
    visits.set(node, visit);
    way.push(visit);
    left.push(visit);
  };
  const leave = (visit: Visit<E>): void => {
    way.pop();
    visit.state = 'left';
    const before = way.at(-1);
    if (before !== undefined) before.low = Math.min(before.low, visit.low);
    if (visit.low === visit.order)
      for (const one of left.splice(left.lastIndexOf(visit))) one.state = visit.order;
  };
  for (const node of nodes) {
    if (!visits.has(node)) enter(node);
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const next = here.edges.next();
      const there = next.done === true ? undefined : visits.get(next.value.to);
      if (next.done === true) leave(here);
      else if (there === undefined) enter(next.value.to);
      else if (typeof there.state !== 'number') {
        here.low = Math.min(here.low, there.order);
        if (there.state === 'open') closing.add(next.value);
      }
    }
  }
  return edges
    .filter(({ from, to }) => visits.get(from)?.state === visits.get(to)?.state)
    .map((edge) => ({ edge, closes: closing.has(edge) }));
}
