/**
 * SELECT as text, clause by clause, from its plan.
 *
 * @module
 */
import type {
  Clause,
  CompoundData,
  HandleNode,
  Node,
  QueryData,
  QuerySource,
  RowCount,
  SelectData,
  ShapeField,
  TableSource,
} from '../../query/node.js'
import { queryOfSource } from '../absent-query.js'
import type { JoinPlan } from '../arrange.js'
import { asksOfDerived, isAskedOfDerived, isMerged } from '../correlation.js'
import type { Dialect } from '../dialect.js'
import { buildError, notInDialect } from '../failure.js'
import { int8 } from '../../schema/base-types.js'
import { keysOfTable } from '../../schema/keys.js'
import { firstSelect } from '../../query/select.js'
import { foldsInHaving, foldsRows, keepsRows, rangesOverRows } from '../fan-out.js'
import { checkGroups, conditionsOnTold, restOfKeys } from '../grouping.js'
import { withAbsenceSaid } from '../forgotten-absence.js'
import { flatten, type Leaf, readAlike } from '../layout.js'
import { eachMentionOfQuery, mayBeAbsent } from '../mentions.js'
import { ordinalOf } from '../ordinal.js'
import { type Plan, planSelect } from '../plan.js'
import type { SemiPlan } from '../semi-join.js'
import { conjunct, expression, groupKey, isTold, orderBy, sortKey, whole } from './expression.js'
import { leaving, leavingItself } from './leaving.js'
import {
  aliasOf,
  holdsNothing,
  nameHandle,
  placeholder,
  type Printing,
  requireFeature,
  type Scope,
  tooLong,
} from './scope.js'
import { separated } from './separated.js'
import { sought } from './sought.js'
import { source } from './source.js'

/** Do the selected values leave the server, or stay inside the statement? */
type Whither = 'out' | 'inside'

export function existence(query: QueryData, outer: Scope | undefined, out: Printing): string {
  out.traits.add('EXISTS')
  noteCorrelation(query, out)
  return sought(out, () => anyRow(query, outer, out))
}

function anyRow(query: QueryData, outer: Scope | undefined, out: Printing): string {
  // what is selected decides which rows DISTINCT makes one, and what a place in the select list groups by
  if (query.kind === 'select' && keepsRows(query)) return select(planSelect(query), outer, out, () => '1')
  const folded = rows(query, outer, out)
  const { skipsFolded, missesNested, quote } = out.dialect
  const isMissed = missesNested === true && isNested(query)
  if (!isMissed && (skipsFolded || query.offset === undefined)) return folded
  if (outer !== undefined) requireSight(query, outer)
  return `SELECT 1 FROM (${folded}) AS ${quote('skipped')}`
}

function noteCorrelation(query: QueryData, { traits }: Printing): void {
  if (isMerged(query) && asksOfDerived(query)) traits.add('a subquery about a derived table inside a semi-join')
}

/** Is it a set operation a side of which is one itself? */
function isNested(query: QueryData): boolean {
  return query.kind === 'compound' && [query.left, query.right].some(({ kind }) => kind === 'compound')
}

export function members(query: QueryData, outer: Scope, out: Printing): string {
  noteCorrelation(query, out)
  const cut = sought(out, () => rows(query, outer, out))
  const { lacks, quote } = out.dialect
  if (!lacks.has('LIMIT inside IN') || (query.limit === undefined && query.offset === undefined)) return cut
  requireSight(query, outer)
  return `SELECT * FROM (${cut}) AS ${quote('members')}`
}

/** A query that is to stand in FROM mentions none of those around it, or the dialect lets it. */
function requireSight(query: QueryData, outer: Scope): void {
  if (sees(query, outer)) requireFeature('a table in FROM that sees the query around its own', outer)
}

/** Does a query mention one of those around it? */
function sees(query: QueryData, outer: Scope): boolean {
  const scopes: Scope[] = []
  for (let each: Scope | undefined = outer; each !== undefined; each = each.outer) scopes.push(each)
  let found = false
  eachMentionOfQuery(query, handle => {
    found ||= scopes.some(({ aliases }) => aliases.has(handle))
  })
  return found
}

export function rows(query: QueryData, outer: Scope | undefined, out: Printing, whither: Whither = 'inside'): string {
  return query.kind === 'compound'
    ? compound(query, outer, out, whither)
    : select(planSelect(query), outer, out, selectList(query, whither))
}

function selectList(query: SelectData, whither: Whither): (scope: Scope) => string {
  const { leaves } = flatten(query.select)
  return scope => {
    const items = separated(leaves, ', ', whither === 'out' ? itemOut : item, scope)
    if (query.distinct === true) checkDistinctOrder(query, leaves, scope)
    return items === '' ? '1' : items
  }
}

