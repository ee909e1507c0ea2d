import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Project } from '../../core/language/index.ts';
import { keyTexts } from '../../core/model/business-keys.ts';
import { CrossdockError } from '../../core/model/errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { compileLocally } from '../local/compile-routes.ts';
import type { LocalMapping } from '../local/compile-routes.ts';
import type { Given } from '../local/given.ts';
import { enrichSteps } from '../local/given.ts';
import { readGiven } from '../local/map-one.ts';
import { requireProject } from '../local/read-project.ts';
import { mappingOf, readTestFile } from '../local/test-file.ts';
import type { Session } from '../session.ts';
import { suggestion } from '../suggest.ts';
import { testFiles } from '../testing/select-tests.ts';
import { appendToYaml, block } from '../testing/yaml-edit.ts';
import { UsageError } from '../usage-error.ts';
import { buildCase } from './build-case.ts';
import type { BuiltCase } from './build-case.ts';
import { fetchMessage, refuseStrangeId } from './fetch-message.ts';
import type { FetchedMessage } from './fetch-message.ts';
import { printCapture } from './print-capture.ts';
import type { Capture } from './print-capture.ts';
import { replaceSensitive } from './replace-sensitive.ts';
import type { Exposed, Harmless } from './replace-sensitive.ts';
import { visibleFacts } from './visible-facts.ts';

/** The options of `crossdock test capture`. */
export interface CaptureOptions {
  readonly name?: string;
  readonly mapping?: string;
  readonly given?: string;
  readonly sensitive?: readonly string[];
  readonly failure?: string;
  readonly write?: boolean;
  readonly yes?: boolean;
}

/** `crossdock test capture`: a message of a running hub becomes a case of its mapping, without what is sensitive in it. */
export async function captureTest(
  session: Session,
  id: string | undefined,
  options: CaptureOptions,
): Promise<ExitCode> {
  const { out } = session;
  const hub = await session.hub();
  const project = await requireProject(session);
  if (project === undefined) return EXIT_CODES.failed.code;
  const message = await fetchMessage(hub, id ?? (await messageOf(session, options.failure)));
  const local = mappingFor(project, message, options.mapping);
  const { mapping } = local;
  const answers = await readGiven(session, local, options.given);

  const facts = visibleFacts(mapping, message);
  const harmless = withoutSensitive({ message, facts, answers, local, project }, options.sensitive ?? []);
  const [body, headers, ...given] = harmless.values;
  const asked = Object.keys(answers);
  const file = testFileOf(session.root, mapping.name);
  const name = await freeName(session, file, options.name ?? nameFor(message, harmless));
  const time = facts.time === undefined ? {} : { time: facts.time };
  const built = await buildCase(
    local,
    {
      name,
      body,
      headers: headers as Readonly<Record<string, string>>,
      given: Object.fromEntries(asked.map((name, at) => [name, given[at]])),
      ...time,
    },
    project,
  );
  const capture: Capture = {
    message,
    mapping: mapping.name,
    file,
    built,
    harmless,
    differs: differences(message, mapping.name, built),
    olderRevision: message.revision !== project.revision,
    schema: mapping.message.schema,
  };
  const comment = `Captured from message ${message.id}${harmless.replaced.length > 0 ? `; ${harmless.replaced.length} values are replaced` : ''}.`;
  const text = `# ${comment}\n${block([built.case])}`;
  printCapture(capture, text, options.write ?? false, out);
  if (options.write) {
    if (harmless.unfit.length > 0 && isInvalid(built)) {
      const asItCame = { name, body: message.body, headers: facts.headers, given: answers, ...time };
      if (!isInvalid(await buildCase(local, asItCame, project)))
        throw new UsageError(
          `Nothing is written: no stand-in fits the schema at ${harmless.unfit.join(', ')}, and only therefore the case would expect MESSAGE_INVALID. Write it by hand.`,
        );
    }
    const risky = harmless.suspicions.length + harmless.survivors(built.case).length;
    if (
      risky > 0 &&
      !(await out.confirm('Write it although it may hold personal data?', options.yes ?? false))
    )
      return EXIT_CODES.failed.code;
    await write(session, file, built, comment);
    out.note(`${out.style.good('✓')} Written to ${file}. Try it: crossdock test ${mapping.name}`);
  }
  out.data({
    mapping: mapping.name,
    file,
    case: built.case,
    replaced: harmless.replaced,
    suspicions: harmless.suspicions,
    survivors: harmless.survivors(built.case),
    unfit: harmless.unfit,
    differs: capture.differs,
    written: options.write ?? false,
  });
  return EXIT_CODES.ok.code;
}

