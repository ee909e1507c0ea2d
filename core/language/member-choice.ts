import type { JsonSchema } from '../model/json-schema.ts';
import { isSchema } from './local-ref.ts';
import type { RawFault } from './raw-fault.ts';

/** What a branch may say beside the members that it asks for. */
const BESIDE_REQUIRED: ReadonlySet<string> = new Set([
  'required',
  'type',
  'title',
  'description',
  '$comment',
]);

/** The faults of choices between members that a value has to have, and of their branches. */
export interface MemberChoices {
  /** What to say of a choice; undefined for every other fault. */
  readonly messages: ReadonlyMap<RawFault, string>;
  /** Whether a fault is of a branch of such a choice: the choice says it better. */
  isBranch(error: RawFault): boolean;
}

/**
 * Finds `anyOf` and `oneOf` whose branches only name members (`anyOf: [{ required: [a] }, { required: [b] }]`). Branch by
 * branch, each member would be told as missing, though one of them is enough.
 */
export function memberChoices(errors: readonly RawFault[]): MemberChoices {
  const missing = new Map<JsonSchema, Set<string>>();
  for (const { keyword, parentSchema, instancePath } of errors) {
    if (keyword !== 'required' || parentSchema === undefined) continue;
    const paths = missing.get(parentSchema);
    if (paths === undefined) missing.set(parentSchema, new Set([instancePath]));
    else paths.add(instancePath);
  }
  const messages = new Map<RawFault, string>();
  const told = new Map<string, Set<JsonSchema>>();
  for (const error of errors) {
    const branches = branchesOf(error);
    // What is no object has no members, and every branch lets it pass.
    if (branches === undefined || !isSchema(error.data)) continue;
    const passing = passingOf(error);
    const isMissing = (branch: JsonSchema): boolean => missing.get(branch)?.has(error.instancePath) ?? false;
    if (passing === undefined && !branches.every(isMissing)) continue;
    messages.set(error, choiceMessage(branches, passing));
    told.set(error.instancePath, new Set([...(told.get(error.instancePath) ?? []), ...branches]));
  }
  return {
    messages,
    isBranch: ({ instancePath, parentSchema }) =>
      parentSchema !== undefined && (told.get(instancePath)?.has(parentSchema) ?? false),
  };
}

function branchesOf({ keyword, parentSchema }: RawFault): readonly JsonSchema[] | undefined {
  if (keyword !== 'anyOf' && keyword !== 'oneOf') return undefined;
  const branches: unknown = parentSchema?.[keyword];
  return Array.isArray(branches) && branches.length > 1 && branches.every(isMemberBranch)
    ? branches
    : undefined;
}

function isMemberBranch(branch: unknown): branch is JsonSchema {
  return (
    isSchema(branch) &&
    Array.isArray(branch['required']) &&
    branch['required'].length > 0 &&
    Object.keys(branch).every((name) => BESIDE_REQUIRED.has(name))
  );
}

/** The branches of a `oneOf` that a value fits, by their place, where these are too many. */
function passingOf({ params }: RawFault): readonly unknown[] | undefined {
  const passing = (params as Readonly<Record<string, unknown>>)['passingSchemas'];
  return Array.isArray(passing) ? passing : undefined;
}

function choiceMessage(branches: readonly JsonSchema[], passing: readonly unknown[] | undefined): string {
  const asked = branches.map(({ required }) =>
    (required as readonly unknown[]).map((name) => `"${String(name)}"`).join(' with '),
  );
  if (passing === undefined) return `needs one of ${asked.join(', ')}`;
  return `must have only one of ${asked.filter((_, at) => passing.includes(at)).join(', ')}`;
}
