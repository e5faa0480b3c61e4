/**
 * The parts of postgres.js that are reached for, by shape: nothing is imported from it.
 *
 * @module
 */
import type { Statement } from '../../run/host.js'
import { isFunction, isHandle } from '../shape.js'

/** What `postgres(url)` gives, as far as users must know it. */
export interface PostgresJsSql {
  unsafe(...given: never[]): unknown
  begin(...given: never[]): unknown
  reserve(): unknown
}

/** `sql`, or the `sql` of a transaction, from the inside. */
export interface Sql {
  unsafe(text: string, values: readonly unknown[], options: { prepare: boolean; simple: false }): Query
  /** A value with the object id of its type. */
  typed(value: unknown, type: unknown): unknown
}

/** One query: begins when it is wanted. */
export interface Query extends PromiseLike<Result> {
  raw(): Query
  /** Cells as bytes; `values`: as parsed. */
  isRaw: true | 'values'
  readonly statement: PreparedStatement | null
  /** Begins it, and takes each row as it comes. */
  forEach(take: (row: RawRow) => void): Query
  /** What is given each row, in place of the result. */
  forEachFn: (row: RawRow) => void
  cursor(rows: number): AsyncIterable<Result>
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
  /** The connection that it was sent on; null before. */
  readonly state: object | null
  /** Is it the one that the next answer is for? */
  readonly active: boolean
  /** Has the server stop it, or takes it out of the line. Settles when that is done. */
  canceller: ((query: Query) => Promise<void>) | null
}

/** What postgres.js keeps of a statement on a connection, for the next query that is the same. */
export interface PreparedStatement {
  /** Empty where it is not kept. */
  readonly name?: string
  readonly columns?: readonly { parser: unknown }[] | null
}

/** Cells as the bytes that came, or as texts. */
export type RawRow = readonly (Buffer | string | null)[]

/** Rows, where they were not taken as they came. */
export interface Result extends ReadonlyArray<RawRow> {
  /** How many rows there were, or were written. */
  readonly count?: number | null
  readonly columns?: readonly { readonly name: string; readonly type: number }[]
  readonly statement?: PreparedStatement | null
}

/**
 * An object id that postgres.js takes for one, so that it does not put that of the parameter in its place, and for none of
 * those it has a serializer for; on the wire it is 0: the server is to find the type. So a value goes as the text it is.
 */
const untouched = ' 0'

/** A query whose values stay text, and whose cells stay what they are: bytes, or texts where it is known to be `plain`. */
export function ask(sql: Sql, { text, values }: Statement, prepare: boolean): Query {
  const given = values.map(value => sql.typed(value, untouched))
  const query = sql.unsafe(text, given, { prepare, simple: false }).raw()
  return Object.defineProperties(query, prepare ? keptApart() : describedHere)
}

/** It would ask for the types of the parameters first, each time, in a round trip of its own: they are known here. */
const describedHere: PropertyDescriptorMap = { describeFirst: { get: () => false, set() {} } }

/** A statement of our own, also where the application has one of the same text; read as that has come to be read. */
function keptApart(): PropertyDescriptorMap & ThisType<Query> {
  let key: string | false = false
  let isFirst: unknown
  return {
    signature: {
      get: () => key,
      set(signature: string | false) {
        key = signature === false ? false : `pillion ${signature}`
      },
    },
    // asked when postgres.js has found the statement, and not sent the query
    describeFirst: {
      get() {
        this.isRaw = this.statement !== null && plain.has(this.statement) ? 'values' : true
        return isFirst
      },
      set(told) {
        isFirst = told
      },
    },
  }
}

/** Prepared statements without parsers. */
const plain = new WeakSet<PreparedStatement>()

/** From now on postgres.js makes each cell of this statement a text and no more, which takes it half as long as bytes do. */
export function makePlain({ statement }: Result): void {
  if (!statement?.name || !statement.columns?.every(column => 'parser' in column)) return
  for (const column of statement.columns) column.parser = undefined
  plain.add(statement)
}

/** Of a connection pool or of one `max: 1`. */
export function isRootSql(value: unknown): value is PostgresJsSql {
  return isSql(value) && isFunction(value.begin) && isFunction(value.reserve)
}

export function isSql(value: unknown): value is Record<PropertyKey, unknown> & Sql {
  return isHandle(value) && isFunction(value.unsafe) && isFunction(value.typed)
}
