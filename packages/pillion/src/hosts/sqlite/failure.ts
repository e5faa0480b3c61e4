/**
 * SQLite's errors as pillion's, whichever driver tells them.
 *
 * @module
 */
import { isPillionError, PillionError } from '../../errors.js'
import { withoutValues } from '../../run/failure.js'
import type { Statement } from '../../run/host.js'
import { isObject } from '../shape.js'

/** SQLite's primary result codes, in their order from 0. */
const names =
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
    ' ',
  )

const hints: Readonly<Record<string, string>> = {
  BUSY: 'Another connection is writing: raise the busy timeout of the database, or run the whole transaction again.',
  LOCKED: 'The same connection, or another of its shared cache, is writing: run it again when that is over.',
  SCHEMA: 'The schema keeps changing under the statement: run it again.',
  NOTADB: 'The file is no database, or is encrypted.',
}

/** What drivers say when the database was closed under a statement. */
const closed = /not open|has been finalized|SQLITE_MISUSE: Database/

/** Translates a driver's error. Errors of pillion's own pass unchanged. */
export function sqliteFailure(error: unknown, statement: Statement): PillionError {
  if (isPillionError(error)) return error
  const message = isObject(error) && typeof error.message === 'string' ? error.message : String(error)
  const at = { sql: statement.text, cause: error }
  if (closed.test(message)) return new PillionError('CONNECTION_LOST', 'The database was closed.', at)
  const name = nameOf(error)
  const told = withoutValues(message, statement.values)
  const missing = /^(SQLITE_ERROR: )?no such (table|column)/.test(message)
  const hint = missing ? 'It is missing in this database: reflect again, or run the migration.' : hints[name ?? '']
  return new PillionError('STATEMENT_FAILED', name === undefined ? told : `${told} (SQLITE_${name})`, {
    ...at,
    hint: hint ?? 'The driver’s own error is the cause of this one.',
  })
}

/** The host has closed its database. */
export function closedDatabase(): PillionError {
  return new PillionError('CONNECTION_UNAVAILABLE', 'The host gave no connection (its database is closed).')
}

/** `BUSY`: from better-sqlite3's and sqlite3's word, or from Node's number, whose low byte it is. */
function nameOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined
  const word = /^SQLITE_([A-Z]+)/.exec(String(error.code))?.[1]
  return word ?? (typeof error.errcode === 'number' ? names[error.errcode & 0xff] : undefined)
}
