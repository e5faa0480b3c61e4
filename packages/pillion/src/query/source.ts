/**
 * Tables that are not in the catalogue: derived tables, common table expressions, VALUES, set-returning
 * functions. Each is a root handle; give it to `from`, or join it with `relate`.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { int4 } from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'
import { type Expr, nodeOf, operand, queryOf, readOfElement, type Subquery } from './expr.js'
import { handleOf, rootNode } from './handle.js'
import { checkedName } from './join.js'
import type { ColumnRef, Cte, Node, QueryData, Shape, Source } from './node.js'
import type { DerivedHandle, Scope } from './types.js'

/** The columns a query gives to whoever stands outside: its flat output, each with its type. */
export function outputColumns(query: QueryData): readonly ColumnRef[] {
  if (query.kind === 'compound') return outputColumns(query.left)
  return fieldsOf(query.select).map(({ key, shape }) => {
    if (shape.kind === 'value') {
      checkedName(key)
      const { type, read } = shape.node
      return Object.freeze({ name: key, key, type, nullable: true, read })
    }
    throw new PillionError('QUERY_INVALID', `Column ${key} of a derived table is an object.`, {
      hint: 'A table has flat columns: select the columns themselves.',
    })
  })
}

function fieldsOf(shape: Shape) {
  return shape.kind === 'value' ? [] : shape.fields
}

function root<Row>(source: Source): DerivedHandle<Row> {
  return handleOf(rootNode(Object.freeze(source))) as DerivedHandle<Row>
}

/**
 * A query as a table: `FROM (SELECT …) AS name`. Handles of the query around it cannot be mentioned inside.
 *
 * ```ts
 * const perUser = derived('per_user', db.from(evaluation).select({ user: evaluation.userId, n: count() }).groupBy(evaluation.userId))
 * db.from(perUser).where(perUser.n.gt(10))
 * ```
 */
export function derived<Row>(name: string, query: Subquery<Row>): DerivedHandle<Row> {
  const body = queryOf(query)
  return root({
    kind: 'query',
    name: checkedName(name),
    query: body,
    lateral: false,
    shows: undefined,
    columns: outputColumns(body),
  })
}

/** How a CTE is planned: `MATERIALIZED` or `NOT MATERIALIZED`. Without it, as PostgreSQL decides. */
export interface CteOptions {
  readonly materialized?: boolean | undefined
}

/**
 * A common table expression: `WITH name AS (SELECT …)`. Mentioned in several places it is one.
 *
 * ```ts
 * const open = cte('open', db.from(interview).select({ id: interview.id }).where(interview.status.eq('open')))
 * db.from(open).where(open.id.gt(7))
 * ```
 *
 * @throws QUERY_INVALID for a name of more than 63 bytes
 */
export function cte<Row>(name: string, query: Subquery<Row>, options: CteOptions = {}): DerivedHandle<Row> {
  const body: Cte = {
    name: checkedName(name),
    query: queryOf(query),
    recursion: undefined,
    materialized: options.materialized,
  }
  return root({ kind: 'cte', name, cte: Object.freeze(body), columns: outputColumns(body.query) })
}

/**
 * A recursive CTE: `WITH RECURSIVE name AS (base UNION ALL step)`. `union: 'distinct'` drops rows already seen,
 * which also ends cycles.
 *
 * ```ts
 * const under = recursive('under', db.from(node).select({ id: node.id }).where(node.id.eq(17)), self => {
 *   const child = alias(node)
 *   const up = inner(relate(child, self, s => s.id.eq(child.parentId)))
 *   return db.from(child).select({ id: child.id }).expand(up)
 * })
 * ```
 */
