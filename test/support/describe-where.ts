import { processEnvironment } from '#gatehouse/platform';

/**
 * A `describe` for tests that need a program that a machine may lack. `missing` says why it cannot run here; its
 * tests are then skipped under a title that says so, or run and fail with REQUIRE_SERVICES=1. Undefined if it can
 * run.
 */
export const describeWhere =
  (missing: string | undefined) =>
  (title: string, tests: () => void): void => {
    if (missing === undefined || processEnvironment()['REQUIRE_SERVICES'] === '1') describe(title, tests);
    else describe.skip(`${title} [${missing}]`, tests);
  };
