import type { Project } from '../../core/language/index.ts';
import { routeName } from '../../core/model/mapping.ts';
import { schemaOf } from '../../core/store/index.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { readProject } from '../local/read-project.ts';
import { count, safeText } from '../output/text.ts';
import type { Session } from '../session.ts';
import { examineBroker } from './broker.ts';
import { examineDatabase } from './database.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';
import { examineDataFolder, examineHub, examineNode } from './machine.ts';

/** `crossdock doctor`: each place says what it finds as soon as it knows. Exit code 1 if something fails. */
export async function examine(session: Session): Promise<ExitCode> {
  const { out } = session;
  const { project, problems } = await readProject(session);
  const mistakes = problems.filter(({ severity }) => severity === 'error').length;
  const places: readonly (readonly [string, () => Promise<readonly Finding[]> | readonly Finding[]])[] = [
    ['node', () => examineNode()],
    ['project', () => [examineProject(session, mistakes, project?.mappings.length ?? 0)]],
    ['data folder', () => examineDataFolder(session)],
    ['hub', () => examineHub(session)],
    [
      'database',
      () => examineDatabase(session, schemaOf(project?.hub.namespace ?? 'crossdock'), routesOf(project)),
    ],
    ['broker', () => examineBroker(session)],
  ];
  const findings: Finding[] = [];
  for (const [name, look] of places) {
    out.progress(`looking at the ${name} …`);
    const found = await look();
    findings.push(...found);
    for (const finding of found) printFinding(finding, session);
  }
  const failed = findings.filter(({ status }) => status === 'fail').length;
  const warned = findings.filter(({ status }) => status === 'warn').length;
  out.data({ ok: failed === 0, findings });
  const { style } = out;
  const warnings = warned > 0 ? style.warn(` ${count(warned, 'warning')}.`) : '';
  out.print(
    failed > 0
      ? `\n${style.bad(`✗ ${count(failed, 'thing')} to mend.`)}${warnings}`
      : `\n${style.good('✓ Nothing keeps a hub from working.')}${warnings}`,
  );
  return failed > 0 ? EXIT_CODES.failed.code : EXIT_CODES.ok.code;
}

/** Undefined where the project can't be read: then nobody knows which routes there should be. */
function routesOf(project: Project | undefined): readonly string[] | undefined {
  return project?.mappings.flatMap((mapping) =>
    mapping.targets.map((target) => routeName(mapping.name, target.name)),
  );
}

function examineProject({ root }: Session, mistakes: number, mappings: number): Finding {
  const finding = findingsOf('project');
  return mistakes === 0
    ? finding.ok(`${root}: ${count(mappings, 'mapping')}, no mistakes`)
    : finding.fail(`${root}: ${count(mistakes, 'mistake')}`, 'crossdock check lists them with file and line');
}

const SIGNS = { ok: '✓', info: '·', warn: '!', fail: '✗' } as const;

function printFinding({ name, status, detail, fix }: Finding, { out }: Session): void {
  const { style } = out;
  const tone = { ok: style.good, info: style.dim, warn: style.warn, fail: style.bad }[status];
  out.print(`${tone(SIGNS[status])} ${name.padEnd(12)} ${safeText(detail)}`);
  if (fix !== undefined) out.print(`${' '.repeat(15)}${style.dim(`→ ${fix}`)}`);
}
