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
  /** Begins it, and takes each row as it comes. */
  forEach(take: (row: RawRow) => void): Query
  /** What is given each row, in place of the result. */
  forEachFn: (row: RawRow) => void
  cursor(rows: number): AsyncIterable<Result>
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
  /** Has the server stop it, or takes it out of the line. Settles when that is done. */
  canceller: ((query: Query) => Promise<void>) | null
}

/** Cells as the bytes that came, one after another in one message. */
export type RawRow = readonly (Buffer | null)[]

/** Rows, where they were not taken as they came. */
export interface Result extends ReadonlyArray<RawRow> {
  /** How many rows there were, or were written. */
  readonly count?: number | null
  readonly columns?: readonly { readonly name: string; readonly type: number }[]
}

/**
 * An object id that postgres.js takes for one, so that it does not put that of the parameter in its place, and for none of
 * those it has a serializer for; on the wire it is 0: the server is to find the type. So a value goes as the text it is.
 */
const untouched = ' 0'

/** A query whose cells stay bytes and whose values stay text. */
export function ask(sql: Sql, { text, values }: Statement, prepare: boolean): Query {
  const given = values.map(value => sql.typed(value, untouched))
  const query = sql.unsafe(text, given, { prepare, simple: false }).raw()
  if (prepare) return query
  // It would ask for the types of the parameters first, each time, in a round trip of its own: they are known here.
  return Object.defineProperty(query, 'describeFirst', { get: () => false, set() {} })
}

/** Of a connection pool or of one `max: 1`. */
export function isRootSql(value: unknown): value is PostgresJsSql {
  return isSql(value) && isFunction(value.begin) && isFunction(value.reserve)
}

export function isSql(value: unknown): value is Record<PropertyKey, unknown> & Sql {
  return isHandle(value) && isFunction(value.unsafe) && isFunction(value.typed)
}
