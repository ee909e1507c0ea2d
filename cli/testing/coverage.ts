import { coverPoints } from '../../core/language/index.ts';
import type { ExpressionText, Mapping } from '../../core/model/mapping.ts';
import type { CaseOnlooker, CaseRun } from './run-case.ts';
import { mapLeaves } from './map-leaves.ts';
import type { MapLeaf, MapLeaves } from './map-leaves.ts';

/** What the cases reached of one file: of a mapping, or of an expression's own. */
export interface FileCoverage {
  readonly file: string;
  /** Lines that hold something that can be reached, in order, and how often it was. */
  readonly lines: readonly { readonly line: number; readonly hits: number }[];
  readonly branches: readonly BranchCoverage[];
}

/** One of the ways that a filter, a `when` or a choice can take. */
export interface BranchCoverage {
  readonly line: number;
  readonly column: number;
  /** `filter true`, `when false`, `? then`, `? else`. */
  readonly name: string;
  readonly taken: number;
}

/** How often something that stands in one or several lines was reached. */
interface Unit {
  readonly file: string;
  readonly hits: ReadonlyMap<number, number>;
}

/** Collects what runs of one mapping reach. */
export class MappingCoverage {
  readonly #mapping: Mapping;
  readonly #leaves: MapLeaves;
  /** Evaluations of each part of each expression. */
  readonly #evaluated = new Map<ExpressionText, Map<number, number>>();
  readonly #stepsReached: number[];
  readonly #stepsPassed: number[];
  readonly #stepsFiltered: number[];
  readonly #stepsAsked: number[];
  readonly #came: number[];
  readonly #sent: number[];
  readonly #held: number[];
  #arrived = 0;

  constructor(mapping: Mapping, source: string) {
    this.#mapping = mapping;
    this.#leaves = mapLeaves(mapping, source);
    const none = (count: number): number[] => new Array<number>(count).fill(0);
    this.#stepsReached = none(mapping.steps.length);
    this.#stepsPassed = none(mapping.steps.length);
    this.#stepsFiltered = none(mapping.steps.length);
    this.#stepsAsked = none(mapping.steps.length);
    this.#came = none(mapping.targets.length);
    this.#sent = none(mapping.targets.length);
    this.#held = none(mapping.targets.length);
  }

  /** For `ProgramEnv.onEvaluate`. */
  readonly onEvaluate = (text: ExpressionText, offset: number): void => {
    let counts = this.#evaluated.get(text);
    if (counts === undefined) {
      counts = new Map<number, number>();
      this.#evaluated.set(text, counts);
    }
    counts.set(offset, (counts.get(offset) ?? 0) + 1);
  };

