/**
 * Queries: immutable, composable. `where` always adds, `orderBy` always appends, so a helper
 * `q => q.where(…)` can lose nobody's condition.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type {
  Engine,
  ExplainOptions,
  Given,
  JoinExplanation,
  Page,
  PageRequest,
  Preparable,
  Prepared,
  PrintedStatement,
  StreamOptions,
} from './engine.js'
import { type Condition, type Expr, isExpr, nodeOf, type Order, type Subquery } from './expr.js'
import { columnNamed, joinOf } from './handle.js'
import { ordersOf } from './join.js'
import type { Clause, CompoundData, HandleNode, Node, Origin, QueryData, SelectData } from './node.js'
import { describeOrigin, nowhere, originOf } from './origin.js'
import type { Param } from './param.js'
import { rowCount, wholeNumber } from './row-count.js'
import { type Out, rowShape, type Selection, shapeOf } from './shape.js'
import type { Handle, Kind, RowOf } from './types.js'

/** What a filter helper takes and gives back: `<Q extends Filterable>(q: Q) => q.where(…)`. */
export interface Filterable {
  where(...conditions: readonly Condition[]): this
}

/** A query that can be run. */
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
    return this.engine.all(this, given) as Promise<Row[]>
  }

  /** The first row, or null; `LIMIT 1` is added. */
  async first(...given: readonly Given[]): Promise<Row | null> {
    const [row] = await this.made({ ...this.data, limit: smallest(this.data.limit, 1) }).all(...given)
    return row ?? null
  }

  /**
   * The only row.
   *
   * @throws NO_ROW when there is none, MANY_ROWS when there is more than one
   */
  async one(...given: readonly Given[]): Promise<Row> {
    const [row, more] = await this.made({ ...this.data, limit: smallest(this.data.limit, 2) }).all(...given)
    if (row === undefined)
      throw notOne('NO_ROW', 'one() found no row.', 'Use first(), which gives null.', this.data.origin)
    if (more !== undefined)
      throw notOne(
        'MANY_ROWS',
        'one() found more than one row.',
        'Narrow where(…), or use first() with an order.',
        this.data.origin,
      )
    return row
  }

  /**
   * How many rows `all()` would give without limit and offset. Drops the order, and to-one left joins that no
   * condition mentions.
   */
  count(...given: readonly Given[]): Promise<number> {
    return this.engine.count(this.data, given)
  }

  /** Is there any row? `SELECT EXISTS (…)`. */
  exists(...given: readonly Given[]): Promise<boolean> {
    return this.engine.exists(this.data, given)
  }

  /**
   * The rows as an element of a host's array of statements: `prisma.$transaction([prisma.user.create(…), q.inBatch()])`.
   * It begins when the host begins it, in its place in the array, in the array's transaction.
   *
   * @throws HOST_SHAPE when the host has no such form
   */
  inBatch(...given: readonly Given[]): Promise<Row[]> {
    return this.engine.inBatch(this, given) as Promise<Row[]>
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
    return this.engine.stream(this, given) as AsyncIterable<Row>
  }

  /** The statement, and its values when bindings are given. */
  toSQL(...given: readonly Given[]): PrintedStatement {
    return this.engine.print(this, given)
  }

  /** The server's plan: `EXPLAIN (FORMAT JSON)`. */
  explain(options: ExplainOptions = {}, ...given: readonly Given[]): Promise<unknown> {
    return this.engine.explain(this, options, given)
  }

  /** Each join: its kind, its cardinality, who mentioned it, and where in the source. */
  explainJoins(): readonly JoinExplanation[] {
    return this.engine.explainJoins(this.data)
  }
}

/** One SELECT, being composed. */
export class Query<Row> extends Runnable<Row, SelectData> implements Filterable {
  protected override remake(data: SelectData, engine: Engine, prepared?: Prepared): this {
    return new Query<Row>(data, engine, prepared) as this
  }

