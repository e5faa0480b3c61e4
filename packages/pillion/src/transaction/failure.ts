/**
 * What is said when a transaction cannot go on: where it was begun, where it ended, and where it was used.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import type { Origin } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import { failureOf } from '../run/failure.js'

/** A place in the user's source, for a sentence. */
export function place(origin: Origin | undefined): string {
  return (origin && describeOrigin(origin)) ?? 'an unknown line'
}

/** The SQLSTATE, or the number of MySQL's and MariaDB's, by which the server said no; `undefined` if it did not say so. */
export function refusalOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 6) return undefined
  const told = error as { readonly [key: string]: unknown }
  for (const word of [told['code'], told['sqlState'], told['originalCode'], told['sqlstate']]) {
    if (typeof word === 'string' && isState(word)) return isGone(word) ? undefined : word
  }
  if (typeof told['code'] === 'string' && told['code'].startsWith('SQLITE_')) return told['code']
  const below = ['cause', 'parent', 'original', 'driverError', 'nativeError', 'driverAdapterError', 'meta']
  return below.map(key => refusalOf(told[key], depth + 1)).find(state => state !== undefined)
}

/** Five characters with a digit among them: `EPIPE` is none. */
function isState(word: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(word) && !/^P\d{4}$/.test(word.replace('P0001', ''))
}

/** The session itself ended: whether before or after the commit, nobody has said. */
function isGone(state: string): boolean {
  return state.startsWith('08') || state.startsWith('57P')
}

/** Why COMMIT did not come through. */
export function commitFailure(error: unknown, begun: Origin): PillionError {
  if (isPillionError(error) && error.code !== 'CONNECTION_LOST' && error.code !== 'STATEMENT_FAILED') return error
  const state = refusalOf(error)
  if (state === undefined) {
    return new PillionError(
      'COMMIT_UNKNOWN',
      `The connection was lost inside COMMIT of the transaction begun at ${place(begun)}: whether it was committed is not known.`,
      { cause: error },
    )
  }
  const told = isPillionError(error) ? error : failureOf(error, { text: 'COMMIT', values: [] })
  return new PillionError(
    'COMMIT_FAILED',
    `The server refused COMMIT and rolled back the transaction begun at ${place(begun)}: ${told.summary}`,
    { cause: error, sql: 'COMMIT' },
  )
}
