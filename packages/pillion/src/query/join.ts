/**
 * The words that make a join: `inner`, `left`, `some`, `first`, `alias`, `on`, `relate`, `required`.
 * Each call makes a new handle, and a handle is one join.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { bool } from '../schema/base-types.js'
import { type Condition, type Expr, expr, nameOf, nodeOf, type Order, orderOf } from './expr.js'
import {
  columnNode,
  equalities,
  references,
  handleOf,
  isMany,
  joinNode,
  joinOf,
  type ManyNode,
  manyObject,
  manyOf,
  requiredBy,
  rootNode,
  tableOf,
} from './handle.js'
import type { HandleNode, Node, OrderNode, Origin, SelectData, Shape } from './node.js'
import { nowhere } from './origin.js'
import { rebase } from './rebase.js'
import { wholeNumber } from './row-count.js'
import { selectFrom } from './select.js'
import type { Handle, HandleOf, Joined, Kind, Many, Root, Scope } from './types.js'

/** Extra conditions of a join, as a function of its handle. */
export type On<H, S extends Scope = Scope> = (handle: H) => Condition<S> | readonly Condition<S>[]

/** Conditions of a joined handle may mention no semi handle but one it is below. */
type OnJoined<H, S extends Scope> = On<H, NoInfer<S> | 'joined'>

/** A relation to join: to-many, or a to-one to be joined in another way than by its own key. */
export type Joinable<K extends Kind, N, S extends Scope> = Many<K, N, S> | Joined<K, N, S>

/**
 * An inner join: rows without a match go. `… JOIN evaluation ON evaluation.interview_id = interview.id AND …`
 *
 * Its rows multiply unless `on` pins a unique key: such a handle is mentioned only in a query that says
 * `q.expand(h)`.
 *
 * ```ts
 * const e = inner(interview.evaluations, e => e.rating.gt(5))
 * ```
 *
 * @throws QUERY_INVALID when `relation` is none
 */
export function inner<K extends Kind, N, S extends Scope>(
  relation: Joinable<K, N, S>,
  on?: OnJoined<HandleOf<K, N, S>, S>,
): HandleOf<K, N, S> {
  return join('inner', relation, on as On<object>) as HandleOf<K, N, S>
}

/**
 * A left join: every row stays, and the columns of this handle are `T | null`.
 * `… LEFT JOIN evaluation ON evaluation.interview_id = interview.id AND evaluation.user_id = $1`
 *
 * ```ts
 * const mine = left(interview.evaluations, e => e.userId.eq(me))
 * ```
 *
 * @throws QUERY_INVALID when `relation` is none
 */
export function left<K extends Kind, N, S extends Scope>(
  relation: Joinable<K, N, S>,
  on?: OnJoined<HandleOf<K, never, S>, S>,
): HandleOf<K, null, S> {
  return join('left', relation, on as On<object>) as HandleOf<K, null, S>
}

/**
 * A semi join: rows that have a match, never twice. All top-level `where` conditions that mention this handle,
 * from any function, form one EXISTS: `… WHERE EXISTS (SELECT FROM evaluation WHERE … AND … AND …)`.
 * Two calls are two EXISTS.
 *
 * ```ts
 * const byOne = some(interview.evaluations)
 * q.where(byOne.user.username.eq('ada')).where(byOne.rating.gt(5))    // one evaluation satisfies both
 * ```
 *
 * @throws HANDLE_MISPLACED when it is mentioned outside `where`
 */
export function some<K extends Kind, N, S extends Scope>(
  relation: Many<K, N, S>,
  on?: On<HandleOf<K, never, 'semi'>>,
): HandleOf<K, never, 'semi'> {
  return join('semi', relation, on as On<object>) as HandleOf<K, never, 'semi'>
}

/** Which row `first` takes. */
export interface FirstOptions<H, S extends Scope = 'joined'> {
  readonly orderBy: (handle: H) => Order<S> | readonly Order<S>[]
  readonly where?: On<H, S> | undefined
}

