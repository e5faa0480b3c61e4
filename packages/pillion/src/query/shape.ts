/**
 * What a query selects: an object of expressions, whole handles and nested objects, as a tree.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { type Expr, isExpr, nameOf, nodeOf, unnamed, untyped } from './expr.js'
import { columnNode, handleOf, isHandle, isMany, joinOf, manyOf, requiredBy, unchosen } from './handle.js'
import { nestKey } from './marks.js'
import type { HandleNode, Node, Shape, ShapeField } from './node.js'
import type { Handle, HandleOf, Kind, RowOf, Scope } from './types.js'

/** What may be selected: never a semi handle's columns, never a bare to-many. */
export type Selectable = Expr<unknown, 'joined'> | Handle<Kind, unknown, 'joined'> | Nested<unknown> | Selection

/** An object of what may be selected. */
export interface Selection {
  readonly [key: string]: Selectable
}

declare const nested: unique symbol

/** An object that is null as a whole when its handle's row is absent. */
export interface Nested<out T> {
  readonly [nested]: T
}

/** The type of what was selected. */
export type Out<X> =
  X extends Expr<infer T, Scope>
    ? T
    : X extends Nested<infer T>
      ? T
      : X extends Handle
        ? RowOf<X>
        : { [K in keyof X]: Out<X[K]> }

/**
 * Some columns of a handle as one object: null as a whole when the joined row is absent, which is told by its
 * key; inside, columns have their own nullability.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, mine: nest(mine, e => ({ rating: e.rating, at: e.createdAt })) })
 * // { id: number; mine: { rating: number; at: Date } | null }
 * ```
 */
export function nest<K extends Kind, N, F extends Selection>(
  handle: Handle<K, N, 'joined'>,
  fields: (handle: HandleOf<K, never, 'joined'>) => F,
): Nested<Out<F> | N> {
  const node = joinOf(handle)
  const made = fields(handleOf(node, requiredBy(handle)) as HandleOf<K, never, 'joined'>)
  return Object.freeze({ [nestKey]: Object.freeze({ kind: 'nest', handle: node, fields: fieldsOf(made) }) }) as never
}

/** The shape of something selected. */
export function shapeOf(value: unknown, key = 'select'): Shape {
  if (isExpr(value)) return { kind: 'value', node: typedNode(value, key) }
  if (isHandle(value)) return rowShape(joinOf(value), requiredBy(value))
  if (isMany(value)) throw unchosen(manyOf(value).path)
  const nest = (value as { readonly [nestKey]?: Shape } | null | undefined)?.[nestKey]
  if (nest !== undefined) return nest
  const hint = unnamed(value)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && hint === undefined)
    return { kind: 'object', fields: fieldsOf(value) }
  throw new PillionError('QUERY_INVALID', `${key} cannot be selected: it is ${nameOf(value)}.`, {
    hint: hint ?? 'Select columns, handles, functions of them, or objects of these; wrap a plain value in value(…).',
  })
}

// the server takes a lone placeholder for text, whatever its TypeScript type
function typedNode(value: Expr<unknown, Scope>, key: string): Node {
  const node = nodeOf(value)
  if (node.type !== untyped) return node
  throw new PillionError('QUERY_INVALID', `${key} is a parameter by itself, and nothing says of which data type.`, {
    hint: 'Say it: cast(param, int4).',
  })
}

function fieldsOf(fields: object): readonly ShapeField[] {
  return Object.keys(fields).map(key => ({ key, shape: shapeOf((fields as Selection)[key], key) }))
}

/** Every column of a handle. */
export function rowShape(handle: HandleNode, required?: HandleNode): Shape {
  const fields = handle.source.columns.map(column => ({
    key: column.key,
    shape: { kind: 'value', node: columnNode(handle, column, required) } as const,
  }))
  return { kind: 'nest', handle, fields }
}
