import type { ExpressionText, Mapping, SourceRef, Step, Target } from '../model/mapping.ts';
import type { RetryPolicy } from '../model/retry.ts';
import { MAPPING_FORM } from './file-schemas.ts';
import { readMap, type MapFile, type MapForm } from './read-map.ts';
import type { Path } from './problem.ts';
import { retryPolicy, type RetryForm } from './read-hub.ts';
import type { SchemaRegistry } from './schema.ts';
import type { YamlFile } from './yaml-file.ts';

interface StepForm {
  readonly filter?: string;
  readonly validate?: string;
  readonly map?: MapForm;
  readonly enrich?: {
    readonly as: string;
    readonly connection: string;
    readonly action: string;
    readonly with?: MapForm;
  };
  readonly split?: string;
}

interface TargetForm {
  readonly target: string;
  readonly connection?: string;
  readonly action?: string;
  readonly topic?: string;
  readonly when?: string;
  readonly map?: MapForm;
  readonly retry?: RetryForm;
}

interface MappingForm {
  readonly description?: string;
  readonly from: {
    readonly connection?: string;
    readonly source?: string;
    readonly with?: unknown;
    readonly schedule?: string | { readonly cron: string; readonly timezone?: string };
    readonly topic?: string;
  };
  readonly message?: {
    readonly schema?: string;
    readonly id?: string;
    readonly keys?: Readonly<Record<string, string>>;
  };
  readonly steps?: readonly StepForm[] | null;
  readonly to: readonly TargetForm[];
  readonly retry?: RetryForm;
}

export interface MappingEnv {
  readonly forms: SchemaRegistry;
  /** What holds for retries where the mapping says nothing. */
  readonly retry: RetryPolicy;
  /** The text of a file beside the mapping. */
  readonly readText: (file: string) => Promise<string | undefined>;
}

/** A mapping as its file says it, and where each expression of it stands in the file. */
export interface ReadMapping {
  readonly mapping: Mapping;
  readonly file: YamlFile;
}

const SEGMENT = /^[a-z0-9][a-z0-9_-]*$/;

/** Whether a file below `mappings/` holds a mapping; others are tests of one, or belong to one. */
export function isMappingFile(file: string): boolean {
  return /\.ya?ml$/.test(file) && !/\.test\.ya?ml$/.test(file);
}

