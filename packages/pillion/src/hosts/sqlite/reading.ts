/**
 * Rows of a statement on a database that answers at once.
 *
 * @module
 */
import type { PillionError } from '../../errors.js'
import { typeOfDeclared } from '../../run/declared.js'
import type { Statement, WireField, WireResult, WireRow } from '../../run/host.js'
import { finished, type Seat } from '../seat.js'
import { type SqliteDatabase, type SqliteStatement, sqliteDatabase } from './database.js'
import { closedDatabase } from './failure.js'

/** Prepared statements kept a database, the oldest going first. */
const capacity = 200

const kept = new WeakMap<object, Map<string, SqliteStatement>>()

/** All rows, now. */
export function readAll(seat: Seat, { text, values }: Statement, keep: boolean): WireResult {
  const database = admitted(seat)
  const statement = keep ? prepared(seat.connection as object, database, text) : database.prepare(text)
  return new Answer(statement, statement.all(...values))
}

/** Rows, and their columns for the few that ask. A getter of each result's own would outlive it, in the shape of it. */
class Answer implements WireResult {
  readonly rows: readonly WireRow[]
  readonly #statement: SqliteStatement

  constructor(statement: SqliteStatement, rows: readonly WireRow[]) {
    this.#statement = statement
    this.rows = rows
  }

  get fields(): readonly WireField[] {
    return this.#statement.columns().map(({ name, type }) => ({ name, type: typeOfDeclared(type) }))
  }
}

/**
 * Rows as they are pulled. The statement is a fresh one: while it is being read it can run for nobody else, and Node
 * would begin it anew.
 */
export function readEach(seat: Seat, { text, values }: Statement): IterableIterator<WireRow> {
  return admitted(seat)
    .prepare(text)
    .iterate(...values)
}

/** The database of a seat, if a statement may be sent there now. */
function admitted(seat: Seat): SqliteDatabase {
  const database = sqliteDatabase(seat.connection)
  const refusal = seat.refusal() ?? (seat.transaction ? noTransaction(database) : undefined)
  if (refusal !== undefined) throw refusal
  if (!database.isOpen()) throw closedDatabase()
  return database
}

function noTransaction(database: SqliteDatabase): PillionError | undefined {
  return database.isOpen() && database.inTransaction() ? undefined : finished('No transaction is open on its database.')
}

function prepared(connection: object, database: SqliteDatabase, text: string): SqliteStatement {
  const statements = kept.get(connection) ?? new Map<string, SqliteStatement>()
  kept.set(connection, statements)
  const known = statements.get(text)
  if (known !== undefined) return known
  const statement = database.prepare(text)
  statements.set(text, statement)
  if (statements.size > capacity) statements.delete(statements.keys().next().value as string)
  return statement
}
