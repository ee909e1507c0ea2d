import { isAlias, isCollection, isPair, isScalar, visit } from 'yaml';
import type { Document, Node, Scalar } from 'yaml';

const PLAIN_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** What is wrong with a part of a YAML file, and the first character of that part, from 0. */
export interface YamlFault {
  readonly offset: number;
  readonly message: string;
}

/** What parses as YAML, but would not mean what its author thinks. `isExact`: numbers must keep all their digits. */
export function yamlFaults(document: Document, isExact = false): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  const say = (node: unknown, message: string): void => {
    faults.push({ offset: (node as Node | null)?.range?.[0] ?? 0, message });
  };
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    say(undefined, 'only YAML 1.2 is understood');
  }
  const anchors = new Set<string>();
  visit(document, (_key, node) => {
    if (isPair(node)) {
      const message = keyFault(node.key);
      if (message !== undefined) say(node.key, message);
      return;
    }
    if (isAlias(node)) {
      if (!anchors.has(node.source)) say(node, `there is no anchor "&${node.source}" before this alias`);
    } else if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (node.tag !== undefined && !PLAIN_TAGS.has(node.tag)) say(node, `unknown tag "${node.tag}"`);
      if (isExact && isScalar(node) && losesDigits(node))
        say(node, `${node.source} has more digits than a number can keep: quote it where it is a text`);
    }
  });
  return faults;
}

function losesDigits({ value, source }: Scalar): boolean {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return false;
  const digits = /^[-+]?([0-9]+)$/.exec(source ?? '')?.[1];
  return digits !== undefined && (!Number.isFinite(value) || BigInt(digits) !== BigInt(Math.abs(value)));
}

function keyFault(key: unknown): string | undefined {
  // A number is a fine name, but only as it is written.
  if (!isScalar(key) || (typeof key.value !== 'string' && typeof key.value !== 'number'))
    return 'a key must be text';
  if (key.value === '__proto__') return 'the key "__proto__" can not be used';
  // YAML 1.2 has no merging: it would be a member of that name.
  if (key.value === '<<' && key.type === 'PLAIN')
    return 'the merge key "<<" is not understood: write its members out, or quote it where it is a name';
  return undefined;
}