/**
 * The first row of a to-many relation in an order, or none: never multiplies.
 * `LEFT JOIN LATERAL (SELECT … FROM evaluation WHERE … ORDER BY … LIMIT 1) AS evaluation ON TRUE`
 *
 * ```ts
 * const best = first(interview.evaluations, { orderBy: e => e.rating.desc({ nulls: 'last' }) })
 * db.from(interview).select({ id: interview.id, best: best.rating, by: best.user.username })
 * ```
 */
export function first<K extends Kind, N, S extends Scope>(
  relation: Many<K, N, S>,
  options: FirstOptions<HandleOf<K, never, 'joined'>, NoInfer<S> | 'joined'>,
): HandleOf<K, null, S> {
  const many = manyOf(relation)
  const local = correlate(many)
  const handle = handleOf(local.handle) as HandleOf<K, never, 'joined'>
  const { where, orderBy } = (options as typeof options | undefined) ?? ({} as typeof options)
  const query: SelectData = {
    ...correlatedSelect(local),
    select: underDatabaseNames(local.handle),
    where: [...local.where, ...conditions(where as On<object>, handle as object)].map(node => ({
      node,
      origin: nowhere,
    })),
    orderBy: ordersOf(listed(madeOf(handle, orderBy, 'The orderBy of first')), nowhere),
    limit: wholeNumber(1),
  }
  const shows = tableOf(many.target)
  const source = {
    kind: 'query',
    name: many.target.name,
    query: Object.freeze(query),
    lateral: true,
    shows,
    columns: many.target.columns,
  } as const
  const node = joinNode(
    { kind: 'left', source: Object.freeze(source), parent: many.parent, path: many.path, many: false },
    () => [],
  )
  return handleOf(node) as HandleOf<K, null, S>
}

// relations and keys find the columns of the lateral table by the names they have in the database
function underDatabaseNames(handle: HandleNode): Shape {
  const fields = handle.source.columns.map(column => ({
    key: column.name,
    shape: { kind: 'value', node: columnNode(handle, column, undefined) } as const,
  }))
  return { kind: 'object', fields }
}

/**
 * The same table once more, as a root of its own: for self joins and subqueries.
 * `name` becomes its alias in the text.
 *
 * ```ts
 * const parent = alias(department)
 * db.from(department).where(exists(db.from(parent).where(parent.id.eq(department.parentId))))
 * ```
 *
 * @throws QUERY_INVALID when `handle` is not a root
 */
export function alias<K extends Kind, N, S extends Scope>(
  handle: Handle<K, N, S>,
  name?: string,
): Root<HandleOf<K, never, 'joined'>> {
  const { kind, source, path } = joinOf(handle)
  if (kind !== 'root') {
    throw new PillionError('QUERY_INVALID', `alias() takes a root, and ${path} is a join.`, {
      hint: 'Make a second join with left(…) or inner(…), or alias the table itself.',
    })
  }
  return handleOf(rootNode(source, name === undefined ? undefined : checkedName(name))) as Root<
    HandleOf<K, never, 'joined'>
  >
}

/**
 * A name that will stand in the text as it is.
 *
 * @throws QUERY_INVALID when the server would cut it (63 bytes)
 */
export function checkedName(name: string): string {
  if (typeof name !== 'string') {
    throw new PillionError('QUERY_INVALID', `Expected a name, got ${nameOf(name)}.`, { hint: 'Give a string.' })
  }
  if (name.length > 0 && byteLength(name) <= 63 && !name.includes('\0')) return name
  throw new PillionError('QUERY_INVALID', `A name has ${byteLength(name)} bytes; the server keeps 1 to 63.`, {
    hint: 'Choose a shorter name: the server would cut this one, and two names could become one.',
  })
}

/**
 * A new join with further conditions in its ON; the given handle is unchanged.
 *
 * ```ts
 * const recent = on(mine, e => e.createdAt.gt(since))
 * ```
 */
