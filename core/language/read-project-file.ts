import type { ProblemList } from './problem.ts';
import type { ProjectFolder } from './project-folder.ts';
import { readYaml } from './yaml-file.ts';
import type { YamlFile } from './yaml-file.ts';

/**
 * A YAML file of a project; undefined when there is none, or when it can not be read. `isListed`: its folder shows it, so
 * that it is a mistake when there is none. Default false.
 */
export async function readProjectFile(
  file: string,
  folder: ProjectFolder,
  problems: ProblemList,
  isListed = false,
): Promise<YamlFile | undefined> {
  let text: string | undefined;
  try {
    text = await folder.readText(file);
    if (text === undefined && isListed)
      problems.add({ file, line: 1, column: 1, path: '', message: 'the link leads to no file' });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : 'unknown';
    problems.add({ file, line: 1, column: 1, path: '', message: `the file can not be read: ${reason}` });
  }
  return text === undefined ? undefined : readYaml(file, text, problems);
}
