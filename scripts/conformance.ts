import { parseArgs } from 'node:util';
import { runSuite, type CaseReport, type SuiteReport } from './conformance/suite.ts';

const USAGE = `Usage: npm run conformance -- DIR [--json]
  DIR     a folder with cases of JSONata's test suite: cases.jsonl, a case a line, and datasets.json
  --json  the report as JSON

Runs every case by the compiled engine and by JSONata's interpreter. Ends with 1 when a case differs, or when more
than 3 % of them are left to the interpreter.`;

const MOST_FALLBACK = 0.03;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [folder, ...more] = positionals;
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (folder === undefined || more.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const report = await runSuite(folder);
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report));
  const share = report.cases === 0 ? 0 : report.fallbacks.length / report.cases;
  return report.different.length > 0 || share > MOST_FALLBACK ? 1 : 0;
}

function inWords({ cases, byEngine, byFallback, different, fallbacks }: SuiteReport): string {
  const share = (count: number): string => (cases === 0 ? '' : ` (${((100 * count) / cases).toFixed(1)} %)`);
  const line = ({ name, expression }: CaseReport, what: string | undefined): string =>
    `  ${name}: ${shortened(expression)}\n    ${shortened(what ?? '')}\n`;
  return [
    ...fallbacks.map((report) => line(report, `left to the interpreter: ${report.reason}`)),
    ...different.map((report) => line(report, `different: ${report.difference}`)),
    `${cases} cases\n`,
    `equal by the engine    ${byEngine}${share(byEngine)}\n`,
    `equal by fallback      ${byFallback}${share(byFallback)}\n`,
    `different              ${different.length}\n`,
  ].join('');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