function item(leaf: Leaf, scope: Scope): string {
  return named(leaf, whole(leaf.node, scope), scope)
}

/** An item of the list whose values leave the server. */
function itemOut(leaf: Leaf, scope: Scope): string {
  const sql = whole(leaf.node, scope)
  const out = leavingItself(leaf.node, sql, scope.out.dialect)
  return out === sql ? named(leaf, sql, scope) : `${outOfGroup(leaf, sql, scope) ?? out} AS ${scope.quote(leaf.name)}`
}

/** What is grouped by, and leaves as an expression over it; what is grouped by its place is that expression. */
function outOfGroup({ node }: Leaf, sql: string, scope: Scope): string | undefined {
  if (!isTold(node, scope) || ordinalOf(scope.query, node) !== undefined) return undefined
  return leavingItself(node, `${scope.told?.by}(${sql})`, scope.out.dialect)
}

function changes({ node }: Leaf, dialect: Dialect): boolean {
  return leaving(node, 'v', dialect) !== 'v'
}

function named({ node, name }: Leaf, sql: string, scope: Scope): string {
  if (name.includes('\0')) throw holdsNothing('A key that is selected', scope)
  const plain = node.kind === 'column' && node.column.name === name
  return plain || tooLong(name, scope.out.dialect) ? sql : `${sql} AS ${scope.quote(name)}`
}

function checkDistinctOrder(query: SelectData, leaves: readonly Leaf[], scope: Scope): void {
  const selected = new Set(leaves.map(leaf => expression(leaf.node, scope)))
  for (const key of query.orderBy) {
    if (selected.has(expression(key.of, scope))) continue
    throw buildError(
      'DISTINCT_ORDER',
      'DISTINCT is sorted by an expression that is not selected: rows that it made one may differ in it.',
      'Select it too, or use groupBy(…) with an aggregate as the key, or distinctOn(…).',
      query.origin,
    )
  }
}

export function select(plan: Plan, outer: Scope | undefined, out: Printing, what: (scope: Scope) => string): string {
  const { query } = plan
  const scope: Scope = { out, quote: out.dialect.quote, aliases: new Map(), outer, query }
  if (query.groupBy.length > 0) out.grouped = true
  const alias = nameHandle(query.root, scope)
  nameJoins(plan.joins, scope)
  const once = onceAGroup(scope)
  const selected = what(once)
  const from = ` FROM ${source(query.root.source, alias, scope)}`
  scope.out.witness?.join?.(query.root, alias.name, 'from', '')
  const joins = joined(plan.joins, scope)
  const where = conditions(plan, scope)
  const keys = groupedBy(query, scope)
  const group = keys.length > 0 ? ` GROUP BY ${separated(keys, ', ', groupKey, scope)}` : ''
  const having = query.having.length > 0 ? ` HAVING ${separated(query.having, ' AND ', clause, inHaving(scope))}` : ''
  const ordered = order(query, once)
  checkGrouping(query, scope)
  // when all is printed: a handle that is in no query is told first
  checkGroups(query)
  if (outer === undefined) out.order = ordered
  return `SELECT ${outer?.hint ?? ''}${distinct(query, scope)}${selected}${from}${joins}${where}${group}${having}${ordered}${limits(query, scope)}`
}

function groupedBy(query: SelectData, { out: { dialect } }: Scope): readonly Node[] {
  return dialect.groupsByPrimaryKeys === true ? [...query.groupBy, ...restOfKeys(query)] : query.groupBy
}

/** Where expressions are asked for once a group. */
function onceAGroup(scope: Scope): Scope {
  const { ofGroup } = scope.out.dialect
  return ofGroup === undefined || scope.query.groupBy.length === 0
    ? scope
    : { ...scope, told: { by: ofGroup, columns: false } }
}

function inHaving(scope: Scope): Scope {
  const { inHaving: by } = scope.out.dialect
  return by === undefined || scope.query.groupBy.length === 0 ? scope : { ...scope, told: { by, columns: true } }
}

function order(query: SelectData, scope: Scope): string {
  const { keepsOrder } = scope.out.dialect
  const ordered = orderBy(query.orderBy, scope, sortKey)
  const isAtRisk = ordered !== '' && query.groupBy.length > 0 && keepsOrder !== undefined && rangesOverRows(query)
  return isAtRisk ? `${ordered}, ${keepsOrder}` : ordered
}

