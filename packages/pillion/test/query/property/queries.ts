/**
 * Random queries over the small world.
 *
 * @module
 */
import type { Choose } from './choices.js'
import { samples } from './data.js'
import {
  type Base,
  basesOfTest,
  type Comparison,
  type Description,
  type Field,
  isSemi,
  type JoinSketch,
  joinAt,
  type Key,
  lineage,
  type Literal,
  type Place,
  type Ref,
  tablesOf,
  type Test,
} from './description.js'
import { columnOf, type RelationSketch, relationOf, type TableName, tableAt, type Type, world } from './small-world.js'

/** A base that may be mentioned somewhere. */
interface Known {
  readonly base: Base
  readonly table: TableName
  readonly inExists: boolean
  /** Whether its to-one relations may be followed. */
  readonly followed: boolean
}

type Scope = readonly Known[]

type Many<T> = readonly [T, ...T[]]

const tableNames: Many<TableName> = ['interview', 'user', 'evaluation', 'comment', 'department', 'tag']
const comparisons: Many<Comparison> = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte']

/** A query of any kind. */
export function queryFrom(choose: Choose): Description {
  const root = choose.one(tableNames)
  const sketch = { root, joins: joinsFrom(choose, root, choose.below(5)) }
  const scope = scopeOf(sketch, mainBases(sketch))
  const order = choose.several(2, () => keyFrom(choose, scope))
  return {
    ...everything(root),
    ...sketch,
    // the keys are selected too, so that the order of rows that tie is not asked for
    fields: [...order.map(columnOfKey), ...choose.several(3, () => fieldFrom(choose, scope, 2))],
    where: choose.several(3, () => conjunctFrom(choose, sketch)),
    require: choose.several(2, () => choose.one([0, ...mainBases(sketch)])).filter(base => base !== 0),
    order,
  }
}

function columnOfKey({ of }: Key): Field {
  return { get: 'column', of }
}

/** A query in an order that tells every root apart, perhaps cut short. */
export function sortedQueryFrom(choose: Choose): Description {
  const query = queryFrom(choose)
  const joins = query.joins.filter(({ expanded }) => expanded)
  if (joins.length > 0) return query
  const id: Key = { of: { at: { base: 0, path: [] }, column: 'id' }, descending: choose.rarely(2), nulls: undefined }
  return {
    ...query,
    order: [...query.order, id],
    limit: choose.rarely(2) ? choose.below(5) : undefined,
    offset: choose.rarely(3) ? choose.below(4) : undefined,
  }
}

/** A query in an order of two or three keys, as pages want it. */
export function pagedQueryFrom(choose: Choose): Description {
  const query = queryFrom(choose)
  const scope = scopeOf(query, mainBases(query))
  const order = [keyFrom(choose, scope), keyFrom(choose, scope), ...query.order].slice(0, 1 + choose.below(3))
  const id: Field = { get: 'column', of: { at: { base: 0, path: [] }, column: 'id' } }
  return { ...query, order, fields: [id, ...order.map(columnOfKey), ...query.fields] }
}

/** A query whose conditions are over one semi handle, which is base 1. */
export function semiQueryFrom(choose: Choose): Description {
  const root = choose.one(tableNames)
  const found = joinFrom(choose, { root, joins: [] }, ['semi'])
  const sketch = found ? { root, joins: [found] } : { root: 'interview' as const, joins: [evaluations] }
  const scope = scopeOf(sketch, [1])
  const others = scopeOf(sketch, [0, 1])
  const where = [1, 2, 3].slice(choose.below(3)).map(() => semiTestFrom(choose, scope, others, 1))
  return { ...everything(root), ...sketch, where }
}

/** All rows of a table, and nothing of them. */
function everything(root: TableName): Description {
  return { root, joins: [], fields: [], where: [], require: [], order: [], limit: undefined, offset: undefined }
}

const evaluations: JoinSketch = {
  kind: 'semi',
  parent: { base: 0, path: [] },
  relation: 'evaluations',
  on: [],
  order: [],
  expanded: false,
}

/** Two conditions that one evaluation may satisfy, or one each: complaint 1 of every list with filters. */
export function twoFiltersFrom(choose: Choose): Description {
  const filter = (): Test => {
    const column = choose.one(['userId', 'rating', 'note'])
    const right = literalFrom(choose, columnOf('evaluation', column).type)
    return { is: 'compare', left: { at: { base: 1, path: [] }, column }, by: choose.one(comparisons), right }
  }
  return { ...everything('interview'), joins: [evaluations], where: [filter(), filter()] }
}

