/**
 * Failures that have an exit code of their own.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'

/** An error with the code that the process ends with. */
export interface ExitError extends Error {
  readonly exitCode: number
}

/** The command line asks for what there is not. */
export function UsageError(message: string): ExitError {
  return Object.assign(new Error(message), { exitCode: 2 })
}

/** The database does not answer, or does not let us in. */
export function ConnectionError(message: string): ExitError {
  return Object.assign(new Error(message), { exitCode: 3 })
}

/** What to tell a person. */
export function explain(error: unknown): string {
  return messageOf(error) ?? String(error)
}

/** The same, with what a database tells beside its message: which row it is about, and what can be done. */
export function explainWhole(error: unknown): string {
  const message = explain(error)
  const { detail, hint } = (error ?? {}) as { readonly detail?: unknown; readonly hint?: unknown }
  const told = (word: string, value: unknown): string =>
    typeof value === 'string' && !message.includes(value) ? `\n  ${word}: ${value}` : ''
  return `${message}${told('detail', detail)}${told('hint', hint)}`
}

/** The message, without the place in the source where that is the command's own: nobody has written a query there. */
function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined
  const lines = String(error.message).split('\n')
  return lines.filter(line => !(line.startsWith('  query: ') && line.includes(own))).join('\n')
}

const own = fileURLToPath(new URL('.', import.meta.url))

/** What is to be put right where the command is called, and where a host has no connection. */
const exitCodes: ReadonlyMap<unknown, number> = new Map([
  ['OVERRIDE_INVALID', 2],
  ['CONNECTION_UNAVAILABLE', 3],
])

/** 4 for what is no one's fault in particular. */
export function exitCodeOf(error: unknown): number {
  const { exitCode, code } = (error ?? {}) as Partial<ExitError> & { readonly code?: unknown }
  return exitCode ?? exitCodes.get(code) ?? 4
}