  #origin(above: (...args: never[]) => unknown): Origin {
    return this.engine.origins === 'clause' ? originOf(above) : nowhere
  }

  /**
   * Chooses the columns: expressions, whole handles, nested objects. Mentioning never changes which rows come back.
   *
   * ```ts
   * .select({ id: interview.id, mine, by: { name: interview.owner.username } })
   * ```
   */
  select<F extends Selection>(fields: F): Query<Out<F>> {
    const selectOrigin = this.#origin(this.select)
    return this.made({ ...this.data, select: shapeOf(fields), selectOrigin }) as unknown as Query<Out<F>>
  }

  /** Adds conditions, ANDed with all there are. Those that mention one semi handle share its EXISTS. */
  where(...conditions: readonly Condition[]): this {
    return this.made({ ...this.data, where: [...this.data.where, ...clauses(conditions, this.#origin(this.where))] })
  }

  /** Appends order keys. */
  orderBy(...orders: readonly Order[]): this {
    const origin = this.#origin(this.orderBy)
    return this.made({
      ...this.data,
      orderBy: [...this.data.orderBy, ...ordersOf(orders).map(each => ({ ...each, origin }))],
    })
  }

  /** Replaces the order. */
  reorder(...orders: readonly Order[]): this {
    const origin = this.#origin(this.reorder)
    return this.made({ ...this.data, orderBy: ordersOf(orders).map(each => ({ ...each, origin })) })
  }

  /** Adds grouping keys: expressions, or handles for their primary keys. */
  groupBy(...keys: readonly (Expr<unknown> | Handle<Kind, unknown, 'joined'>)[]): this {
    return this.made({ ...this.data, groupBy: [...this.data.groupBy, ...keys.flatMap(groupingKeys)] })
  }

  /** Adds conditions on groups. */
  having(...conditions: readonly Condition<'joined'>[]): this {
    return this.made({ ...this.data, having: [...this.data.having, ...clauses(conditions, this.#origin(this.having))] })
  }

  /**
   * `SELECT DISTINCT`.
   *
   * @throws DISTINCT_ORDER when it is sorted by what is not selected
   */
  distinct(): this {
    return this.made({ ...this.data, distinct: true })
  }

  /** `SELECT DISTINCT ON (…)`: the first row of each, in the query's order. */
  distinctOn(...keys: readonly [Expr<unknown>, ...Expr<unknown>[]]): this {
    return this.made({ ...this.data, distinct: keys.map(key => nodeOf(key)) })
  }

  /**
   * At most so many rows.
   *
   * @throws QUERY_INVALID unless a whole number from 0
   */
  limit(rows: number | Param<number>): this {
    return this.made({ ...this.data, limit: rowCount(rows, 'limit()') })
  }

  /** Skips so many rows. For pages, `page()` does not slow down. */
  offset(rows: number | Param<number>): this {
    return this.made({ ...this.data, offset: rowCount(rows, 'offset()') })
  }

  /** Makes a left join inner, for this query: rows without a match go. Never undone, and said twice is said once. */
  require(...handles: readonly Handle<Kind, unknown, 'joined'>[]): this {
    const origin = this.#origin(this.require)
    const added = handles.map(handle => ({ handle: joinOf(handle), origin }))
    return this.made({ ...this.data, require: [...this.data.require, ...added] })
  }

  /**
   * Says that a to-many handle shall multiply rows: one for each pair. A second one beside it multiplies again,
   * and needs `{ allowCrossProduct: true }`.
   */
  expand(handle: Handle<Kind, unknown, 'joined'>, options: { readonly allowCrossProduct?: boolean } = {}): this {
    const added = {
      handle: joinOf(handle),
      allowCrossProduct: options.allowCrossProduct === true,
      origin: this.#origin(this.expand),
    }
    return this.made({ ...this.data, expand: [...this.data.expand, added] })
  }

  /**
   * A page by keyset: as fast on the last page as on the first. Sorted by the query's order, then by the primary key
   * of the root and of each expanded handle. Right over NULLs, ties and descending keys; a cursor keeps exact values.
   *
   * ```ts
   * const page = await q.page({ size: 50, after: request.query.after }, me.is(7))
   * ```
   *
   * @throws CURSOR_INVALID for a damaged cursor or one from another order; PAGE_KEY when nothing tells rows apart
   */
  page(request: PageRequest, ...given: readonly Given[]): Promise<Page<Row>> {
    return this.engine.page(this.data, request, given) as Promise<Page<Row>>
  }
}

/** Two queries under a set operation. */
export class CompoundQuery<Row> extends Runnable<Row, CompoundData> {
  protected override remake(data: CompoundData, engine: Engine, prepared?: Prepared): this {
    return new CompoundQuery<Row>(data, engine, prepared) as this
  }

  /** Appends an order key: a column of the output. */
  orderBy(
    key: keyof Row & string,
    direction: 'asc' | 'desc' = 'asc',
    options: { readonly nulls?: 'first' | 'last' } = {},
  ): this {
    const added = { key, descending: direction === 'desc', nulls: options.nulls }
    return this.made({ ...this.data, orderBy: [...this.data.orderBy, added] })
  }

  /** At most so many rows. */
  limit(rows: number | Param<number>): this {
    return this.made({ ...this.data, limit: rowCount(rows, 'limit()') })
  }

  /** Skips so many rows. */
  offset(rows: number | Param<number>): this {
    return this.made({ ...this.data, offset: rowCount(rows, 'offset()') })
  }
}

/** Starts a query from a root. */
export function startQuery<H extends Handle<Kind, unknown, 'joined'>>(
  root: H,
  engine: Engine,
  above: (...args: never[]) => unknown,
): Query<RowOf<H>> {
  const node = joinOf(root)
  if (node.kind !== 'root') {
    throw new PillionError('QUERY_INVALID', `A query starts from a table, and ${node.path} is a join.`, {
      hint: `Start from its root and mention it, or alias the table.`,
    })
  }
  const origin = engine.origins === 'none' ? nowhere : originOf(above)
  return new Query(emptySelect(node, origin), engine)
}

function emptySelect(root: HandleNode, origin: Origin): SelectData {
  return Object.freeze({
    kind: 'select',
    root,
    select: rowShape(root),
    selectOrigin: origin,
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    distinct: false,
    limit: undefined,
    offset: undefined,
    require: [],
    expand: [],
    origin,
  })
}

type Compatible<Row> = Runnable<Row, QueryData>

/** `a UNION b`: rows of either, each once. */
export const union = <Row>(a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row> => compound('union', false, a, b)
/** `a UNION ALL b`: rows of both. */
export const unionAll = <Row>(a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row> =>
  compound('union', true, a, b)
/** `a INTERSECT b`: rows in both, each once. */
export const intersect = <Row>(a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row> =>
  compound('intersect', false, a, b)
/** `a EXCEPT b`: rows of a that are not in b, each once. */
export const except = <Row>(a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row> =>
  compound('except', false, a, b)

function compound<Row>(
  operator: CompoundData['operator'],
  all: boolean,
  a: Compatible<Row>,
  b: Compatible<Row>,
): CompoundQuery<Row> {
  const data: CompoundData = {
    kind: 'compound',
    operator,
    all,
    left: a.data,
    right: b.data,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    origin: a.data.origin,
  }
  return new CompoundQuery<Row>(Object.freeze(data), engineOf(a))
}

function engineOf(query: Compatible<unknown>): Engine {
  return (query as unknown as { readonly engine: Engine }).engine
}

function clauses(conditions: readonly Condition[], origin: Origin): readonly Clause[] {
  return conditions.map(condition => ({ node: nodeOf(condition), origin }))
}

function groupingKeys(key: Expr<unknown> | Handle<Kind, unknown, 'joined'>): readonly Node[] {
  if (isExpr(key)) return [nodeOf(key)]
  const handle = joinOf(key)
  const names = handle.source.kind === 'table' ? handle.source.table.primaryKey?.columns : undefined
  if (names === undefined) {
    throw new PillionError('QUERY_INVALID', `${handle.path} has no primary key to group by.`, {
      hint: 'Group by its columns.',
    })
  }
  return names.map(name => columnNamed(handle, name))
}

function smallest(limit: Node | undefined, rows: number): Node {
  return wholeNumber(Math.min(limit?.kind === 'number' ? limit.value : rows, rows))
}

function notOne(code: 'NO_ROW' | 'MANY_ROWS', message: string, hint: string, origin: Origin): PillionError {
  const at = describeOrigin(origin)
  return new PillionError(code, message, at === undefined ? { hint } : { hint, origin: at })
}