/** `mappings/sales/orders.yaml` → `sales/orders`. */
export function mappingName(file: string): string {
  return file.replace(/^mappings\//, '').replace(/\.ya?ml$/, '');
}

/** Checks the form of a mapping file. Undefined when the form is too broken to go on. */
export async function readMapping(file: YamlFile, env: MappingEnv): Promise<ReadMapping | undefined> {
  const name = mappingName(file.name);
  const segments = name.split('/');
  if (segments.length < 2)
    file.tell([], 'a mapping stands in the folder of its domain: mappings/<domain>/<name>.yaml', {
      code: 'file',
    });
  else if (!segments.every((segment) => SEGMENT.test(segment))) {
    file.tell(
      [],
      `"${name}" can not be a name: use lower-case letters, digits, - and _ in file and folder names`,
      { code: 'file' },
    );
  }
  const faults = env.forms.compile(MAPPING_FORM)(file.value ?? {});
  file.tellFaults([], file.value ?? {}, faults);
  if (faults.length > 0) return undefined;
  const form = file.value as MappingForm;
  const text = (path: Path): ExpressionText => file.expression(path);
  const retry = retryPolicy(form.retry, env.retry);
  const maps: MapFile = { yaml: file, readText: env.readText };
  const from = readSource(form, file);
  const steps = await Promise.all((form.steps ?? []).map((step, i) => readStep(step, ['steps', i], maps)));
  const targets = await Promise.all(form.to.map((target, i) => readTarget(target, ['to', i], maps, retry)));
  refuseDuplicates(form.to, file);
  const { schema, id, keys } = form.message ?? {};
  const mapping: Mapping = {
    name,
    domain: segments[0] as string,
    ...(form.description === undefined ? {} : { description: form.description }),
    from,
    message: {
      ...(schema === undefined ? {} : { schema }),
      ...(id === undefined ? {} : { id: text(['message', 'id']) }),
      keys: Object.fromEntries(Object.keys(keys ?? {}).map((key) => [key, text(['message', 'keys', key])])),
    },
    steps,
    targets,
    at: file.position([]),
  };
  return { mapping, file };
}

function readSource({ from }: MappingForm, file: YamlFile): SourceRef {
  const at = file.position(['from']);
  if (from.topic !== undefined) {
    for (const key of ['connection', 'source', 'with', 'schedule'] as const) {
      if (from[key] !== undefined)
        file.tell(['from', key], `"${key}" does not go together with "topic"`, { part: 'key' });
    }
    return { kind: 'topic', topic: from.topic, at };
  }
  if (from.connection === undefined)
    file.tell(['from'], 'either "connection" and "source" or "topic" is needed');
  else if (from.source === undefined) file.tell(['from'], '"source" is missing');
  const { schedule } = from;
  return {
    kind: 'connection',
    connection: from.connection ?? '',
    source: from.source ?? '',
    options: from.with ?? {},
    ...(schedule === undefined
      ? {}
      : {
          schedule:
            typeof schedule === 'string'
              ? { cron: schedule, timezone: 'UTC' }
              : { cron: schedule.cron, timezone: schedule.timezone ?? 'UTC' },
        }),
    at,
  };
}

async function readStep(step: StepForm, path: Path, maps: MapFile): Promise<Step> {
  const file = maps.yaml;
  const at = file.position(path);
  if (step.filter !== undefined) return { kind: 'filter', when: file.expression([...path, 'filter']), at };
  if (step.validate !== undefined) return { kind: 'validate', schema: step.validate, at };
  if (step.split !== undefined) return { kind: 'split', items: file.expression([...path, 'split']), at };
  if (step.enrich !== undefined) {
    const { as, connection, action } = step.enrich;
    const input = step.enrich.with;
    return {
      kind: 'enrich',
      as,
      connection,
      action,
      ...(input === undefined ? {} : { input: await readMap(input, [...path, 'enrich', 'with'], maps) }),
      at,
    };
  }
  return {
    kind: 'map',
    map: await readMap(step.map ?? null, [...path, 'map'], maps),
    at,
  };
}

async function readTarget(
  target: TargetForm,
  path: Path,
  maps: MapFile,
  retry: RetryPolicy,
): Promise<Target> {
  const file = maps.yaml;
  const { connection, action, topic } = target;
  if (topic !== undefined) {
    for (const key of ['connection', 'action'] as const) {
      if (target[key] !== undefined)
        file.tell([...path, key], `"${key}" does not go together with "topic"`, { part: 'key' });
    }
  } else if (connection === undefined)
    file.tell(path, 'either "connection" and "action" or "topic" is needed');
  else if (action === undefined) file.tell(path, '"action" is missing');
  return {
    name: target.target,
    to:
      topic === undefined
        ? { kind: 'action', connection: connection ?? '', action: action ?? '' }
        : { kind: 'topic', topic },
    ...(target.when === undefined ? {} : { when: file.expression([...path, 'when']) }),
    ...(target.map === undefined ? {} : { map: await readMap(target.map, [...path, 'map'], maps) }),
    retry: retryPolicy(target.retry, retry),
    at: file.position(path),
  };
}

function refuseDuplicates(targets: readonly TargetForm[], file: YamlFile): void {
  const seen = new Set<string>();
  for (const [i, { target }] of targets.entries()) {
    if (seen.has(target))
      file.tell(['to', i, 'target'], `there is another target "${target}" in this mapping`, {
        code: 'duplicate',
      });
    seen.add(target);
  }
}
