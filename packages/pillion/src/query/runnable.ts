/**
 * A query that can be run, whatever it is made of.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type {
  BatchPromise,
  Engine,
  ExplainOptions,
  Given,
  JoinExplanation,
  Preparable,
  Prepared,
  PrintedStatement,
  StreamOptions,
} from './engine.js'
import type { Subquery } from './expr.js'
import type { Origin, QueryData } from './node.js'
import { describeOrigin, nowhere, originOf } from './origin.js'
import type { Binding } from './param.js'
import { atMost } from './row-count.js'

/**
 * A query that can be run: what `Query` and `CompoundQuery` have in common.
 *
 * ```ts
 * await ranked.all(me.is(7), { timeout: 5_000 })
 * ```
 */
export abstract class Runnable<Row, D extends QueryData> implements Subquery<Row>, Preparable {
  /** The query as plain data. */
  readonly data: D
  /** The type of a row; never a value. */
  declare readonly row?: Row
  protected readonly engine: Engine
  #prepared: Prepared | undefined

  constructor(data: D, engine: Engine, prepared?: Prepared) {
    this.data = data
    this.engine = engine
    this.#prepared = prepared
  }

  /** What the engine made of it: once, however often it runs. */
  prepared(): Prepared {
    this.#prepared ??= this.engine.prepare(this.data)
    return this.#prepared
  }

  protected abstract remake(data: D, engine: Engine, prepared?: Prepared): this

  /** The query of other data, on the same engine. */
  protected made(data: D): this {
    return this.remake(Object.freeze(data), this.engine)
  }

  /**
   * What a terminal runs: with the place that called it, where places are kept and no better one is known. What the engine
   * made of the query stays with the query. A terminal that answers at once needs none: the stack still tells.
   */
  protected calledFrom(terminal: (...args: never[]) => unknown): Preparable {
    if (this.engine.origins === 'none' || this.data.origin !== nowhere) return this
    const data: QueryData = Object.freeze({ ...(this.data as QueryData), origin: originOf(terminal) })
    return { data, prepared: () => this.prepared() }
  }

