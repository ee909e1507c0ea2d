import { expressionsOf } from '../../core/language/index.ts';
import type { Project } from '../../core/language/index.ts';
import type { JsonSchema } from '../../core/model/json-schema.ts';
import type { Mapping } from '../../core/model/mapping.ts';
import type { TestFile } from '../local/test-file.ts';

/**
 * The test files that a change of these files (paths within the project) may turn out differently: a test file itself
 * and the inputs that it reads, its mapping, the expressions and schemas of that mapping. All of them for what any
 * mapping may depend on: the configuration, and what is not known.
 */
export function concerned(
  changed: readonly string[],
  project: Project,
  tests: readonly TestFile[],
): readonly TestFile[] {
  return tests.filter((test) => {
    const mapping = project.mappings.find(({ name }) => name === test.mapping);
    return changed.some(
      (file) =>
        file === test.file ||
        test.cases.some(({ inputFile }) => inputFile === file) ||
        (mapping !== undefined && concernsMapping(file, mapping, project)),
    );
  });
}

function concernsMapping(file: string, mapping: Mapping, project: Project): boolean {
  if (/\.test\.ya?ml$/.test(file)) return false;
  if (file.startsWith('schemas/')) {
    const name = file.replace(/^schemas\//, '').replace(/\.(?:json|ya?ml)$/, '');
    return schemasOf(mapping, project.schemas).has(name);
  }
  if (file.startsWith('mappings/')) return filesOf(mapping).has(file);
  return file.startsWith('config/') || project.sources.has(file);
}

/** The mapping's own file and those that its expressions stand in. */
function filesOf(mapping: Mapping): ReadonlySet<string> {
  const files = expressionsOf(mapping).map(({ text }) => text.at.file);
  return new Set([mapping.at.file, ...files]);
}

/** The schemas that a mapping's messages and topics are held against, and all that those refer to. */
function schemasOf(
  { message, steps, targets }: Mapping,
  schemas: ReadonlyMap<string, JsonSchema>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string | undefined): void => {
    if (name === undefined || found.has(name)) return;
    found.add(name);
    const text = JSON.stringify(schemas.get(name) ?? {});
    // By the last part of the name: a reference may be relative, or an $id.
    for (const other of schemas.keys()) if (text.includes(other.split('/').at(-1) as string)) visit(other);
  };
  visit(message.schema);
  for (const step of steps) if (step.kind === 'validate') visit(step.schema);
  for (const { to } of targets) if (to.kind === 'topic') visit(to.topic);
  return found;
}
