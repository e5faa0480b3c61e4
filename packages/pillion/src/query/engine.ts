/**
 * What a query asks of whoever runs it. `query/` knows only this; `run/` is one.
 *
 * @module
 */
import type { Cell } from '../schema/codec.js'
import type { QueryData } from './node.js'
import type { Binding } from './param.js'

/** Options of one run, given to a terminal beside its bindings. */
export interface RunOptions {
  /** Cancels the statement in the server. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call until it is cancelled in the server; waiting for a connection is part of it. None by default. */
  readonly timeout?: number | undefined
  /** Inside a transaction: isolate a failure of this statement by a savepoint, so that the transaction stays usable. */
  readonly savepoint?: boolean | undefined
}

/** What a terminal takes: values for parameters, options, in any order. */
export type Given = Binding | RunOptions

/** A statement ready to be looked at. */
export interface PrintedStatement {
  readonly sql: string
  /** As the driver would get them: encoded, PostgreSQL's as text, by placeholder. */
  readonly values: readonly Cell[]
}

/** Which places in the source are kept: of each query and clause, of each call of a terminal, or none. */
export type Origins = 'clause' | 'call' | 'none'

/** One join of a query, explained. */
export interface JoinExplanation {
  /** `interview.evaluations`. */
  readonly path: string
  /** The alias in the text. */
  readonly alias: string
  /** What is emitted: `from`, `inner`, `left`, `exists`, `lateral`. */
  readonly kind: 'from' | 'inner' | 'left' | 'exists' | 'lateral'
  /** How many rows it has for one of its parent. */
  readonly cardinality: 'one' | 'many'
  /** Why cardinality is what it is, and whether `require` or `expand` said so. */
  readonly because: string
  /** Who mentioned it, and where. */
  readonly mentions: readonly { readonly clause: string; readonly at: string | undefined }[]
  /** The SQL of its condition. */
  readonly on: string
}

/** A page of rows. */
export interface Page<Row> {
  readonly rows: Row[]
  /** Give it as `after` for the next page; null at the end. */
  readonly next: string | null
  /** Give it as `before` for the previous page; null at the start. */
  readonly previous: string | null
}

/** Which page. */
export interface PageRequest {
  /** Rows a page, from 1. */
  readonly size: number
  /** A cursor from `next`. */
  readonly after?: string | null | undefined
  /** A cursor from `previous`. */
  readonly before?: string | null | undefined
}

/** A promise that Prisma's array form takes for one of its own: it has the name that Prisma's types ask for. */
export interface BatchPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise'
}

/** A compiled query, opaque here: what an engine made of it, kept so that a query compiles once. */
export interface Prepared {
  readonly query: QueryData
}

/** A query that keeps what an engine made of it. */
export interface Preparable {
  readonly data: QueryData
  prepared(): Prepared
}

export interface Engine {
  readonly origins: Origins
  /** The same engine on another target: a transaction of the host, or a database. */
  on(target: unknown): Engine
  /** Compiles a query, or finds what an equal one compiled to. */
  prepare(query: QueryData): Prepared
  all(query: Preparable, given: readonly Given[]): Promise<unknown[]>
  inBatch(query: Preparable, given: readonly Given[]): BatchPromise<unknown[]>
  count(query: QueryData, given: readonly Given[]): Promise<number>
  exists(query: QueryData, given: readonly Given[]): Promise<boolean>
  page(query: QueryData, request: PageRequest, given: readonly Given[]): Promise<Page<unknown>>
  stream(query: Preparable, given: readonly (Given | StreamOptions)[]): AsyncIterable<unknown>
  /** The same at once. */
  readonly sync: SyncEngine
  explain(query: Preparable, options: ExplainOptions, given: readonly Given[]): Promise<unknown>
  printPage(query: QueryData, request: PageRequest, given: readonly Given[]): PrintedStatement
  print(query: Preparable, given: readonly Given[]): PrintedStatement
  explainJoins(query: QueryData): readonly JoinExplanation[]
}

/** An engine over a database that answers at once. */
export interface SyncEngine {
  all(query: Preparable, given: readonly Binding[]): unknown[]
  count(query: QueryData, given: readonly Binding[]): number
  exists(query: QueryData, given: readonly Binding[]): boolean
  page(query: QueryData, request: PageRequest, given: readonly Binding[]): Page<unknown>
  iterate(query: Preparable, given: readonly Binding[]): IterableIterator<unknown>
}

/** Options of `stream`, beside those of any run. */
export interface StreamOptions extends RunOptions {
  /** Rows fetched at a time; 1,000 by default. */
  readonly batch?: number | undefined
}

/** What EXPLAIN is asked. */
export interface ExplainOptions {
  /** Runs the query and tells the truth about it. */
  readonly analyze?: boolean | undefined
  readonly buffers?: boolean | undefined
}
