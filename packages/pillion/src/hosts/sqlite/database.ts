/**
 * SQLite in the process itself, which answers at once: `better-sqlite3`, and Node's own `node:sqlite`. They differ in a
 * few names, and in what they tell of a statement before it runs.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import type { Cell, WireRow } from '../../run/host.js'
import { isFunction, isObject, unknownHost } from '../shape.js'

/** A `Database` of better-sqlite3, as far as users must know it. */
export interface BetterSqlite3Database {
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): object
}

/** A `DatabaseSync` of Node's, as far as users must know it. */
export interface NodeSqliteDatabase {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  prepare(sql: string): object
}

/** A database, whoever's it is. */
export interface SqliteDatabase {
  isOpen(): boolean
  /** Is a transaction open? Not on a closed one. */
  inTransaction(): boolean
  /**
   * Prepares a statement whose rows come by position, integers as bigints, whatever the database's defaults are.
   *
   * @throws PillionError `SQL_NOT_SELECT` when it would do more than read
   */
  prepare(text: string): SqliteStatement
}

/** A prepared statement. */
export interface SqliteStatement {
  all(...values: readonly Cell[]): readonly WireRow[]
  iterate(...values: readonly Cell[]): IterableIterator<WireRow>
  /** Right once the statement has run: until then it does not know what the schema has become. */
  columns(): readonly { readonly name: string; readonly type: string | null }[]
}

interface BetterSqlite3Statement extends SqliteStatement {
  readonly reader: boolean
  readonly readonly: boolean
  raw(on: boolean): this
  safeIntegers(on: boolean): this
}

interface NodeSqliteStatement extends SqliteStatement {
  readonly sourceSQL: string
  setReadBigInts(on: boolean): void
  setReturnArrays(on: boolean): void
}

export function isBetterSqlite3(value: unknown): value is BetterSqlite3Database {
  return isObject(value) && typeof value.open === 'boolean' && isFunction(value.prepare) && 'inTransaction' in value
}

export function isNodeSqlite(value: unknown): value is NodeSqliteDatabase {
  return isObject(value) && typeof value.isOpen === 'boolean' && isFunction(value.prepare) && 'isTransaction' in value
}

/** @throws PillionError `HOST_UNKNOWN` */
export function sqliteDatabase(connection: unknown): SqliteDatabase {
  if (isBetterSqlite3(connection)) return betterSqlite3(connection)
  if (isNodeSqlite(connection)) return nodeSqlite(connection)
  throw unknownHost('The connection is no Database of better-sqlite3 and no DatabaseSync of node:sqlite.')
}

function betterSqlite3(database: BetterSqlite3Database): SqliteDatabase {
  return {
    isOpen: () => database.open,
    inTransaction: () => database.inTransaction,
    prepare(text) {
      const statement = database.prepare(text) as BetterSqlite3Statement
      if (!statement.reader || !statement.readonly) throw notReading(text)
      return statement.raw(true).safeIntegers(true)
    },
  }
}

function nodeSqlite(database: NodeSqliteDatabase): SqliteDatabase {
  return {
    isOpen: () => database.isOpen,
    // a closed one does not answer
    inTransaction: () => database.isOpen && database.isTransaction,
    prepare(text) {
      const statement = database.prepare(text) as NodeSqliteStatement
      if (statement.columns().length === 0 || !readsOnly(database, text)) throw notReading(text)
      // prepared is the first statement only: what stands behind it would be dropped in silence
      if (!/^[\s;]*$/.test(text.slice(statement.sourceSQL.length))) throw new Error('There is more than one statement.')
      statement.setReadBigInts(true)
      statement.setReturnArrays(true)
      return statement
    },
  }
}

/** A statement that lists the instructions of another. */
interface Program {
  setReturnArrays(on: boolean): void
  all(): readonly { readonly opcode: string; readonly p2: number | bigint }[]
}

/**
 * What better-sqlite3 asks SQLite itself, and Node does not: SQLite calls a statement read-only by the instructions it
 * was compiled to, and EXPLAIN lists these.
 */
function readsOnly(database: NodeSqliteDatabase, text: string): boolean {
  const program = database.prepare(`EXPLAIN ${text}`) as Program
  // a database may have been opened to give rows by position, where no instruction would be seen
  program.setReturnArrays(false)
  return program.all().every(({ opcode, p2 }) => !writing.has(opcode) && (opcode !== 'Transaction' || Number(p2) === 0))
}

const writing = new Set(['Checkpoint', 'JournalMode', 'Vacuum'])

function notReading(sql: string): PillionError {
  return new PillionError('SQL_NOT_SELECT', 'SQLite says that the statement is not one that only reads.', {
    sql,
    hint: 'Only reading is done here: send writes through the host.',
  })
}