export function on<K extends Kind, N, S extends Scope>(
  handle: Handle<K, N, S>,
  condition: OnJoined<HandleOf<K, N, S>, S> | Condition<NoInfer<S> | 'joined'>,
): HandleOf<K, N, S> {
  const old = joinOf(handle)
  if (old.parent === undefined) {
    throw new PillionError('QUERY_INVALID', `${old.path} is a root and has no ON.`, { hint: 'Use where(…).' })
  }
  const node = rejoin(old, old.bridge?.kind ?? old.kind, self =>
    typeof condition === 'function'
      ? conditions(condition as On<object>, handleOf(self))
      : [rebase(nodeOf(condition), old, self)],
  )
  return handleOf(node) as HandleOf<K, N, S>
}

const utf8 = new TextEncoder()

function byteLength(name: string): number {
  return utf8.encode(name).length
}

/**
 * A relation made on the spot, where the database has no key for it: to be given to `left`, `some`, `list`, ….
 *
 * ```ts
 * const sameDay = relate(interview, alias(interview), other => other.heldOn.eq(interview.heldOn))
 * db.from(interview).select({ id: interview.id, others: count(sameDay) })
 * ```
 */
export function relate<K extends Kind, N, S extends Scope, T extends Kind>(
  parent: Handle<K, N, S>,
  target: Handle<T, unknown, Scope>,
  condition: OnJoined<HandleOf<T, never, S>, S>,
): Many<T, N, S> {
  const { source } = joinOf(target)
  const from = joinOf(parent)
  return manyObject({
    parent: from,
    target: source,
    relation: undefined,
    junction: undefined,
    on: handle => conditions(condition as On<object>, handle),
    path: `${from.path} → ${source.name}`,
  }) as Many<T, N, S>
}

/**
 * A left handle seen as present: its columns lose their `null`. A query that mentions it must `require` it.
 *
 * ```ts
 * db.from(interview).require(mine).select({ rating: required(mine).rating })    // number, not number | null
 * ```
 *
 * @throws HANDLE_MISPLACED when the query does not require the handle
 */
export function required<K extends Kind, N, S extends Scope>(handle: Handle<K, N, S>): HandleOf<K, never, S> {
  const node = joinOf(handle)
  return handleOf(node, node) as HandleOf<K, never, S>
}

/**
 * Is the joined row there? Tested on its key: `evaluation.id IS NOT NULL`.
 *
 * ```ts
 * db.from(interview).select({ id: interview.id, rated: present(mine) })
 * ```
 */
export function present<K extends Kind, N, S extends Scope>(handle: Handle<K, N, S>): Expr<boolean, S> {
  return presence(handle, true)
}

/**
 * Is the joined row missing? Tested on its key: `evaluation.id IS NULL`. For a to-many, `none(relation)`.
 *
 * ```ts
 * db.from(interview).where(absent(mine))   // those that I have not rated
 * ```
 *
 * @throws HANDLE_MISPLACED for a semi handle
 */
export function absent<K extends Kind, N>(handle: Handle<K, N, 'joined'>): Expr<boolean> {
  return presence(handle, false)
}

function presence<S extends Scope>(handle: object, isPresent: boolean): Expr<boolean, S> {
  const node = joinOf(handle)
  if (!isPresent && node.semi) {
    throw new PillionError('HANDLE_MISPLACED', `absent(${node.path}) asks an EXISTS for a row that is not there.`, {
      hint: 'Use none(relation, …).',
    })
  }
  return expr({ kind: 'presence', handle: node, present: isPresent, type: bool })
}

function join(kind: 'inner' | 'left' | 'semi', relation: unknown, condition: On<object> | undefined): object {
  const self = (node: HandleNode) => conditions(condition, handleOf(node))
  if (isMany(relation)) return handleOf(joinMany(kind, manyOf(relation), self))
  const old = joinOf(relation)
  if (old.parent === undefined) {
    throw new PillionError(
      'QUERY_INVALID',
      `${old.path} is a table, not a relation, so ${kind} cannot tell what it joins.`,
      {
        hint: 'Give a relation such as interview.evaluations, or relate(interview, table, on).',
      },
    )
  }
  return handleOf(rejoin(old, kind, self), requiredBy(relation))
}