/** What may be added to what a query selects or is sorted by, and must not change which rows come back. */
export function neutralFrom(choose: Choose, query: Description): Description {
  const join = joinFrom(choose, query, ['left', 'first'])
  const sketch = join === undefined || join.expanded ? query : { ...query, joins: [...query.joins, join] }
  const known = mainBases(sketch).filter(base => lineage(sketch, base).every(each => isNeutral(sketch, each)))
  const scope = scopeOf(sketch, known)
  return {
    ...sketch,
    fields: [...query.fields, ...choose.several(2, () => fieldFrom(choose, scope, 1))],
    order: [keyFrom(choose, scope), ...query.order],
  }
}

// an ON may mention an inner handle, and so bring one
function isNeutral(sketch: Pick<Description, 'joins'>, base: number): boolean {
  const { kind, expanded, on } = joinAt(sketch, base)
  const isOuter = (kind === 'left' || kind === 'first') && !expanded
  return isOuter && on.flatMap(basesOfTest).every(each => each === 0 || isNeutral(sketch, each))
}

/** The bases that stand in FROM, the root first. */
export function mainBases(sketch: Pick<Description, 'root' | 'joins'>): readonly number[] {
  return [0, ...sketch.joins.map((_, i) => i + 1)].filter(base => !isSemi(sketch, base))
}

function semiBases(sketch: Pick<Description, 'root' | 'joins'>): readonly number[] {
  return sketch.joins.map((_, i) => i + 1).filter(base => isSemi(sketch, base))
}

/** These bases, with their tables. */
export function scopeOf(sketch: Pick<Description, 'root' | 'joins'>, bases: readonly number[]): Scope {
  const tables = tablesOf(sketch)
  return bases.map(base => ({
    base,
    table: tables[base] as TableName,
    inExists: isSemi(sketch, base),
    followed: true,
  }))
}

// --- joins -----------------------------------------------------------------------------------------------------

function joinsFrom(choose: Choose, root: TableName, most: number): readonly JoinSketch[] {
  const joins: JoinSketch[] = []
  for (let n = 0; n < most; n++) {
    const made = joinFrom(choose, { root, joins })
    if (made !== undefined) joins.push(made)
  }
  return joins
}

/** One more join of a query that has these; none where the place chosen has no relation. */
export function joinFrom(
  choose: Choose,
  sketch: Pick<Description, 'root' | 'joins'>,
  kinds: Many<JoinSketch['kind']> = ['left', 'inner', 'semi', 'first'],
): JoinSketch | undefined {
  const kind = choose.one(kinds)
  const bases = [0, ...sketch.joins.map((_, i) => i + 1)] as unknown as Many<number>
  const base = choose.one(bases)
  const [parent, table] = placeFrom(choose, scopeOf(sketch, [base]), 1)
  const found = Object.entries(world[table].relations).filter(
    ([, each]) => each.kind === 'many' || kind === 'left' || kind === 'inner',
  )
  if (found.length === 0) return undefined
  const [relation, { to, kind: cardinality }] = choose.one(found as unknown as Many<(typeof found)[number]>)
  const semi = kind === 'semi' || isSemi(sketch, base)
  const followed = parent.base === 0 && parent.path.length === 0
  const around = scopeOf(sketch, visibleTo(sketch, parent, semi)).map(each => ({ ...each, followed }))
  const scope: Scope = [{ ...itOf(to), inExists: semi }, ...around]
  const pinned = cardinality === 'many' && choose.rarely(3) ? pinOf(choose, table, relation) : undefined
  return {
    kind,
    parent,
    relation,
    on: [...(pinned ? [pinned] : []), ...choose.several(1, () => testFrom(choose, scope, 1))],
    order: kind === 'first' ? totalOrderFrom(choose, to) : [],
    expanded: cardinality === 'many' && !semi && kind !== 'first' && pinned === undefined,
  }
}

// an ON sees what it hangs off, and the root's earlier joins; inside a parenthesis it may see nothing around
function visibleTo(sketch: Pick<Description, 'root' | 'joins'>, parent: Place, semi: boolean): readonly number[] {
  const above = lineage(sketch, parent.base as number)
  const isDirect = [parent, ...above.map(base => joinAt(sketch, base).parent)].every(({ path }) => path.length === 0)
  if (!isDirect) return []
  const top = above.at(-1) ?? sketch.joins.length + 1
  const earlier = sketch.joins
    .map((_, i) => i + 1)
    .filter(base => base < top && isOfRoot(joinAt(sketch, base)) && (semi || !isSemi(sketch, base)))
  return [0, ...new Set([...above, ...earlier])]
}

function isOfRoot({ parent }: JoinSketch): boolean {
  return parent.base === 0 && parent.path.length === 0
}

