/**
 * What MySQL and MariaDB need beside statements that every database has.
 *
 * @module
 */
import { isPillionError, PillionError } from '../../errors.js'
import { errorsBelow } from '../../errors-below.js'
import { isObject } from '../../hosts/shape.js'
import type { Characteristics, Said } from '../options.js'

/** The statements that begin a transaction: the isolation level is said before. */
export function beginMysql({ isolation, readOnly }: Said<Characteristics>): readonly [string, ...string[]] {
  const access = readOnly === undefined ? '' : readOnly ? ' READ ONLY' : ' READ WRITE'
  const begin = `START TRANSACTION${access}`
  return isolation === undefined ? [begin] : [`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`, begin]
}

/** Stops what a connection is doing, and leaves it fit for use. The number is the one by which the server knows it. */
export function killQuery(thread: unknown): string {
  const id = Number(thread)
  if (!Number.isSafeInteger(id) || id <= 0) throw new TypeError('The connection does not tell its number.')
  return `KILL QUERY ${id}`
}

/** What is not for users: the transaction owns its connection. */
export const owners: ReadonlySet<PropertyKey> = new Set([
  'release',
  'end',
  'destroy',
  'close',
  'beginTransaction',
  'commit',
  'rollback',
  'changeUser',
  'reset',
])

/**
 * MySQL and MariaDB commit by themselves before DDL and the like; what came next would be committed alone.
 *
 * @param failure what the statement failed with, if it did
 */
export function endedBySql(failure?: unknown): PillionError {
  const came = failure === undefined ? 'came through, and has' : 'failed, but has'
  return new PillionError('TRANSACTION_FINISHED', `The statement ${came} ended the transaction in the server.`, {
    ...(failure === undefined ? {} : { cause: failure }),
    hint: 'MySQL and MariaDB commit before DDL, and where a procedure says so: what was written until then stays, and so does what the statement did. Send it outside of transactions.',
  })
}

/** Is it that, or does it lie below what an ORM made of it? */
export function hasEnded(failure: unknown): boolean {
  return errorsBelow(failure).some(error => isPillionError(error) && error.code === 'TRANSACTION_FINISHED')
}

/** The server's flag, in what it answers, for a transaction that is open. */
const inTransaction = 1

/** Does what `mysql2` gave for a statement say that no transaction is open? It tells of statements that give no rows. */
export function isOutside(results: unknown): boolean {
  // of several statements, the last
  const told: unknown = Array.isArray(results) ? results.at(-1) : results
  return isHeader(told) && isOver(told['serverStatus'])
}

/** A row may have a column of one of these names, and no class tells it: names of classes are others in a bundle that was made small. */
function isHeader(told: unknown): told is Record<PropertyKey, unknown> {
  return isObject(told) && headers.every(key => key in told)
}

const headers = ['fieldCount', 'affectedRows', 'insertId', 'serverStatus']

/** Does the server's status say so? */
export function isOver(status: unknown): boolean {
  return typeof status === 'number' && (status & inTransaction) === 0
}

/** A conflict rolls back the whole transaction in the server: what came next would be committed by itself. */
export function isConflict(failure: unknown): boolean {
  // Prisma's word, and the number as its adapter tells it, or its client
  return errorsBelow(failure).some(
    ({ errno, originalCode, code }: Told) =>
      conflicts.has(Number(errno)) ||
      conflicts.has(Number(originalCode)) ||
      conflicts.has(Number(code)) ||
      code === 'P2034',
  )
}

/** A deadlock, and a row that has changed since MariaDB's snapshot. */
const conflicts = new Set([1213, 1020])

interface Told {
  readonly errno?: unknown
  readonly originalCode?: unknown
  readonly code?: unknown
}
