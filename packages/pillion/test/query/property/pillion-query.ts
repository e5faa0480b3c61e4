/**
 * A description as a pillion query, through the public interface alone.
 *
 * @module
 */
import {
  absent,
  and,
  avg,
  type Condition,
  count,
  type Database,
  every,
  exists,
  type Expr,
  first,
  type Handle,
  inner,
  type Kind,
  left,
  list,
  type Many,
  max,
  min,
  nest,
  none,
  not,
  type On,
  on,
  or,
  type Order,
  present,
  type Query,
  type Selectable,
  some,
  sum,
} from 'pillion'
import type { DB } from '../../support/interviews.gen.js'
import type { Description, Field, JoinSketch, Key, Literal, Place, Ref, Test } from './description.js'

/** A handle whose columns and relations are known by description only. */
type AnyHandle = Handle<Kind, unknown, 'joined'> & {
  readonly [name: string]: Expr<never> & Many & Handle<Kind, unknown, 'joined'>
}

type Handles = readonly AnyHandle[]

/** In which order things are said. Neither may matter. */
export interface Building {
  /** Of making handles, as far as they do not need each other. */
  readonly creation?: readonly number[]
  /** Of `where`, `expand` and `require`. */
  arrange?<T>(things: readonly T[]): readonly T[]
  /** How a join is made of its relation and its conditions. */
  readonly join?: Joining
}

/** A way to make a join. */
export type Joining = (kind: 'inner' | 'left' | 'semi', relation: Many, conditions: On<unknown>) => unknown

/** All conditions in the call that makes the join. */
export const atOnce: Joining = (kind, relation, conditions) => {
  const make = { inner, left, semi: some }[kind] as typeof left
  return make(relation, conditions)
}

/** One condition after the other, each making a new join of the last. */
export const stepByStep: Joining = (kind, relation, conditions) => {
  const bare = atOnce(kind, relation, () => [])
  const { length } = conditions(bare) as readonly Condition[]
  const one = (i: number) => (it: unknown) =>
    (conditions(it) as readonly Condition<'joined'>[])[i] as Condition<'joined'>
  return Array.from({ length }, (_, i) => one(i)).reduce(
    (handle, condition) => on(handle as AnyHandle, condition),
    bare,
  )
}

type AnyQuery = Query<unknown>

/** The query of a description. */
export function queryOf(db: Database<DB>, description: Description, building: Building = {}): AnyQuery {
  const { root, joins, fields, where, require, order: keys, limit, offset } = description
  const { creation, arrange = things => things, join = atOnce } = building
  const handles = handlesOf(db, { root, joins }, creation, join)
  const at = (base: number) => handles[base] as AnyHandle
  const expanded = joins.flatMap((join, i) => (join.expanded ? [i + 1] : []))
  const clauses = arrange<(query: AnyQuery) => AnyQuery>([
    ...where.map(test => (query: AnyQuery) => query.where(condition(test, handles))),
    ...expanded.map(base => (query: AnyQuery) => query.expand(at(base), { allowCrossProduct: true })),
    ...require.map(base => (query: AnyQuery) => query.require(at(base))),
    ...(limit === undefined ? [] : [(query: AnyQuery) => query.limit(limit)]),
    ...(offset === undefined ? [] : [(query: AnyQuery) => query.offset(offset)]),
  ])
  const selection = Object.fromEntries(fields.map((each, i) => [`f${i}`, field(each, handles)]))
  const start: AnyQuery = db.from(at(0)).select(selection)
  const sorted = keys.length === 0 ? start : start.orderBy(...keys.map(key => order(key, handles)))
  return clauses.reduce((query, clause) => clause(query), sorted)
}

/** The handles of a description, the root's first. */
export function handlesOf(
  db: Database<DB>,
  { root, joins }: Pick<Description, 'root' | 'joins'>,
  creation: readonly number[] = [],
  joining: Joining = atOnce,
): Handles {
  const handles: AnyHandle[] = [db.tables[root] as unknown as AnyHandle]
  const make = (base: number): void => {
    if (handles[base] !== undefined) return
    const join = joins[base - 1] as JoinSketch
    for (const needed of joins.keys()) if (needed + 1 < base && mentions(join, needed + 1)) make(needed + 1)
    handles[base] = joined(join, handles, joining)
  }
  for (const base of [...creation, ...joins.map((_, i) => i + 1)]) if (base <= joins.length) make(base)
  return handles
}

function mentions(join: JoinSketch, base: number): boolean {
  return JSON.stringify(join, (_, value: unknown) => (typeof value === 'bigint' ? null : value)).includes(
    `"base":${base},`,
  )
}

