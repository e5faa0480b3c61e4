/**
 * Queries: immutable, composable. `where` always adds, `orderBy` always appends, so a helper
 * `q => q.where(…)` can lose nobody's condition.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { primaryKeyOf } from '../schema/keys.js'
import type { Engine, Given, Page, PageRequest, Prepared, PrintedStatement } from './engine.js'
import { type Condition, type Expr, isExpr, nodeOf, type Order } from './expr.js'
import { columnNamed, joinOf } from './handle.js'
import { ordersOf } from './join.js'
import type { Clause, HandleNode, Node, Origin, SelectData } from './node.js'
import { nowhere, originOf } from './origin.js'
import type { Binding, Param } from './param.js'
import { rowCount } from './row-count.js'
import { Runnable } from './runnable.js'
import { copyOf, selectFrom } from './select.js'
import { type Out, rowShape, type Selection, shapeOf } from './shape.js'
import type { Handle, Kind, RowOf } from './types.js'

/** What a filter helper takes and gives back: `<Q extends Filterable>(q: Q) => q.where(…)`. */
export interface Filterable {
  where(...conditions: readonly Condition[]): this
}

/**
 * One SELECT, being composed.
 *
 * ```ts
 * const titles = db.from(interview).select({ title: interview.title }).where(interview.status.eq('open'))
 * await titles.orderBy(interview.id.asc()).all()   // titles itself is as it was
 * ```
 */
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
    const data = copyOf(this.data)
    data.selectOrigin = this.#origin(this.select)
    data.select = shapeOf(fields)
    return this.made(data) as unknown as Query<Out<F>>
  }

  /** Adds conditions, ANDed with all there are. Those that mention one semi handle share its EXISTS. */
  where(...conditions: readonly Condition[]): this {
    const data = copyOf(this.data)
    data.where = [...data.where, ...clauses(conditions, this.#origin(this.where))]
    return this.made(data)
  }

  /** Appends order keys. */
  orderBy(...orders: readonly Order[]): this {
    const data = copyOf(this.data)
    data.orderBy = [...data.orderBy, ...ordersOf(orders, this.#origin(this.orderBy))]
    return this.made(data)
  }

  /** Replaces the order. */
  reorder(...orders: readonly Order[]): this {
    const data = copyOf(this.data)
    data.orderBy = ordersOf(orders, this.#origin(this.reorder))
    return this.made(data)
  }

  /** Adds grouping keys: expressions, or handles for their primary keys. */
  groupBy(...keys: readonly (Expr<unknown> | Handle<Kind, unknown, 'joined'>)[]): this {
    const data = copyOf(this.data)
    data.groupBy = [...data.groupBy, ...keys.flatMap(groupingKeys)]
    return this.made(data)
  }

  /** Adds conditions on groups. */
  having(...conditions: readonly Condition<'joined'>[]): this {
    const data = copyOf(this.data)
    data.having = [...data.having, ...clauses(conditions, this.#origin(this.having))]
    return this.made(data)
  }

  /**
   * `SELECT DISTINCT`.
   *
   * @throws DISTINCT_ORDER when it is sorted by what is not selected
   */
  distinct(): this {
    const data = copyOf(this.data)
    data.distinct = true
    return this.made(data)
  }

  /** `SELECT DISTINCT ON (…)`: the first row of each, in the query's order. */
  distinctOn(...keys: readonly [Expr<unknown>, ...Expr<unknown>[]]): this {
    const data = copyOf(this.data)
    data.distinct = keys.map(key => nodeOf(key))
    return this.made(data)
  }

  /**
   * At most so many rows.
   *
   * @throws QUERY_INVALID unless a whole number from 0
   */
  limit(rows: number | Param<number | null>): this {
    const data = copyOf(this.data)
    data.limit = rowCount(rows, 'limit()')
    return this.made(data)
  }

  /** Skips so many rows. For pages, `page()` does not slow down. */
  offset(rows: number | Param<number | null>): this {
    const data = copyOf(this.data)
    data.offset = rowCount(rows, 'offset()')
    return this.made(data)
  }

  /** Makes a left join inner, for this query: rows without a match go. Never undone, and said twice is said once. */
  require(...handles: readonly Handle<Kind, unknown, 'joined'>[]): this {
    const data = copyOf(this.data)
    const origin = this.#origin(this.require)
    data.require = [...data.require, ...handles.map(handle => ({ handle: joinOf(handle), origin }))]
    return this.made(data)
  }

  /**
   * Says that a to-many handle shall multiply rows: one for each pair. A second one beside it multiplies again,
   * and needs `{ allowCrossProduct: true }`.
   */
  expand(
    handle: Handle<Kind, unknown, 'joined'>,
    options: { readonly allowCrossProduct?: boolean | undefined } = {},
  ): this {
    const data = copyOf(this.data)
    const added = {
      handle: joinOf(handle),
      allowCrossProduct: options.allowCrossProduct === true,
      origin: this.#origin(this.expand),
    }
    data.expand = [...data.expand, added]
    return this.made(data)
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
    return this.engine.page(this.calledFrom(this.page).data, request, given) as Promise<Page<Row>>
  }

  /** `page()` at once, where the database is in the process itself. See {@link allSync}. */
  pageSync(request: PageRequest, ...given: readonly Binding[]): Page<Row> {
    return this.engine.sync.page(this.data, request, given) as Page<Row>
  }

  /** The statement that `page` would send: with the cursor's condition, the keys, and one row more than asked. */
  pageSQL(request: PageRequest, ...given: readonly Given[]): PrintedStatement {
    return this.engine.printPage(this.data, request, given)
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
  const all = everything(node)
  return new Query(engine.origins === 'clause' ? Object.freeze(writtenAt(originOf(above), all)) : all, engine)
}

const wholes = new WeakMap<HandleNode, SelectData>()

/** `SELECT` every column `FROM root`: what each query of a root starts as. */
function everything(root: HandleNode): SelectData {
  const known = wholes.get(root)
  if (known !== undefined) return known
  const made = Object.freeze(selectFrom(root, rowShape(root)))
  wholes.set(root, made)
  return made
}

function writtenAt(origin: Origin, query: SelectData): SelectData {
  const data = copyOf(query)
  data.origin = origin
  data.selectOrigin = origin
  return data
}

function clauses(conditions: readonly Condition[], origin: Origin): readonly Clause[] {
  return conditions.map(condition => ({ node: nodeOf(condition), origin }))
}

function groupingKeys(key: Expr<unknown> | Handle<Kind, unknown, 'joined'>): readonly Node[] {
  if (isExpr(key)) return [nodeOf(key)]
  const handle = joinOf(key)
  const names = handle.source.kind === 'table' ? primaryKeyOf(handle.source.table) : undefined
  if (names === undefined) {
    throw new PillionError('QUERY_INVALID', `${handle.path} has no primary key that holds, to group by.`, {
      hint: 'Group by its columns.',
    })
  }
  return names.map(name => columnNamed(handle, name))
}