export function recursive<Row>(
  name: string,
  base: Subquery<Row>,
  step: (self: DerivedHandle<Row>) => Subquery<Row>,
  options: CteOptions & { readonly union?: 'all' | 'distinct' | undefined } = {},
): DerivedHandle<Row> {
  const body = {
    name: checkedName(name),
    query: queryOf(base),
    recursion: undefined as Cte['recursion'],
    materialized: options.materialized,
  }
  const self = root<Row>({ kind: 'cte', name, cte: body, columns: outputColumns(body.query) })
  body.recursion = { query: queryOf(step(self)), all: options.union !== 'distinct' }
  Object.freeze(body)
  return self
}

/**
 * Rows given while building, as a table: `FROM (VALUES ($1::int4, $2::text), …) AS name (id, label)`.
 *
 * ```ts
 * const wanted = values<{ id: number; label: string }>('wanted', { id: int4, label: text }, [{ id: 1, label: 'a' }])
 * ```
 *
 * @throws VALUE_TYPE when a value is not of its column's type
 */
export function values<Row extends object>(
  name: string,
  columns: { readonly [K in keyof Row]: DataType },
  rows: readonly Row[],
): DerivedHandle<Row> {
  const refs = Object.entries(columns).map(([key, type]) =>
    Object.freeze({ name: key, key, type: type as DataType, nullable: true }),
  )
  if (rows.length === 0 || refs.length === 0) {
    throw new PillionError('QUERY_INVALID', 'VALUES needs a row and a column at least.', {
      hint: 'Leave the condition out when there is nothing to match.',
    })
  }
  const nodes = rows.map(row => refs.map(({ key, type }) => cell((row as Record<string, unknown>)[key], type)))
  return root({ kind: 'values', name: checkedName(name), rows: nodes, columns: refs })
}

function cell(given: unknown, type: DataType): Node {
  return given === null ? { kind: 'value', value: null, type } : operand(given, type)
}

/**
 * The elements of an array as rows: `FROM unnest(x) AS name (value)`.
 *
 * ```ts
 * db.from(unnest('label', value(['a', 'b'], arrayOf(text))))
 * ```
 *
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite
 */
export function unnest<T>(name: string, array: Expr<readonly T[] | null, Scope>): DerivedHandle<{ value: T }> {
  const node = nodeOf(array)
  const type = node.type.kind === 'array' ? node.type.element : node.type
  const call: Node = { kind: 'call', name: 'unnest', args: [node], type }
  return root({
    kind: 'function',
    name: checkedName(name),
    call,
    columns: [{ name: 'value', key: 'value', type, nullable: true, read: readOfElement(node) }],
  })
}

/**
 * Whole numbers as rows: `FROM generate_series(from, to) AS name (value)`.
 *
 * ```ts
 * const day = generateSeries('day', 1, 31)
 * db.from(day).where(day.value.ne(13))
 * ```
 *
 * @param from the first number, and `to` the last: both are in
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite
 */
export function generateSeries(name: string, from: number, to: number): DerivedHandle<{ value: number }> {
  const call: Node = {
    kind: 'call',
    name: 'generate_series',
    args: [operand(from, int4), operand(to, int4)],
    type: int4,
  }
  return root({
    kind: 'function',
    name: checkedName(name),
    call,
    columns: [{ name: 'value', key: 'value', type: int4, nullable: false }],
  })
}

/**
 * Any set-returning function as a table, its columns said by name.
 *
 * ```ts
 * const words = tableFunction<{ word: string }>(
 *   'words', fn('regexp_split_to_table', text, value('a b'), value(' ')), { word: text },
 * )
 * ```
 *
 * @throws NOT_IN_DIALECT on MySQL, MariaDB and SQLite
 */
export function tableFunction<Row>(
  name: string,
  call: Expr<unknown, Scope>,
  columns: { readonly [K in keyof Row]: DataType },
): DerivedHandle<Row> {
  const refs = Object.entries(columns).map(([key, type]) =>
    Object.freeze({ name: key, key, type: type as DataType, nullable: true }),
  )
  return root({ kind: 'function', name: checkedName(name), call: nodeOf(call), columns: refs })
}