function joined({ kind, parent, relation, on: tests, order: keys }: JoinSketch, handles: Handles, joining: Joining) {
  const from = place(parent, handles)[relation] as Many
  const conditions = (it: unknown) => tests.map(test => condition(test, handles, it as AnyHandle))
  if (kind !== 'first') return joining(kind, from, conditions) as AnyHandle
  return first(from, {
    orderBy: it => keys.map(key => order(key, handles, it as AnyHandle)),
    where: conditions,
  }) as AnyHandle
}

function place({ base, path }: Place, handles: Handles, it?: AnyHandle): AnyHandle {
  const start = base === 'it' ? (it as AnyHandle) : (handles[base] as AnyHandle)
  return path.reduce((handle, relation) => handle[relation] as unknown as AnyHandle, start)
}

/** The column of a reference. */
function column({ at, column: name }: Ref, handles: Handles, it?: AnyHandle): Expr<never> {
  return place(at, handles, it)[name] as Expr<never>
}

function side(of: Ref | Literal, handles: Handles, it: AnyHandle | undefined): never {
  return ('literal' in of ? given(of) : column(of, handles, it)) as never
}

/** A literal as a caller writes it. */
function given({ literal, type }: Literal): unknown {
  return type === 'timestamptz' ? new Date((literal as string).replace(' ', 'T').slice(0, 23) + 'Z') : literal
}

/** The condition of a test. */
function condition(test: Test, handles: Handles, it?: AnyHandle): Condition {
  const related = (at: Place, relation: string) => place(at, handles, it)[relation] as Many
  const local = (where: Test | undefined) => where && ((each: unknown) => condition(where, handles, each as AnyHandle))
  switch (test.is) {
    case 'compare':
      return column(test.left, handles, it)[test.by](side(test.right, handles, it))
    case 'distinct': {
      const self = column(test.left, handles, it)
      const other = side(test.right, handles, it)
      return test.negated ? self.isNotDistinctFrom(other) : self.isDistinctFrom(other)
    }
    case 'null': {
      const self = column(test.of, handles, it)
      return test.negated ? self.isNotNull() : self.isNull()
    }
    case 'in': {
      const self = column(test.of, handles, it)
      const values = test.values.map(given) as never[]
      return test.negated ? self.notIn(values) : self.in(values)
    }
    case 'present':
      return test.negated ? absent(place(test.at, handles, it)) : present(place(test.at, handles, it))
    case 'and':
      return and(...test.of.map(each => condition(each, handles, it)))
    case 'or':
      return or(...test.of.map(each => condition(each, handles, it)))
    case 'not':
      return not(condition(test.of, handles, it))
    case 'exists':
      return exists(related(test.at, test.relation), local(test.where))
    case 'none':
      return none(related(test.at, test.relation), local(test.where))
    case 'every':
      return every(related(test.at, test.relation), it => condition(test.where, handles, it as AnyHandle))
    case 'counted':
      return count(related(test.at, test.relation), local(test.where))[test.by](test.number)
  }
}

/** The order key of a key. */
function order({ of, descending, nulls }: Key, handles: Handles, it?: AnyHandle): Order {
  const options = nulls === undefined ? undefined : { nulls }
  const self = column(of, handles, it)
  return descending ? self.desc(options) : self.asc(options)
}

/** What selects a field. */
function field(of: Field, handles: Handles, it?: AnyHandle): Selectable {
  switch (of.get) {
    case 'column':
      return column(of.of, handles, it)
    case 'row':
      return place(of.at, handles, it)
    case 'nest':
      return nest(place(of.at, handles, it), each =>
        Object.fromEntries(of.columns.map(name => [name, (each as AnyHandle)[name] as Expr<never>])),
      )
    case 'test':
      return condition(of.of, handles, it) as Expr<boolean | null>
    case 'list':
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return gathered(of, place(of.at, handles, it)[of.relation] as Many, handles)
  }
}

type Gathered = Extract<Field, { readonly relation: string }>

function gathered(of: Gathered, relation: Many, handles: Handles): Selectable {
  const { where } = of
  const local = where && ((each: unknown) => condition(where, handles, each as AnyHandle))
  switch (of.get) {
    case 'list':
      return list(
        relation,
        each => Object.fromEntries(of.fields.map((inside, i) => [`f${i}`, field(inside, handles, each as AnyHandle)])),
        {
          orderBy: each => of.order.map(key => order(key, handles, each as AnyHandle)),
          ...(local && { where: local }),
          ...(of.limit !== undefined && { limit: of.limit }),
        },
      ) as Expr<unknown>
    case 'count':
      return count(relation, local) as Expr<unknown>
    case 'sum':
      return sum(relation, folded(of.column), local) as Expr<unknown>
    case 'min':
      return min(relation, folded(of.column), local) as Expr<unknown>
    case 'max':
      return max(relation, folded(of.column), local) as Expr<unknown>
    case 'avg':
      return avg(relation, folded(of.column), local) as Expr<unknown>
  }
}

const folded = (name: string) => (each: unknown) => (each as AnyHandle)[name] as Expr<never>
