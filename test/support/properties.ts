import fc from 'fast-check';

const asked = process.env['CROSSDOCK_PROPERTY_RUNS'];

/** How many made-up cases a property is tried with: `few`, or as many as CROSSDOCK_PROPERTY_RUNS says. */
export function propertyRuns(few: number): number {
  return Number(asked ?? few);
}

/** The same cases in each run, so that a change is judged by what it changed; fresh ones where more are asked for. */
export function configureProperties(): void {
  if (asked === undefined) fc.configureGlobal({ seed: 1 });
  else fc.configureGlobal({ numRuns: propertyRuns(100) });
}