/** A to-one relation, or any join, made once more in another way. */
function rejoin(old: HandleNode, kind: HandleNode['kind'], more: (self: HandleNode) => readonly Node[]): HandleNode {
  const { source, path, many, hint } = old
  const on = (self: HandleNode) => [...old.on.map(each => rebase(each, old, self)), ...more(self)]
  const { bridge } = old
  if (bridge === undefined) return joinNode({ kind, source, parent: old.parent as HandleNode, path, many, hint }, on)
  // what is between is part of the join
  const between = rejoin(bridge, kind, () => [])
  return joinNode({ kind: 'inner', source, parent: between, path, many, bridge: between, hint }, on)
}

function joinMany(
  kind: 'inner' | 'left' | 'semi',
  many: ManyNode,
  more: (self: HandleNode) => readonly Node[],
): HandleNode {
  const { parent, target, relation, junction, path } = many
  const through = relation?.through
  if (relation === undefined || through === undefined || junction === undefined) {
    const own = (self: HandleNode) =>
      relation ? references(self, relation.targetColumns, parent, relation.columns) : (many.on?.(handleOf(self)) ?? [])
    return joinNode({ kind, source: target, parent, path, many: true }, self => [...own(self), ...more(self)])
  }
  const bridge = joinNode({ kind, source: junction, parent, path: `${path} via ${junction.name}`, many: true }, self =>
    references(self, through.columns, parent, relation.columns),
  )
  return joinNode({ kind: 'inner', source: target, parent: bridge, path, many: false, bridge }, self => [
    ...equalities(self, relation.targetColumns, bridge, through.targetColumns),
    ...more(self),
  ])
}

/** A relation as a FROM of its own: the ground of `exists`, `list`, `count` and `first`. */
export interface Correlated {
  readonly root: HandleNode
  readonly handle: HandleNode
  readonly where: readonly Node[]
}

/** A relation as a subquery's FROM and the WHERE that ties it to the outer handle. */
export function correlate(many: ManyNode): Correlated {
  const { parent, target, relation, junction } = many
  const through = relation?.through
  if (relation === undefined) {
    const root = rootNode(target)
    return { root, handle: root, where: many.on?.(handleOf(root)) ?? [] }
  }
  if (through === undefined || junction === undefined) {
    const root = rootNode(target)
    return { root, handle: root, where: references(root, relation.targetColumns, parent, relation.columns) }
  }
  const root = rootNode(junction)
  const handle = joinNode({ kind: 'inner', source: target, parent: root, path: many.path, many: false }, self =>
    equalities(self, relation.targetColumns, root, through.targetColumns),
  )
  return { root, handle, where: references(root, through.columns, parent, relation.columns) }
}

/** An empty SELECT over a correlated relation. */
export function correlatedSelect({ root, where }: Correlated): SelectData {
  const empty = selectFrom(root, { kind: 'object', fields: [] })
  return { ...empty, where: where.map(node => ({ node, origin: nowhere })) }
}

/** What a condition callback returned, as nodes. */
export function conditions(condition: On<object> | undefined, handle: object): readonly Node[] {
  if (condition === undefined) return []
  return listed(madeOf(handle, condition, 'A condition on related rows')).map(nodeOf)
}

/**
 * What a callback makes of a handle, where no compiler has seen that it is one.
 *
 * @throws QUERY_INVALID
 */
export function madeOf<H, R>(handle: H, callback: (handle: H) => R, what: string): R {
  if (typeof callback === 'function') return callback(handle)
  throw new PillionError('QUERY_INVALID', `${what} should be a function, but is ${nameOf(callback)}.`, {
    hint: 'Write a function of the related row, as e => e.id.asc(): its columns are of a handle that only it is given.',
  })
}

/** What a callback returned, one or several, as several. */
export function listed<T>(made: T | readonly T[]): readonly T[] {
  return Array.isArray(made) ? made : [made as T]
}

/** Order keys, as nodes written at a place. */
export function ordersOf(orders: readonly unknown[], origin: Origin): readonly OrderNode[] {
  return orders.map(order => {
    const { of, descending, nulls } = orderOf(order)
    return { of, descending, nulls, origin }
  })
}
