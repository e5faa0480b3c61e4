/**
 * Queries: immutable, composable. `where` always adds, `orderBy` always appends, so a helper
 * `q => q.where(…)` can lose nobody's condition.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import type { Engine, Given, Page, PageRequest, Prepared, PrintedStatement } from './engine.js'
import { type Condition, type Expr, isExpr, nodeOf, type Order } from './expr.js'
import { columnNamed, joinOf } from './handle.js'
import { ordersOf } from './join.js'
import type { Clause, Node, Origin, SelectData } from './node.js'
import { nowhere, originOf } from './origin.js'
import type { Param } from './param.js'
import { rowCount } from './row-count.js'
import { Runnable } from './runnable.js'
import { selectFrom } from './select.js'
import { type Out, rowShape, type Selection, shapeOf } from './shape.js'
import type { Handle, Kind, RowOf } from './types.js'

/** What a filter helper takes and gives back: `<Q extends Filterable>(q: Q) => q.where(…)`. */
export interface Filterable {
  where(...conditions: readonly Condition[]): this
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
  const origin = engine.origins === 'none' ? nowhere : originOf(above)
  return new Query(Object.freeze(selectFrom(node, rowShape(node), origin)), engine)
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
