import { configureProperties } from './properties.ts';

/**
 * Root hooks of every test run. Generated cases are set up here. Mocha itself fails a test that leaves a rejection
 * unhandled; this also fails the run for what Node only warns about: listeners that pile up are a leak.
 */
export const mochaHooks = {
  beforeAll(): void {
    configureProperties();
    process.on('warning', failOnLeak);
  },
  afterAll(): void {
    process.off('warning', failOnLeak);
  },
};

function failOnLeak(warning: Error): void {
  if (warning.name === 'MaxListenersExceededWarning') throw warning;
}
