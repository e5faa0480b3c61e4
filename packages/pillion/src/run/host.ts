/**
 * The one interface between pillion and whoever owns the connection. It has no begin, commit, release or
 * close: a host is borrowed from, never owned.
 *
 * @module
 */

import type { Cell } from '../schema/codec.js'
import type { Dates } from '../schema/codec/sqlite-moment.js'
import type { DataType, DialectName } from '../schema/model.js'

export type { Cell, Dates }

/** A compiled statement with its values, ready for the wire: already encoded, PostgreSQL's as text or null. */
export interface Statement {
  readonly text: string
  readonly values: readonly Cell[]
  /** A name for a server-side prepared statement (content-addressed); absent: unnamed. */
  readonly name?: string
  /**
   * What is to be made of each row. A host may do so while rows still come, and gives `made`; or leaves it to whoever asked. A host
   * around another one that looks at rows itself gives that one the statement without it.
   */
  readonly make?: (row: WireRow) => unknown
}

/** Rows as the wire gave them, by position. */
export interface WireResult {
  readonly fields: readonly WireField[]
  /** As they came; where there is `made`, none can be had. */
  readonly rows: readonly WireRow[]
  /**
   * What was made of each row.
   *
   * @throws what `make` did
   */
  readonly made?: () => unknown[]
  /** How many rows a statement wrote that reads none, where the driver tells. */
  readonly affected?: number
}

/** A result column: the name it was selected under, and what the wire says of its type. */
export interface WireField {
  readonly name: string
  readonly type: DataType
}

export type WireRow = readonly Cell[]

/** What may interrupt a statement. */
export interface Interruptions {
  /** Stops the statement, in the server too. A signal that is already aborted sends nothing. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds, counted from the call: waiting for a connection is part of it. */
  readonly timeout?: number | undefined
}

/** How one statement is run. */
export interface RunOptions extends Interruptions {
  /**
   * Isolate a failing statement inside the host's transaction by a savepoint, so that the transaction stays
   * usable. One more round trip when the statement fails, none when it does not; nothing outside a transaction.
   */
  readonly savepoint?: boolean | undefined
}

/** How a stream is read. The timeout spans the whole stream. */
export interface StreamOptions extends Interruptions {
  /** Rows fetched at a time. */
  readonly batch: number
  /** Aborts, with a `PillionError`, when the transaction is about to end: the stream must let go of the connection. */
  readonly ending?: AbortSignal
  /** Is told the columns before the first batch; where there are no rows perhaps not. */
  readonly described?: Described
}

export type Described = (fields: readonly WireField[]) => void

/**
 * A host: given its root (target `undefined`) or one of its transaction objects, runs one statement on the
 * connection that the host would use now.
 */
export interface Host {
  /** `pg`, `prisma`, `typeorm`, `drizzle`. */
  readonly name: string
  /**
   * The object that the root is, as the application has it. A statement without a target is in the transaction that
   * `pillion/transaction` has current over the same object; a host without a root is in none.
   */
  readonly root?: object
  /** Whose SQL it speaks. MariaDB is told from MySQL when the database is reflected. */
  readonly dialect: Exclude<DialectName, 'mariadb'>
  /** The form in which SQLite, which has no type for them, stores moments there; `sql` by default. */
  readonly dates?: Dates
  /**
   * The transaction that somebody else than `pillion/transaction` has open around the code, where the host finds one by itself.
   * Beside a current one of `pillion/transaction` it is refused: which of the two is meant nobody says.
   */
  ambient?(): unknown
  /** What a transaction object has in common with those that the host's own means make of it, where they do: asked of one that nobody marked. */
  knownBy?(target: object): unknown
  run(target: unknown, statement: Statement, options: RunOptions): Promise<WireResult>
  /**
   * Batches of rows from a server-side cursor. The connection is held from the first pull to the end of the
   * iteration, and goes back however that ends: exhausted, `break`, a throw, an abort. A statement of the host's own
   * on the same connection waits until then, so awaiting one inside the loop waits for ever.
   */
  stream(target: unknown, statement: Statement, options: StreamOptions): AsyncIterable<readonly WireRow[]>
  /** `run` at once: only where the database is in the process itself. */
  runSync?(target: unknown, statement: Statement): WireResult
  /** Rows one by one, at once. The database is held from the first pull to the end of the iteration. */
  iterateSync?(target: unknown, statement: Statement): IterableIterator<WireRow>
}

/** A host whose database answers at once. */
export type SyncHost = Host & Required<Pick<Host, 'runSync' | 'iterateSync'>>