/** Not every dialect takes all rows for one group where no more says so. */
function checkGrouping(query: SelectData, scope: Scope): void {
  const { groupBy, having, orderBy: keys } = query
  const folds = foldsInHaving(query) || (scope.out.dialect.inHaving !== undefined && conditionsOnTold(query))
  if (folds && rangesOverRows(query)) requireFeature('HAVING over an aggregate beside a window function', scope)
  if (groupBy.length > 0 || (having.length === 0 && keys.length === 0)) return
  const selects = foldsRows({ ...query, orderBy: [] })
  if (having.length > 0) requireFeature('HAVING without GROUP BY', scope)
  if (having.length > 0 && !selects)
    requireFeature('HAVING where nothing is grouped and nothing that is selected is an aggregate', scope)
  if (!selects && foldsRows(query)) requireFeature('an aggregate in ORDER BY alone', scope)
}

function conditions({ where, semis }: Plan, scope: Scope): string {
  const plain = separated(where, ' AND ', conjunct, scope)
  const semi = separated(semis, ' AND ', exists, scope)
  if (plain === '' && semi === '') return ''
  return ` WHERE ${plain}${plain !== '' && semi !== '' ? ' AND ' : ''}${semi}`
}

function clause({ node }: Clause, scope: Scope): string {
  return conjunct(node, scope)
}

function nameJoins(joins: readonly JoinPlan[], scope: Scope): void {
  for (const { handle, inside } of joins) {
    nameHandle(handle, scope)
    nameJoins(inside, scope)
  }
}

function distinct({ distinct: kind }: SelectData, scope: Scope): string {
  if (typeof kind === 'boolean') return kind ? 'DISTINCT ' : ''
  requireFeature('DISTINCT ON', scope)
  return `DISTINCT ON (${separated(kind, ', ', expression, scope)}) `
}

export function limits({ limit, offset }: Pick<QueryData, 'limit' | 'offset'>, { out }: Scope): string {
  if (limit === undefined && offset === undefined) return ''
  return out.dialect.limits(limit && rowCount(limit, out), offset && rowCount(offset, out))
}

function rowCount(rows: RowCount, out: Printing): string {
  return rows.kind === 'number' ? String(rows.value) : placeholder(rows, int8, out, rows.bound)
}

function joined(joins: readonly JoinPlan[], scope: Scope): string {
  return separated(scope.out.dialect.forgetsAbsence === true ? withAbsenceSaid(joins) : joins, '', join, scope)
}

function join({ handle, kind, inside, on }: JoinPlan, scope: Scope): string {
  const alias = aliasOf(handle, scope)
  if (kind === 'left') scope.out.leftJoins++
  noteAbsence(handle, scope.out)
  const byKey = isLateral(handle) && scope.out.dialect.lacks.has('LATERAL') ? firstByKey(handle, scope) : undefined
  const table = byKey?.table ?? source(handle.source, alias, scope)
  const within = kind === 'left' ? { ...scope, hint: scope.out.dialect.hintInLeftJoin } : scope
  const nested = inside.length > 0 ? `(${table}${separated(inside, '', join, within)})` : table
  const own = separated(on, ' AND ', conjunct, within)
  const condition = byKey === undefined ? own : own === '' ? byKey.on : `${byKey.on} AND ${own}`
  const always = isLateral(handle) && kind !== 'left' ? scope.out.dialect.onLateral : undefined
  scope.out.witness?.join?.(handle, alias.name, isLateral(handle) ? 'lateral' : kind, condition)
  if (always !== undefined) return ` JOIN ${nested} ON ${condition === '' ? always : `${condition} AND ${always}`}`
  if (condition === '') return kind === 'left' ? ` LEFT JOIN ${nested} ON TRUE` : ` CROSS JOIN ${nested}`
  return ` ${kind === 'left' ? 'LEFT JOIN' : 'JOIN'} ${nested} ON ${condition}`
}

function noteAbsence(handle: HandleNode, { absent }: Printing): void {
  const query = queryOfSource(handle.source)
  if (query !== undefined && mayBeAbsent(handle)) absent.add(query)
}

function isLateral({ source: from }: HandleNode): boolean {
  return from.kind === 'query' && from.lateral
}

/** The table that a lateral query takes one row of, joined on the key of that row: for want of LATERAL. */
function firstByKey(handle: HandleNode, scope: Scope): { readonly table: string; readonly on: string } {
  const { source: from } = handle
  const { shows, query } = from as QuerySource
  const key = shows && firstKey(shows)
  if (shows === undefined || key === undefined || query.kind !== 'select') throw noLateral(scope)
  const alias = aliasOf(handle, scope)
  const shown = query.select.kind === 'object' ? query.select.fields : []
  const fields = key.map(name => shown.find(field => field.key === name))
  if (fields.some(field => field === undefined)) throw noLateral(scope)
  const inner = scope.out.subqueries.rows(
    { ...query, select: { kind: 'object', fields: fields as ShapeField[] } },
    scope,
    scope.out,
  )
  const columns = key.map(name => `${alias.sql}.${scope.quote(name)}`)
  const row = columns.length === 1 ? (columns[0] as string) : `(${columns.join(', ')})`
  return { table: source(shows, alias, scope), on: `${row} = (${inner})` }
}

