/** The folder with JSONata's own test suite, to run against: `cases.jsonl` and `datasets.json`. Undefined without one. */
export function suiteFolder(): string | undefined {
  const folder = process.env['CROSSDOCK_JSONATA_SUITE'];
  return folder === undefined || folder === '' ? undefined : folder;
}
