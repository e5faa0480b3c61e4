/**
 * Set operations: UNION, INTERSECT, EXCEPT.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { baseName } from '../schema/base-types.js'
import type { DataType } from '../schema/model.js'
import type { Engine, Prepared } from './engine.js'
import { nullsOf, queryOf, widest } from './expr.js'
import type { CompoundData, Node, QueryData, Shape, ShapeField } from './node.js'
import type { Param } from './param.js'
import { rowCount } from './row-count.js'
import { Runnable } from './runnable.js'
import { firstSelect } from './select.js'

/**
 * Two queries under a set operation.
 *
 * ```ts
 * await union(db.from(interview).select({ id: interview.ownerId }), db.from(evaluation).select({ id: evaluation.userId }))
 *   .orderBy('id', 'desc')
 *   .all()
 * ```
 */
export class CompoundQuery<Row> extends Runnable<Row, CompoundData> {
  protected override remake(data: CompoundData, engine: Engine, prepared?: Prepared): this {
    return new CompoundQuery<Row>(data, engine, prepared) as this
  }

  /**
   * Appends an order key: a column of the output.
   *
   * @throws QUERY_INVALID for another direction, which may have come from outside
   */
  orderBy(
    key: keyof Row & string,
    direction: 'asc' | 'desc' = 'asc',
    options?: { readonly nulls?: 'first' | 'last' | undefined },
  ): this {
    if (!directions.has(direction)) throw directionless()
    const added = { key, descending: direction === 'desc', nulls: nullsOf(options) }
    return this.made({ ...this.data, orderBy: [...this.data.orderBy, added] })
  }

  /** At most so many rows. */
  limit(rows: number | Param<number | null>): this {
    return this.made({ ...this.data, limit: rowCount(rows, 'limit()') })
  }

  /** Skips so many rows. */
  offset(rows: number | Param<number | null>): this {
    return this.made({ ...this.data, offset: rowCount(rows, 'offset()') })
  }
}

type Compatible<Row> = Runnable<Row, QueryData>

/** What joins the rows of two queries. A column that may be NULL on one side may be NULL in the rows. */
interface SetOperation {
  <Row>(a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row>
  <A extends object, B extends OrNull<A>>(a: Compatible<A>, b: Compatible<B>): CompoundQuery<Either<A, B>>
}

type OrNull<Row> = { readonly [Key in keyof Row]: Row[Key] | null }
type Either<A, B extends OrNull<A>> = { [Key in keyof A]: A[Key] | B[Key] }

/** `a UNION b`: rows of either, each once. Columns are matched by key, in the order of the first. */
export const union: SetOperation = <Row>(a: Compatible<Row>, b: Compatible<Row>) => compound('UNION', a, b)
/** `a UNION ALL b`: rows of both. Columns are matched by key, in the order of the first. */
export const unionAll: SetOperation = <Row>(a: Compatible<Row>, b: Compatible<Row>) => compound('UNION ALL', a, b)
/** `a INTERSECT b`: rows in both, each once. Columns are matched by key, in the order of the first. */
export const intersect: SetOperation = <Row>(a: Compatible<Row>, b: Compatible<Row>) => compound('INTERSECT', a, b)
/** `a EXCEPT b`: rows of a that are not in b, each once. Columns are matched by key, in the order of the first. */
export const except: SetOperation = <Row>(a: Compatible<Row>, b: Compatible<Row>) => compound('EXCEPT', a, b)

function compound<Row>(operator: CompoundData['operator'], a: Compatible<Row>, b: Compatible<Row>): CompoundQuery<Row> {
  const first = queryOf(a)
  const right = likeSelect(first, queryOf(b))
  const data: CompoundData = {
    kind: 'compound',
    operator,
    left: likeSelect(right, first),
    right,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    origin: first.origin,
  }
  return new CompoundQuery<Row>(Object.freeze(data), engineOf(a))
}

function engineOf(query: Compatible<unknown>): Engine {
  return (query as unknown as { readonly engine: Engine }).engine
}

// SQL matches columns by position, and would pair what only stands in the same place
function likeSelect(model: QueryData, query: QueryData): QueryData {
  if (query.kind === 'compound') {
    return Object.freeze({ ...query, left: likeSelect(model, query.left), right: likeSelect(model, query.right) })
  }
  return Object.freeze({ ...query, select: shapeLike(firstSelect(model).select, query.select) })
}

function shapeLike(model: Shape, shape: Shape): Shape {
  if (model.kind === 'value' && shape.kind === 'value')
    return { kind: 'value', node: numberLike(model.node, shape.node) }
  if (model.kind === 'value' || shape.kind === 'value') throw unlike()
  const fields = model.fields.map(field => fieldLike(field, shape.fields))
  if (fields.length !== shape.fields.length) throw unlike()
  return { ...shape, fields }
}

// the server makes one type of both sides, and they are read as the first
function numberLike(model: Node, node: Node): Node {
  const { type } = widest([model, node])
  return isFloat(type) && !isFloat(node.type) ? Object.freeze({ kind: 'cast', of: node, type }) : node
}

function isFloat(type: DataType): boolean {
  return baseName(type).startsWith('float')
}

function fieldLike({ key, shape: model }: ShapeField, fields: readonly ShapeField[]): ShapeField {
  const found = fields.find(field => field.key === key)
  if (found === undefined) throw unlike()
  return { key, shape: shapeLike(model, found.shape) }
}

const directions: ReadonlySet<unknown> = new Set(['asc', 'desc'])

function directionless(): PillionError {
  return new PillionError('QUERY_INVALID', "A set operation is sorted 'asc' or 'desc', and in no other direction.", {
    hint: "Write orderBy('id', 'desc'), in small letters; check what came from outside.",
  })
}

function unlike(): PillionError {
  return new PillionError('QUERY_INVALID', 'The two sides of a set operation do not select the same keys.', {
    hint: 'Select an object with the same keys, nested alike, on both sides.',
  })
}