function pinOf(choose: Choose, table: TableName, relation: string): Test | undefined {
  const { to, keys, through } = relationOf(table, relation)
  if (through !== undefined) return undefined
  const [, other] = keys
  const column = to !== 'evaluation' ? 'id' : other === 'interviewId' ? 'userId' : 'interviewId'
  return {
    is: 'compare',
    left: { at: { base: 'it', path: [] }, column },
    by: 'eq',
    right: literalFrom(choose, columnOf(to, column).type),
  }
}

// --- mentions --------------------------------------------------------------------------------------------------

function itOf(table: TableName): Known {
  return { base: 'it', table, inExists: false, followed: true }
}

function placeFrom(choose: Choose, scope: Scope, steps: number): readonly [Place, TableName] {
  const { base, table: start, followed } = choose.one(scope as unknown as Many<Known>)
  const path: string[] = []
  for (let n = choose.below(followed ? steps + 1 : 1); n > 0; n--) {
    const relations = relationsOf(tableAt(start, path), 'one')
    if (relations.length > 0) path.push(choose.one(relations as unknown as Many<string>))
  }
  return [{ base, path }, tableAt(start, path)]
}

function relationsOf(table: TableName, kind: RelationSketch['kind']): readonly string[] {
  return Object.entries(world[table].relations).flatMap(([name, each]) => (each.kind === kind ? [name] : []))
}

function refFrom(choose: Choose, scope: Scope): readonly [Ref, Type] {
  const [at, table] = placeFrom(choose, scope, 2)
  const column = choose.one(Object.keys(world[table].columns) as unknown as Many<string>)
  return [{ at, column }, columnOf(table, column).type]
}

function literalFrom(choose: Choose, type: Type): Literal {
  const values = samples[type]
  const literal = choose.one(values)
  // a Date holds no microseconds, so no caller can write them
  return { literal: type === 'timestamptz' ? `${(literal as string).slice(0, 23)}000` : literal, type }
}

/** A key of an order. */
export function keyFrom(choose: Choose, scope: Scope): Key {
  const [of] = refFrom(choose, scope)
  return { of, descending: choose.rarely(2), nulls: choose.one([undefined, 'first', 'last']) }
}

function totalOrderFrom(choose: Choose, table: TableName): readonly Key[] {
  const keys = choose.several(1, () => keyFrom(choose, [itOf(table)]))
  return [
    ...keys,
    { of: { at: { base: 'it', path: [] }, column: 'id' }, descending: choose.rarely(2), nulls: undefined },
  ]
}

// --- tests -----------------------------------------------------------------------------------------------------

/** A condition over a scope. */
export function testFrom(choose: Choose, scope: Scope, depth: number): Test {
  const leaves = ['compare', 'null', 'in', 'distinct', 'present'] as const
  const branches = ['or', 'not', 'and', 'exists', 'none', 'every', 'counted'] as const
  const is = choose.one(depth > 0 ? ([...leaves, ...branches] as const) : leaves)
  switch (is) {
    case 'compare':
    case 'null':
    case 'in':
    case 'distinct':
    case 'present':
      return leafFrom(choose, is, scope, scope)
    case 'and':
    case 'or':
      return { is, of: [testFrom(choose, scope, depth - 1), testFrom(choose, scope, depth - 1)] }
    case 'not':
      return { is, of: testFrom(choose, scope, depth - 1) }
    default:
      return quantifiedFrom(choose, is, scope, scope, depth)
  }
}

function leafFrom(
  choose: Choose,
  is: 'compare' | 'null' | 'in' | 'distinct' | 'present',
  scope: Scope,
  others: Scope,
): Test {
  const negated = choose.rarely(2)
  if (is === 'present') {
    const [at] = placeFrom(choose, scope, 2)
    // an EXISTS cannot be asked for a row that is not there
    const semi = scope.some(({ base, inExists }) => base === at.base && inExists)
    return { is, at, negated: negated && !semi }
  }
  const [left, type] = refFrom(choose, scope)
  switch (is) {
    case 'null':
      return { is, of: left, negated }
    case 'in':
      return { is, of: left, values: choose.several(3, () => literalFrom(choose, type)), negated }
    case 'distinct':
      return { is, left, right: besideFrom(choose, type, others), negated }
    case 'compare':
      return { is, left, by: choose.one(comparisons), right: besideFrom(choose, type, others) }
  }
}

function besideFrom(choose: Choose, type: Type, scope: Scope): Ref | Literal {
  const [ref, found] = refFrom(choose, scope)
  const literal = literalFrom(choose, type)
  return found === type && choose.rarely(2) ? ref : literal
}

