/**
 * Milliseconds until the server ends a statement that takes some two: so that one which hangs is told with what was asked, and
 * not as the next test's waiting for its tables.
 */
export const patienceWithOne = 30_000