function firstKey({ table, columns }: TableSource): readonly string[] | undefined {
  return keysOfTable(table).find(names =>
    names.every(name => columns.some(each => each.name === name && !each.nullable)),
  )
}

function noLateral({ out, query }: Scope) {
  return notInDialect(out.dialect.name, 'LATERAL, nor this table a key that would do instead', query.origin)
}

function exists(plan: SemiPlan, scope: Scope): string {
  const { traits } = scope.out
  traits.add('EXISTS')
  const isOwn = (handle: HandleNode) => handle.semi !== undefined && plan.tops.includes(handle.semi)
  if (plan.where.some(node => isAskedOfDerived(node, isOwn))) {
    traits.add('a subquery about a derived table inside a semi-join')
  }
  return `EXISTS (${sought(scope.out, () => related(plan, scope))})`
}

function related({ tops, joins, where }: SemiPlan, scope: Scope): string {
  const inner: Scope = { ...scope, aliases: new Map(), outer: scope }
  for (const top of tops) nameHandle(top, inner)
  nameJoins(joins, inner)
  const from = separated(tops, ' CROSS JOIN ', standing, inner)
  const between = joined(joins, inner)
  const condition = separated(where, ' AND ', conjunct, inner)
  for (const top of tops) {
    scope.out.witness?.join?.(top, aliasOf(top, inner).name, 'exists', separated(top.on, ' AND ', conjunct, inner))
  }
  return `SELECT 1 FROM ${from}${between}${condition ? ` WHERE ${condition}` : ''}`
}

function standing(top: HandleNode, scope: Scope): string {
  return source(top.source, aliasOf(top, scope), scope)
}

export function compound(
  query: CompoundData,
  outer: Scope | undefined,
  out: Printing,
  whither: Whither = 'inside',
): string {
  checkSides(query)
  const { dialect } = out
  const within = whither === 'out' && sortedOtherwise(query, dialect)
  const column = (name: string) => (within ? `${dialect.quote('rows')}.${dialect.quote(name)}` : dialect.quote(name))
  const { leaves } = flatten(firstSelect(query).select)
  const keys = query.orderBy.map(({ key, descending, nulls }) => {
    const { node } = checkSortable(key, query, dialect)
    const sorted = dialect.compoundKey?.(column(key), node.type) ?? column(key)
    return dialect.orderKey(sorted, descending, nulls)
  })
  const ordered = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : ''
  const scope: Scope = { out, quote: dialect.quote, aliases: new Map(), outer, query: firstSelect(query) }
  const side = within ? 'inside' : whither
  const sides = dialect.compound(
    rows(query.left, outer, out, side),
    query.operator,
    rows(query.right, outer, out, side),
  )
  if (sides === undefined) throw notInDialect(dialect.name, query.operator, query.origin)
  if (outer === undefined) out.order = ordered
  if (!within) return `${sides}${ordered}${limits(query, scope)}`
  const items = leaves.map(leaf => `${leaving(leaf.node, column(leaf.name), dialect)} AS ${dialect.quote(leaf.name)}`)
  return `SELECT ${items.join(', ')} FROM (${sides}) AS ${dialect.quote('rows')}${ordered}${limits(query, scope)}`
}

/** Is a key sent in another form than it is sorted in? */
function sortedOtherwise(query: CompoundData, dialect: Dialect): boolean {
  const { leaves } = flatten(firstSelect(query).select)
  if (leaves.some(({ name }) => tooLong(name, dialect))) return false
  return leaves.some(leaf => changes(leaf, dialect) && query.orderBy.some(({ key }) => key === leaf.name))
}

// the order of a set operation knows its output by name alone
function checkSortable(key: string, query: CompoundData, dialect: Dialect): Leaf {
  const named = flatten(firstSelect(query).select).leaves.filter(({ name }) => name === key)
  const [only] = named
  if (only !== undefined && named.length === 1 && !tooLong(key, dialect)) return only
  throw buildError(
    'QUERY_INVALID',
    `A set operation is sorted by a key that names ${named.length === 1 ? 'a column with too long a name' : 'no column of its own'}.`,
    `Sort by a key under which one expression is selected, of at most ${dialect.maxIdentifier} bytes, and not an object.`,
    query.origin,
  )
}

// rows of both sides are read as those of the first
function checkSides({ left, right, origin }: CompoundData): void {
  if (readAlike(firstSelect(left).select, firstSelect(right).select)) return
  throw buildError(
    'QUERY_INVALID',
    'The two sides of a set operation nest objects of which only one may be absent, or lists that differ.',
    'Nest what is joined alike on both sides, or select the columns themselves.',
    origin,
  )
}