function quantifiedFrom(
  choose: Choose,
  is: 'exists' | 'none' | 'every' | 'counted',
  scope: Scope,
  others: Scope,
  depth: number,
): Test {
  const [at, table] = placeFrom(choose, scope, 1)
  const relations = relationsOf(table, 'many')
  if (relations.length === 0) return leafFrom(choose, 'compare', scope, others)
  const relation = choose.one(relations as unknown as Many<string>)
  const inside = insideOf(others, relationOf(table, relation).to)
  const where = testFrom(choose, inside, depth - 1)
  return is === 'counted'
    ? {
        is,
        at,
        relation,
        where: choose.rarely(2) ? where : undefined,
        by: choose.one(comparisons),
        number: choose.below(3),
      }
    : { is, at, relation, where }
}

// what a callback of a relation sees: its own row for `it`, and the handles around it
function insideOf(scope: Scope, table: TableName): Scope {
  return [itOf(table), itOf(table), ...scope.filter(({ base }) => base !== 'it')]
}

function conjunctFrom(choose: Choose, sketch: Pick<Description, 'root' | 'joins'>): Test {
  const semi = semiBases(sketch)
  const main = scopeOf(sketch, mainBases(sketch))
  if (semi.length === 0 || choose.rarely(3)) return testFrom(choose, main, 2)
  const base = choose.one(semi as unknown as Many<number>)
  const top = topSemi(sketch, base)
  const family = semi.filter(each => topSemi(sketch, each) === top)
  const scope = scopeOf(sketch, family)
  const others = choose.rarely(4) ? scopeOf(sketch, semi) : [...scope, ...main]
  return choose.rarely(2)
    ? leafFrom(choose, 'compare', scope, others)
    : semiTestFrom(choose, scope, [...scope, ...main], 2)
}

function topSemi(sketch: Pick<Description, 'joins'>, base: number): number {
  return lineage(sketch, base).findLast(each => joinAt(sketch, each).kind === 'semi') as number
}

// each side of a disjunction must mention the same semi handles, so each leaf mentions this family
function semiTestFrom(choose: Choose, scope: Scope, others: Scope, depth: number): Test {
  const again = () => semiTestFrom(choose, scope, others, depth - 1)
  const is = choose.one(
    depth > 0
      ? (['compare', 'null', 'in', 'distinct', 'or', 'not', 'and', 'exists', 'none', 'every', 'counted'] as const)
      : (['compare', 'null', 'in', 'distinct'] as const),
  )
  switch (is) {
    case 'and':
    case 'or':
      return { is, of: [again(), again()] }
    case 'not':
      return { is, of: again() }
    case 'compare':
    case 'null':
    case 'in':
    case 'distinct':
      return leafFrom(choose, is, scope, others)
    default:
      return quantifiedFrom(choose, is, scope, others, 1)
  }
}

// --- fields ----------------------------------------------------------------------------------------------------

/** Something selected. */
export function fieldFrom(choose: Choose, scope: Scope, depth: number): Field {
  const plain = ['column', 'nest', 'row', 'test'] as const
  const get = choose.one(depth > 0 ? ([...plain, 'list', 'count', 'sum', 'min', 'max', 'avg'] as const) : plain)
  switch (get) {
    case 'column':
      return { get, of: refFrom(choose, scope)[0] }
    case 'nest': {
      const [at, table] = placeFrom(choose, scope, 2)
      const columns = Object.keys(world[table].columns).filter(() => choose.rarely(2))
      return { get, at, columns }
    }
    case 'row':
      return { get, at: placeFrom(choose, scope, 2)[0] }
    case 'test':
      return { get, of: testFrom(choose, scope, 1) }
    default:
      return gatheredFrom(choose, get, scope, depth)
  }
}

const summable: ReadonlySet<Type> = new Set(['int4', 'int8', 'numeric'])

function gatheredFrom(
  choose: Choose,
  get: 'list' | 'count' | 'sum' | 'min' | 'max' | 'avg',
  scope: Scope,
  depth: number,
): Field {
  const [at, table] = placeFrom(choose, scope, 1)
  const relations = relationsOf(table, 'many')
  if (relations.length === 0) return { get: 'row', at }
  const relation = choose.one(relations as unknown as Many<string>)
  const { to } = relationOf(table, relation)
  const inside = insideOf(scope, to)
  const where = choose.rarely(2) ? testFrom(choose, inside, 1) : undefined
  if (get === 'count') return { get, at, relation, where }
  if (get === 'list') {
    const fields = [
      fieldFrom(choose, inside, depth - 1),
      ...choose.several(2, () => fieldFrom(choose, inside, depth - 1)),
    ]
    const limit = choose.rarely(3) ? choose.below(4) : undefined
    return { get, at, relation, fields, where, order: totalOrderFrom(choose, to), limit }
  }
  const columns = Object.entries(world[to].columns).flatMap(([name, { type }]) => {
    const fits = get === 'avg' ? type === 'int4' : get === 'sum' ? summable.has(type) : true
    return fits ? [name] : []
  })
  return { get, at, relation, column: choose.one(columns as unknown as Many<string>), where }
}
