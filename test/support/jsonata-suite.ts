/** The folder with JSONata's own test suite, to run against: `cases.jsonl` and `datasets.json`. Undefined without one. */
export function suiteFolder(): string | undefined {
  const folder = process.env['CROSSDOCK_JSONATA_SUITE'];
  return folder === undefined || folder === '' ? undefined : folder;
}

/** How many made-up cases a property test of the engine tries. More than `few` are worth their time after a change. */
export function propertyRuns(few: number): number {
  return Number(process.env['CROSSDOCK_PROPERTY_RUNS'] ?? few);
}
