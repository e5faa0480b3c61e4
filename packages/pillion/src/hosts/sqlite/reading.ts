/**
 * Rows of a statement on a database that answers at once.
 *
 * @module
 */
import type { PillionError } from '../../errors.js'
import { typeOfDeclared } from '../../run/declared.js'
import { Answer } from '../../run/answer.js'
import type { Described, Statement, WireField, WireResult, WireRow } from '../../run/host.js'
import { finished, type Seat } from '../seat.js'
import { type SqliteDatabase, type SqliteStatement, sqliteDatabase } from './database.js'
import { closedDatabase } from './failure.js'

/** Prepared statements kept a database, the oldest going first. */
const capacity = 200

/** A database that was ridden on, and what is prepared there. */
interface Known {
  readonly database: SqliteDatabase
  readonly statements: Map<string, SqliteStatement>
}

const known = new WeakMap<object, Known>()

function knownOf(seat: Seat): Known {
  const connection = seat.connection as object
  const found = known.get(connection)
  if (found !== undefined) return found
  const made = { database: sqliteDatabase(connection), statements: new Map<string, SqliteStatement>() }
  known.set(connection, made)
  return made
}

/** All rows, now. */
export function readAll(seat: Seat, { text, values }: Statement, keep: boolean): WireResult {
  const { database, statements } = admitted(seat)
  const statement = keep ? prepared(statements, database, text) : database.prepare(text)
  return new Answer(statement.all(...values), () => fieldsOf(statement))
}

function fieldsOf(statement: SqliteStatement): readonly WireField[] {
  return statement.columns().map(({ name, type }) => ({ name, type: typeOfDeclared(type) }))
}

/**
 * Rows as they are pulled. The statement is a fresh one: while it is being read it can run for nobody else, and Node
 * would begin it anew.
 */
export function readEach(seat: Seat, { text, values }: Statement, described?: Described): IterableIterator<WireRow> {
  const statement = admitted(seat).database.prepare(text)
  described?.(fieldsOf(statement))
  return statement.iterate(...values)
}

/** The database of a seat, if a statement may be sent there now. */
function admitted(seat: Seat): Known {
  const there = knownOf(seat)
  const refusal = seat.refusal() ?? refusalOf(there.database, seat)
  if (refusal !== undefined) throw refusal
  return there
}

/** Each question to the database is a call into the driver: no more of them than must be, for there are statements that take little longer. */
function refusalOf(database: SqliteDatabase, { transaction }: Seat): PillionError | undefined {
  if (transaction) return database.inTransaction() ? undefined : finished('No transaction is open on its database.')
  return database.isOpen() ? undefined : closedDatabase()
}

function prepared(statements: Known['statements'], database: SqliteDatabase, text: string): SqliteStatement {
  const found = statements.get(text)
  if (found !== undefined) return found
  const statement = database.prepare(text)
  statements.set(text, statement)
  if (statements.size > capacity) statements.delete(statements.keys().next().value as string)
  return statement
}