  #atMost(rows: number): this {
    return this.made({ ...this.data, limit: atMost(this.data.limit, rows) })
  }

  /**
   * The same query bound to a transaction object of the host (what the ORM's own `transaction` callback was given),
   * or to a database, for a query that was made without one.
   *
   * @throws TRANSACTION_FINISHED, TRANSACTION_FOREIGN when it runs; never a silent fall-back to the pool
   */
  on(target: unknown): this {
    return this.remake(this.data, this.engine.on(target), this.#prepared)
  }

  /** All rows. */
  all(...given: readonly Given[]): Promise<Row[]> {
    return this.engine.all(this.calledFrom(this.all), given) as Promise<Row[]>
  }

  /** The first row, or null; `LIMIT 1` is added. */
  async first(...given: readonly Given[]): Promise<Row | null> {
    const [row] = (await this.engine.all(this.#atMost(1).calledFrom(this.first), given)) as Row[]
    return row ?? null
  }

  /**
   * The only row.
   *
   * @throws NO_ROW when there is none, MANY_ROWS when there is more than one
   */
  async one(...given: readonly Given[]): Promise<Row> {
    const called = this.#atMost(2).calledFrom(this.one)
    const [row, more] = (await this.engine.all(called, given)) as Row[]
    return only(row, more, called.data.origin)
  }

  /**
   * How many rows `all()` would give without limit and offset. Drops the order, and to-one left joins that no
   * condition mentions.
   */
  count(...given: readonly Given[]): Promise<number> {
    return this.engine.count(this.calledFrom(this.count).data, given)
  }

  /** Is there any row? `SELECT EXISTS (…)`. */
  exists(...given: readonly Given[]): Promise<boolean> {
    return this.engine.exists(this.calledFrom(this.exists).data, given)
  }

  /**
   * The rows as an element of a host's array of statements: `prisma.$transaction([prisma.user.create(…), q.inBatch()])`.
   * It begins when the host begins it, in its place in the array, in the array's transaction.
   *
   * @throws HOST_SHAPE when the host has no such form
   */
  inBatch(...given: readonly Given[]): BatchPromise<Row[]> {
    return this.engine.inBatch(this.calledFrom(this.inBatch), given) as BatchPromise<Row[]>
  }

  /**
   * Rows one by one from a server-side cursor, in constant memory. The connection is held until the loop ends,
   * and returned however it ends.
   *
   * ```ts
   * for await (const row of q.stream({ batch: 500 })) …
   * ```
   */
  stream(...given: readonly (Given | StreamOptions)[]): AsyncIterable<Row> {
    return this.engine.stream(this.calledFrom(this.stream), given) as AsyncIterable<Row>
  }

  /**
   * `all()` at once, where the database is in the process itself: better-sqlite3, `node:sqlite`, and ORMs over them that
   * are synchronous. It is how a query runs inside a synchronous transaction.
   *
   * ```ts
   * database.transaction(() => q.allSync(me.is(7)))()
   * ```
   *
   * @throws NOT_SYNCHRONOUS on any other host
   */
  allSync(...given: readonly Binding[]): Row[] {
    return this.engine.sync.all(this, given) as Row[]
  }

  /** `first()` at once. See {@link allSync}. */
  firstSync(...given: readonly Binding[]): Row | null {
    return this.#atMost(1).allSync(...given)[0] ?? null
  }

  /** `one()` at once. See {@link allSync}. */
  oneSync(...given: readonly Binding[]): Row {
    const [row, more] = this.#atMost(2).allSync(...given)
    return only(row, more, this.data.origin)
  }

  /** `count()` at once. See {@link allSync}. */
  countSync(...given: readonly Binding[]): number {
    return this.engine.sync.count(this.data, given)
  }

  /** `exists()` at once. See {@link allSync}. */
  existsSync(...given: readonly Binding[]): boolean {
    return this.engine.sync.exists(this.data, given)
  }

  /**
   * Rows one by one, in constant memory. Until the loop ends better-sqlite3 lets nobody write on the same connection.
   * See {@link allSync}.
   */
  iterateSync(...given: readonly Binding[]): IterableIterator<Row> {
    return this.engine.sync.iterate(this.calledFrom(this.iterateSync), given) as IterableIterator<Row>
  }

  /** The statement, and its values when bindings are given. */
  toSQL(...given: readonly Given[]): PrintedStatement {
    return this.engine.print(this, given)
  }

  /**
   * A query that was not run is nothing to send: without this, a handler that forgets `all()` would answer with all that is
   * known of the database's tables. It throws nothing, for logs write objects as JSON, too.
   */
  toJSON(): string {
    return 'A query of pillion that was not run: all(), first() and page() run it.'
  }

  /** The server's plan: `EXPLAIN (FORMAT JSON)`. */
  explain(options: ExplainOptions = {}, ...given: readonly Given[]): Promise<unknown> {
    return this.engine.explain(this.calledFrom(this.explain), options, given)
  }

  /** Each join: its kind, its cardinality, who mentioned it, and where in the source. */
  explainJoins(): readonly JoinExplanation[] {
    return this.engine.explainJoins(this.data)
  }
}

function only<Row>(row: Row | undefined, more: Row | undefined, origin: Origin): Row {
  if (row === undefined) throw notOne('NO_ROW', 'one() found no row.', 'Use first(), which gives null.', origin)
  if (more === undefined) return row
  throw notOne('MANY_ROWS', 'one() found more than one row.', 'Narrow where(…), or use first() with an order.', origin)
}

function notOne(code: 'NO_ROW' | 'MANY_ROWS', message: string, hint: string, origin: Origin): PillionError {
  const at = describeOrigin(origin)
  return new PillionError(code, message, at === undefined ? { hint } : { hint, origin: at })
}
