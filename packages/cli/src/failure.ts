/**
 * Failures that have an exit code of their own.
 *
 * @module
 */

/** An error with the code that the process ends with. */
export interface ExitError extends Error {
  readonly exitCode: number
}

/** The command line asks for what there is not. */
export function UsageError(message: string): ExitError {
  return Object.assign(new Error(`${message}\nSee pillion --help.`), { exitCode: 2 })
}

/** The database does not answer, or does not let us in. */
export function ConnectionError(message: string): ExitError {
  return Object.assign(new Error(message), { exitCode: 3 })
}

/** What to tell a person. */
export function explain(error: unknown): string {
  return messageOf(error) ?? String(error)
}

function messageOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : undefined
}

/** 4 for what is no one's fault in particular. */
export function exitCodeOf(error: unknown): number {
  return (error as Partial<ExitError> | undefined)?.exitCode ?? 4
}