  /** For `runCase`. */
  readonly onlooker: CaseOnlooker = (name, _part, from) => {
    const { steps, targets } = this.#mapping;
    const target = targets.findIndex((one) => one.name === name);
    let at = from;
    return {
      step: () => {
        add(this.#stepsReached, at);
        add(this.#stepsPassed, at);
        at += 1;
      },
      asks: () => add(this.#stepsAsked, at),
      end: (result) => {
        if (at < steps.length) {
          const invalid = result.kind === 'failed' && result.error.code === 'MESSAGE_INVALID' && at === 0;
          if (invalid && steps[0]?.kind !== 'validate') return;
          add(this.#stepsReached, at);
          if (result.kind === 'filtered') add(this.#stepsFiltered, at);
          if (result.kind === 'split') add(this.#stepsPassed, at);
          return;
        }
        add(this.#came, target);
        if (result.kind === 'filtered') add(this.#held, target);
        else if (result.kind !== 'failed' || result.error.code === 'OUTPUT_INVALID') add(this.#sent, target);
      },
    };
  };

  /** After each case. */
  arrived({ arrival }: CaseRun): void {
    if (arrival.refused === undefined) this.#arrived += 1;
  }

  /** Everything that can be reached, and how often it was. */
  units(): {
    readonly units: readonly Unit[];
    readonly branches: readonly (BranchCoverage & { readonly file: string })[];
  } {
    const units: Unit[] = [];
    const branches: (BranchCoverage & { file: string })[] = [];
    const { message, steps, targets, at: own } = this.#mapping;
    const line = (number: number, hits: number): void => {
      units.push({ file: own.file, hits: new Map([[number, hits]]) });
    };
    const expression = (text: ExpressionText, reached: number): void => {
      const { spots, choices } = coverPoints(text);
      const counts = this.#evaluated.get(text);
      // What is evaluated and tells nothing of it (ids and keys, which intake evaluates) counts as a whole.
      const isWhole = counts === undefined && reached > 0;
      const hits = new Map<number, number>(spots.length === 0 ? [[text.at.line, reached]] : []);
      for (const { offset, at } of spots)
        hits.set(at.line, Math.max(hits.get(at.line) ?? 0, isWhole ? reached : (counts?.get(offset) ?? 0)));
      units.push({ file: text.at.file, hits });
      if (isWhole) return;
      for (const choice of choices) {
        const place = { file: choice.at.file, line: choice.at.line, column: choice.at.column };
        const [then, otherwise] = taken(choice, counts ?? new Map<number, number>());
        branches.push(
          { ...place, name: '? then', taken: then },
          { ...place, name: '? else', taken: otherwise },
        );
      }
    };
    const leaves = (all: readonly MapLeaf[], reached: number): void => {
      for (const leaf of all)
        if (leaf.kind === 'const') line(leaf.line, reached);
        else expression(leaf.text, reached);
    };
    const twoWays = (text: ExpressionText, name: string, yes: number, no: number): void => {
      const place = { file: text.at.file, line: text.at.line, column: text.at.column };
      branches.push(
        { ...place, name: `${name} true`, taken: yes },
        { ...place, name: `${name} false`, taken: no },
      );
    };

    if (message.id !== undefined) expression(message.id, this.#arrived);
    for (const text of Object.values(message.keys)) expression(text, this.#arrived);
    steps.forEach((step, index) => {
      const [reached, passed, filtered, asked] = [
        this.#stepsReached,
        this.#stepsPassed,
        this.#stepsFiltered,
        this.#stepsAsked,
      ].map((counts) => counts[index] ?? 0) as [number, number, number, number];
      line(step.at.line, reached);
      if (step.kind === 'filter') {
        expression(step.when, reached);
        twoWays(step.when, 'filter', passed, filtered);
      } else if (step.kind === 'split') expression(step.items, passed);
      else leaves(this.#leaves.step(index), step.kind === 'enrich' ? asked : passed);
    });
    targets.forEach(({ at, when }, index) => {
      const [came, sent, held] = [this.#came, this.#sent, this.#held].map((counts) => counts[index] ?? 0) as [
        number,
        number,
        number,
      ];
      line(at.line, came);
      if (when !== undefined) {
        expression(when, came);
        twoWays(when, 'when', sent, held);
      }
      leaves(this.#leaves.target(index), sent);
    });
    return { units, branches };
  }
}

/**
 * The coverage of all files, by path. A line is reached as often as the part of it that is reached least; what several
 * mappings use is reached as often as by all of them.
 */
export function coverageOf(mappings: Iterable<MappingCoverage>): readonly FileCoverage[] {
  const files = new Map<string, { lines: Map<number, number>; branches: Map<string, BranchCoverage> }>();
  const fileOf = (file: string): { lines: Map<number, number>; branches: Map<string, BranchCoverage> } => {
    const known = files.get(file) ?? {
      lines: new Map<number, number>(),
      branches: new Map<string, BranchCoverage>(),
    };
    files.set(file, known);
    return known;
  };
  for (const mapping of mappings) {
    const { units, branches } = mapping.units();
    for (const [file, own] of leastOf(units)) {
      const { lines } = fileOf(file);
      for (const [line, count] of own) lines.set(line, (lines.get(line) ?? 0) + count);
    }
    for (const { file, ...branch } of branches) {
      const known = fileOf(file).branches;
      const key = `${branch.line}:${branch.column}:${branch.name}`;
      known.set(key, { ...branch, taken: branch.taken + (known.get(key)?.taken ?? 0) });
    }
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, { lines, branches }]) => ({
      file,
      lines: [...lines].sort(([a], [b]) => a - b).map(([line, hits]) => ({ line, hits })),
      branches: [...branches.values()].sort((a, b) => a.line - b.line || a.column - b.column),
    }));
}

function leastOf(units: readonly Unit[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const files = new Map<string, Map<number, number>>();
  for (const { file, hits } of units) {
    const lines = files.get(file) ?? new Map<number, number>();
    files.set(file, lines);
    for (const [line, count] of hits) lines.set(line, Math.min(lines.get(line) ?? Infinity, count));
  }
  return files;
}

/** How often each part of a choice was evaluated; what can not be seen follows from how often the choice was. */
function taken(
  choice: ReturnType<typeof coverPoints>['choices'][number],
  counts: ReadonlyMap<number, number>,
): readonly [number, number] {
  const most = (offsets: readonly number[]): number =>
    Math.max(0, ...offsets.map((offset) => counts.get(offset) ?? 0));
  const all = counts.get(choice.offset) ?? 0;
  const then = choice.then.length > 0 ? most(choice.then) : all - most(choice.else);
  const otherwise = choice.else.length > 0 ? most(choice.else) : all - then;
  return [Math.max(0, then), Math.max(0, otherwise)];
}

function add(counts: number[], index: number): void {
  if (index in counts) counts[index] = (counts[index] ?? 0) + 1;
}