function isInvalid({ case: { fails = [] } }: BuiltCase): boolean {
  return [fails].flat().some((one) => 'code' in one && one.code === 'MESSAGE_INVALID');
}

async function messageOf(session: Session, failure: string | undefined): Promise<string> {
  if (failure === undefined) throw new UsageError('Name a message, or a failure with --failure.');
  refuseStrangeId(failure, 'failure');
  const { call, endpoints } = await session.hub();
  return (await call(endpoints.getFailure, { params: { id: failure } })).messageId;
}

/** The mapping on whose routes the message is delivered; of a topic that feeds several, the one that is named. */
function mappingFor(project: Project, message: FetchedMessage, named: string | undefined): LocalMapping {
  const names = [...new Set(message.routes.map((route) => route.split('/').slice(0, -1).join('/')))];
  if (named !== undefined && !names.includes(named))
    throw new UsageError(`The message does not go through "${named}".${suggestion(named, names)}`);
  if (named === undefined && names.length > 1)
    throw new UsageError(`The message goes through ${names.join(' and ')}: name one with --mapping.`);
  const name = named ?? names[0];
  if (name === undefined) throw new CrossdockError('CONFLICT', 'The message goes through no mapping.');
  const local = compileLocally(project, name);
  if (local === undefined)
    throw new CrossdockError(
      'NOT_FOUND',
      `This project has no mapping "${name}": is it the one that the hub runs?`,
    );
  return local;
}

function withoutSensitive(
  from: {
    readonly message: FetchedMessage;
    readonly facts: ReturnType<typeof visibleFacts>;
    readonly answers: Given;
    readonly local: LocalMapping;
    readonly project: Project;
  },
  alsoSensitive: readonly string[],
): Harmless {
  const { message, facts, answers, local, project } = from;
  const { schema } = local.mapping.message;
  const exposed: readonly Exposed[] = [
    { name: 'input', value: message.body, ...(schema === undefined ? {} : { schema }) },
    { name: 'headers', value: facts.headers },
    ...Object.entries(answers).map(([as, value]) => {
      const step = enrichSteps(local.mapping).find((one) => one.as === as);
      const output = step && project.connections.get(step.connection)?.offer.actions[step.action]?.output;
      return { name: `given.${as}`, value, ...(output === undefined ? {} : { schema: output }) };
    }),
  ];
  return replaceSensitive(exposed, { schemas: project.schemas, alsoSensitive });
}

/** The file that the case belongs to: the one that is there, or a new one. */
function testFileOf(root: string, mapping: string): string {
  return testFiles(root).find((file) => mappingOf(file) === mapping) ?? `mappings/${mapping}.test.yaml`;
}

/** Of the business keys, if they tell nothing of a person. */
function nameFor({ type, keys }: FetchedMessage, harmless: Harmless): string {
  const text = keyTexts(keys).join(' ');
  return `captured ${type}${text === '' || harmless.survivors(text).length > 0 ? '' : `: ${text}`}`;
}

/** What is not taken yet in the file. */
async function freeName(session: Session, file: string, name: string): Promise<string> {
  const there = testFiles(session.root).includes(file) ? (await readTestFile(session.root, file)).cases : [];
  const taken = new Set(there.map((one) => one.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name} (${number})`;
  return free;
}

/** Where the hub came to another end than these files do. */
function differences(message: FetchedMessage, mapping: string, { verdicts }: BuiltCase): readonly string[] {
  return [...verdicts].flatMap(([target, verdict]) => {
    const there = message.deliveries.find(({ route }) => route === `${mapping}/${target}`)?.state;
    const settled = there !== undefined && ['delivered', 'filtered', 'split', 'dead'].includes(there);
    return settled && there !== verdict ? [`${target}: ${there} by the hub, ${verdict} by these files`] : [];
  });
}

async function write(session: Session, file: string, built: BuiltCase, comment: string): Promise<void> {
  const path = join(session.root, file);
  if (!testFiles(session.root).includes(file)) {
    await mkdir(dirname(path), { recursive: true });
    const body = [`# ${comment}`, ...block([built.case]).split('\n')];
    await writeFile(path, `cases:\n${body.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`);
    return;
  }
  const { problems } = await readTestFile(session.root, file);
  const [problem] = problems;
  if (problem !== undefined)
    throw new CrossdockError(
      'CONFIG_INVALID',
      `${file}:${problem.line}:${problem.column}: ${problem.message}.`,
    );
  await writeFile(path, appendToYaml(await readFile(path, 'utf8'), 'cases', built.case, comment));
}
