/**
 * Failures that a second try of the whole transaction may cure: two transactions got in each other's way, and the
 * database made one of them give in.
 *
 * @module
 */
import { errorsBelow } from '../errors-below.js'

/** Serialization failure and deadlock, as SQLSTATE has them; Prisma's own word for both. */
const states = new Set(['40001', '40P01', 'P2034'])

/** MySQL and MariaDB: no lock in time, deadlock, a row changed since the snapshot. */
const numbers = new Set([1205, 1213, 1020])

/** SQLite: somebody else is writing. Extended codes carry it in their low byte. */
const busy = 5

/** The parts of an error that are read here. */
interface Told {
  readonly code?: unknown
  readonly sqlState?: unknown
  readonly originalCode?: unknown
  readonly errno?: unknown
  readonly errcode?: unknown
}

/**
 * May the transaction that failed with this succeed when it is run again, whole? True for a serialization failure
 * (`40001`) and a deadlock (`40P01`) of PostgreSQL, for 1213, 1205 and 1020 of MySQL and MariaDB, for `SQLITE_BUSY`, and for
 * the errors of drivers, ORMs and pillion that have one of these below them; but not where the transaction is committed, or may
 * be (`HOOK_FAILED`, `COMMIT_UNKNOWN`).
 *
 * ```ts
 * retryable(Object.assign(new Error('deadlock detected'), { code: '40P01' }))   // → true
 * ```
 */
export function retryable(error: unknown): boolean {
  const errors = errorsBelow(error)
  return errors.some(saysSo) && !errors.some(saysDone)
}

/** What is committed, or may be, is not to be done again, whatever failed afterwards. */
function saysDone({ code }: Told): boolean {
  return code === 'HOOK_FAILED' || code === 'COMMIT_UNKNOWN'
}

function saysSo({ code, sqlState, originalCode, errno, errcode }: Told): boolean {
  const words = [code, sqlState, originalCode].map(String)
  return (
    words.some(word => states.has(word) || numbers.has(Number(word)) || /^SQLITE_BUSY(_|$)/.test(word)) ||
    numbers.has(Number(errno)) ||
    (code === 'ERR_SQLITE_ERROR' && (Number(errcode) & 0xff) === busy)
  )
}
