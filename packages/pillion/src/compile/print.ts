/**
 * From a plan to text. Placeholders for every value; an alias for every handle, chosen here, in first-mention order,
 * and so the same in every run.
 *
 * @module
 */
import type {
  AggregateNode,
  Cte,
  HandleNode,
  Node,
  OrderNode,
  ParamKey,
  QueryData,
  SelectData,
  Source,
  SubqueryNode,
  TableSource,
  ValueNode,
} from '../query/node.js'
import { untyped } from '../query/expr.js'
import type { DataType, Table } from '../schema/model.js'
import type { Dialect } from './dialect.js'
import { buildError, nameOfHandle } from './failure.js'
import { flatten, type Leaf, selectionOf, travelsAsText } from './layout.js'
import type { JoinPlan } from './arrange.js'
import { eachAggregate } from './fan-out.js'
import { type Plan, planSelect } from './plan.js'
import type { SemiPlan } from './semi-join.js'

/** What a placeholder stands for. */
export type Slot =
  | { readonly kind: 'value'; readonly node: ValueNode }
  | { readonly kind: 'param'; readonly param: ParamKey; readonly type: DataType }

/** A printed statement. */
export interface Printed {
  readonly sql: string
  readonly slots: readonly Slot[]
  /** The outermost ORDER BY keys: what a page cursor belongs to. */
  readonly order: string
  /** The catalogue's tables it reads. */
  readonly tables: readonly Table[]
}

/** Told about each join and each column as it is printed. */
export interface Witness {
  column?(handle: HandleNode, name: string): void
  join?(handle: HandleNode, alias: string, kind: 'from' | 'inner' | 'left' | 'exists' | 'lateral', on: string): void
}

/** A statement being printed. */
interface Printing {
  readonly dialect: Dialect
  readonly witness: Witness | undefined
  readonly names: Set<string>
  readonly slots: Slot[]
  readonly positions: Map<ValueNode | ParamKey, { readonly type: DataType; readonly sql: string }[]>
  readonly ctes: Map<Cte, string>
  readonly cteNames: Set<string>
  readonly tables: Set<TableSource>
  readonly withs: string[]
  recursive: boolean
  order: string
}

/** A handle's name, bare and quoted. */
interface Alias {
  readonly name: string
  readonly sql: string
}

/** One SELECT of it, and what stands around. */
interface Scope {
  readonly out: Printing
  readonly quote: (name: string) => string
  readonly aliases: Map<HandleNode, Alias>
  readonly outer: Scope | undefined
  readonly query: SelectData
}

/** Prints a query; `form` says whether its rows are wanted, or only whether there is one. */
export function print(
  query: QueryData,
  dialect: Dialect,
  form: 'rows' | 'exists' = 'rows',
  witness?: Witness,
): Printed {
  const out: Printing = {
    dialect,
    witness,
    names: new Set(),
    slots: [],
    positions: new Map(),
    ctes: new Map(),
    cteNames: new Set(),
    tables: new Set(),
    withs: [],
    recursive: false,
    order: '',
  }
  const body = form === 'exists' ? `SELECT EXISTS (${existence(query, undefined, out)})` : rows(query, undefined, out)
  checkShadows(query, out)
  const head = out.withs.length > 0 ? `WITH ${out.recursive ? 'RECURSIVE ' : ''}${out.withs.join(', ')} ` : ''
  return { sql: head + body, slots: out.slots, order: out.order, tables: [...out.tables].map(each => each.table) }
}

function checkShadows(query: QueryData, { cteNames, tables }: Printing): void {
  if (cteNames.size === 0) return
  const shadowed = [...tables].find(({ name, qualified }) => !qualified && cteNames.has(name))
  if (shadowed === undefined) return
  throw buildError(
    'QUERY_INVALID',
    `The CTE ${shadowed.name} is named as a table of the same statement, and would hide it.`,
    'Give the CTE another name.',
    query.origin,
  )
}

// --- names -------------------------------------------------------------------------------------------------

function uniqueName(base: string, taken: Set<string>, { maxIdentifier }: Dialect): string {
  let name = cut(base, maxIdentifier)
  for (let n = 2; taken.has(name); n++) name = cut(base, maxIdentifier - `_${n}`.length) + `_${n}`
  taken.add(name)
  return name
}

function nameHandle(handle: HandleNode, scope: Scope): Alias {
  const name = uniqueName(handle.hint ?? handle.source.name, scope.out.names, scope.out.dialect)
  const alias = { name, sql: scope.quote(name) }
  scope.aliases.set(handle, alias)
  return alias
}

function aliasOf(handle: HandleNode, scope: Scope): Alias {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    const alias = each.aliases.get(handle)
    if (alias !== undefined) return alias
  }
  throw buildError(
    'HANDLE_UNOWNED',
    `${nameOfHandle(handle)} is mentioned, but no query around it starts from its root.`,
    'Start from that root, or make the handle from the root of this query; two alias(…) of one table are two roots. Derived tables and CTEs do not see handles outside them.',
    scope.query.origin,
  )
}

// --- values ------------------------------------------------------------------------------------------------

// one value against one type is one placeholder, wherever it stands
function placeholder(
  key: ValueNode | ParamKey,
  type: DataType,
  slot: Slot,
  { slots, positions, dialect }: Printing,
): string {
  const known = positions.get(key)
  const position = known?.find(each => each.type === type)
  if (position !== undefined) return position.sql
  const sql = dialect.placeholder(slots.push(slot))
  if (known === undefined) positions.set(key, [{ type, sql }])
  else known.push({ type, sql })
  return sql
}

function bare(node: Node, scope: Scope): string {
  if (node.kind === 'value') return placeholder(node, node.type, { kind: 'value', node }, scope.out)
  if (node.kind === 'param')
    return placeholder(node.param, node.type, { kind: 'param', param: node.param, type: node.type }, scope.out)
  return atom(node, scope)
}

function typed(node: Node, scope: Scope): string {
  const sql = bare(node, scope)
  return node.type === untyped ? sql : scope.out.dialect.cast(sql, node.type)
}

// --- expressions -------------------------------------------------------------------------------------------

function atom(node: Node, scope: Scope): string {
  const sql = expression(node, scope)
  return isCompound(node) ? `(${sql})` : sql
}

function expression(node: Node, scope: Scope): string {
  switch (node.kind) {
    case 'column':
      return column(node.handle, node.column.name, node.required, scope)
    case 'value':
    case 'param':
      return typed(node, scope)
    case 'number':
      return String(node.value)
    case 'operator':
      return operator(node, scope)
    case 'call':
      return `${functionName(node.name, scope)}(${node.args.map(arg => expression(arg, scope)).join(', ')})`
    case 'aggregate':
      return aggregate(node, scope)
    case 'case': {
      const whens = node.whens.map(each => `WHEN ${expression(each.when, scope)} THEN ${expression(each.then, scope)}`)
      const otherwise = node.otherwise ? ` ELSE ${expression(node.otherwise, scope)}` : ''
      return `CASE ${whens.join(' ')}${otherwise} END`
    }
    case 'cast':
      return scope.out.dialect.cast(atom(node.of, scope), node.type)
    case 'logic':
      if (node.args.length === 0) return node.operator === 'and' ? 'TRUE' : 'FALSE'
      if (node.args.length === 1) return expression(node.args[0] as Node, scope)
      return node.args.map(arg => atom(arg, scope)).join(node.operator === 'and' ? ' AND ' : ' OR ')
    case 'not':
      return `NOT ${atom(node.of, scope)}`
    case 'presence':
      return presence(node.handle, node.present, scope)
    case 'subquery':
      return subquery(node, scope)
    case 'array':
      return `ARRAY[${node.items.map(item => expression(item, scope)).join(', ')}]`
    case 'fragment':
      return node.parts.reduce((sql, part, i) => sql + atom(node.args[i - 1] as Node, scope) + part)
  }
}

function column(handle: HandleNode, name: string, required: HandleNode | undefined, scope: Scope): string {
  if (required !== undefined) checkRequired(required, scope)
  scope.out.witness?.column?.(handle, name)
  return `${aliasOf(handle, scope).sql}.${scope.quote(name)}`
}

function checkRequired(handle: HandleNode, scope: Scope): void {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    if (each.query.require.some(({ handle: known }) => isWithin(known, handle))) return
  }
  throw buildError(
    'HANDLE_MISPLACED',
    `required(${nameOfHandle(handle)}) is mentioned in a query that does not require it, so its columns may be NULL.`,
    'Add .require(handle) to the query, or mention the handle itself.',
    scope.query.origin,
  )
}

function operator({ form, operator: symbol, args }: Node & { readonly kind: 'operator' }, scope: Scope): string {
  if (form === 'prefix') return `${symbol} ${atom(args[0] as Node, scope)}`
  if (form === 'postfix') return `${atom(args[0] as Node, scope)} ${symbol}`
  const [left, right, third] = args as readonly [Node, Node, Node | undefined]
  const isBare = (left.kind === 'column' || right.kind === 'column') && !needsType.has(symbol)
  const operand = isBare ? bare : operandOf
  const sql = `${operand(left, scope)} ${symbol} `
  if (third !== undefined) return `${sql}${operand(right, scope)} AND ${operand(third, scope)}`
  return arrayOperators.has(symbol) ? `${sql}(${operand(right, scope)})` : sql + operand(right, scope)
}

function operandOf(node: Node, scope: Scope): string {
  return node.kind === 'value' || node.kind === 'param' ? typed(node, scope) : atom(node, scope)
}

function presence(handle: HandleNode, isPresent: boolean, scope: Scope): string {
  const sure = handle.source.columns.find(each => !each.nullable)
  const alias = aliasOf(handle, scope).sql
  // a row of NULLs is not a missing row: only the latter's text is NULL
  const sql = sure ? `${alias}.${scope.quote(sure.name)}` : `${alias}::text`
  return `${sql} IS ${isPresent ? 'NOT ' : ''}NULL`
}

function functionName(name: string, scope: Scope): string {
  if (/^[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)?$/.test(name)) return name
  throw buildError(
    'QUERY_INVALID',
    'A function name is not one or two plain identifiers.',
    "Write it as 'schema.name', without arguments.",
    scope.query.origin,
  )
}

function aggregate(node: AggregateNode, scope: Scope): string {
  const args =
    node.name === 'count' && node.args.length === 0 ? '*' : node.args.map(arg => expression(arg, scope)).join(', ')
  const distinct = node.distinct ? 'DISTINCT ' : ''
  const ordered = orderBy(node.orderBy, scope)
  const inner = node.withinGroup ? `(${args}) WITHIN GROUP (${ordered.trim()})` : `(${distinct}${args}${ordered})`
  const filter = node.filter ? ` FILTER (WHERE ${expression(node.filter, scope)})` : ''
  return `${node.name}${inner}${filter}${node.over ? ` OVER (${over(node.over, scope)})` : ''}`
}

function over({ partitionBy, orderBy: keys, frame }: NonNullable<AggregateNode['over']>, scope: Scope): string {
  const partition =
    partitionBy.length > 0 ? `PARTITION BY ${partitionBy.map(key => expression(key, scope)).join(', ')}` : ''
  return [partition, orderBy(keys, scope).trim(), frame ?? ''].filter(Boolean).join(' ')
}

function orderBy(keys: readonly OrderNode[], scope: Scope): string {
  return keys.length === 0 ? '' : ` ORDER BY ${keys.map(key => orderKey(key, scope)).join(', ')}`
}

function orderKey({ of, descending, nulls }: OrderNode, scope: Scope): string {
  return `${expression(of, scope)}${descending ? ' DESC' : ''}${nulls ? ` NULLS ${nulls.toUpperCase()}` : ''}`
}

// --- subqueries --------------------------------------------------------------------------------------------

function subquery(node: SubqueryNode, scope: Scope): string {
  switch (node.form) {
    case 'exists':
      return `EXISTS (${existence(node.query, scope, scope.out)})`
    case 'not exists':
      return `NOT EXISTS (${existence(node.query, scope, scope.out)})`
    case 'scalar':
      return `(${rows(node.query, scope, scope.out)})`
    case 'array':
      return `ARRAY(${rows(node.query, scope, scope.out)})`
    case 'in':
      return `${operandOf(node.operand as Node, scope)} IN (${rows(node.query, scope, scope.out)})`
    case 'not in':
      return `${operandOf(node.operand as Node, scope)} NOT IN (${rows(node.query, scope, scope.out)})`
    case 'list':
      return `(${list(node.query, scope)})`
  }
}

function existence(query: QueryData, outer: Scope | undefined, out: Printing): string {
  if (query.kind === 'compound' || hasAggregate(query)) return rows(query, outer, out)
  return select(planSelect(query), outer, out, () => '1')
}

function rows(query: QueryData, outer: Scope | undefined, out: Printing): string {
  return query.kind === 'compound'
    ? compound(query, outer, out)
    : select(planSelect(query), outer, out, selectList(query))
}

function list(query: QueryData, outer: Scope): string {
  const simple =
    query.kind === 'select' && query.limit === undefined && query.offset === undefined && query.distinct === false
  if (!simple) return listOfRows(query, outer)
  const { leaves, layout } = flatten(query.select)
  const plan = planSelect(query)
  return select({ ...plan, query: { ...query, orderBy: [] } }, outer, outer.out, scope => {
    const items = leaves.map(leaf => jsonItem(leaf, scope))
    return scope.out.dialect.jsonRows(
      layout.kind === 'value' ? (items[0] as string) : scope.out.dialect.jsonArray(items),
      orderBy(query.orderBy, scope),
    )
  })
}

// LIMIT and DISTINCT come before the gathering, so they stand in a table of their own, numbered to keep its order
function listOfRows(query: QueryData, outer: Scope): string {
  const { out, quote } = outer
  const { names, dialect } = out
  const { leaves, layout } = flatten(selectionOf(query))
  const name = uniqueName('item', names, dialect)
  const items = leaves.map((leaf, i) => jsonText(`${quote(name)}.${quote(`c${i}`)}`, leaf.node))
  const item = layout.kind === 'value' ? (items[0] as string) : dialect.jsonArray(items)
  const inner =
    query.kind === 'compound'
      ? compound(query, outer, out)
      : select(planSelect(query), outer, out, scope =>
          leaves.map((leaf, i) => `${expression(leaf.node, scope)} AS ${quote(`c${i}`)}`).join(', '),
        )
  const numbered = `SELECT *, row_number() OVER () AS ${quote('n')} FROM (${inner}) AS ${quote(uniqueName('row', names, dialect))}`
  return `SELECT ${dialect.jsonRows(item, ` ORDER BY ${quote(name)}.${quote('n')}`)} FROM (${numbered}) AS ${quote(name)}`
}

function jsonItem({ node }: Leaf, scope: Scope): string {
  return jsonText(
    node.kind === 'subquery' || !isCompound(node) ? expression(node, scope) : `(${expression(node, scope)})`,
    node,
  )
}

function jsonText(sql: string, node: Node): string {
  return travelsAsText(node) ? `${sql}::text` : sql
}

function selectList(query: SelectData): (scope: Scope) => string {
  const { leaves } = flatten(query.select)
  return scope => {
    const items = leaves.map(({ node, name }) => {
      const sql = expression(node, scope)
      const plain = node.kind === 'column' && node.column.name === name
      return plain || tooLong(name, scope.out.dialect) ? sql : `${sql} AS ${scope.quote(name)}`
    })
    if (query.distinct === true) checkDistinctOrder(query, leaves, scope)
    return items.length === 0 ? '1' : items.join(', ')
  }
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

// --- SELECT ------------------------------------------------------------------------------------------------

function select(plan: Plan, outer: Scope | undefined, out: Printing, what: (scope: Scope) => string): string {
  const { query } = plan
  const scope: Scope = { out, quote: out.dialect.quote, aliases: new Map(), outer, query }
  const alias = nameHandle(query.root, scope)
  nameJoins(plan.joins, scope)
  const selected = what(scope)
  const from = ` FROM ${source(query.root.source, alias, scope)}`
  scope.out.witness?.join?.(query.root, alias.name, 'from', '')
  const joins = plan.joins.map(each => join(each, scope)).join('')
  const conditions = [...plan.where.map(node => conjunct(node, scope)), ...plan.semis.map(semi => exists(semi, scope))]
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const group =
    query.groupBy.length > 0 ? ` GROUP BY ${query.groupBy.map(node => expression(node, scope)).join(', ')}` : ''
  const having =
    query.having.length > 0 ? ` HAVING ${query.having.map(each => conjunct(each.node, scope)).join(' AND ')}` : ''
  const ordered = orderBy(query.orderBy, scope)
  if (outer === undefined) out.order = ordered
  return `SELECT ${distinct(query, scope)}${selected}${from}${joins}${where}${group}${having}${ordered}${limits(query, scope)}`
}

function nameJoins(joins: readonly JoinPlan[], scope: Scope): void {
  for (const { handle, inside } of joins) {
    nameHandle(handle, scope)
    nameJoins(inside, scope)
  }
}

function distinct({ distinct: kind }: SelectData, scope: Scope): string {
  if (typeof kind === 'boolean') return kind ? 'DISTINCT ' : ''
  return `DISTINCT ON (${kind.map(node => expression(node, scope)).join(', ')}) `
}

function limits(
  { limit, offset }: { readonly limit: Node | undefined; readonly offset: Node | undefined },
  scope: Scope,
): string {
  return `${limit ? ` LIMIT ${bare(limit, scope)}` : ''}${offset ? ` OFFSET ${bare(offset, scope)}` : ''}`
}

function join({ handle, kind, inside, on }: JoinPlan, scope: Scope): string {
  const alias = aliasOf(handle, scope)
  const table = source(handle.source, alias, scope)
  const nested = inside.length > 0 ? `(${table}${inside.map(each => join(each, scope)).join('')})` : table
  const condition = on.map(node => conjunct(node, scope)).join(' AND ')
  scope.out.witness?.join?.(
    handle,
    alias.name,
    handle.source.kind === 'query' && handle.source.lateral ? 'lateral' : kind,
    condition,
  )
  if (condition === '') return kind === 'left' ? ` LEFT JOIN ${nested} ON TRUE` : ` CROSS JOIN ${nested}`
  return ` ${kind === 'left' ? 'LEFT JOIN' : 'JOIN'} ${nested} ON ${condition}`
}

function exists({ tops, joins, where }: SemiPlan, scope: Scope): string {
  const inner: Scope = { ...scope, aliases: new Map(), outer: scope }
  for (const top of tops) nameHandle(top, inner)
  nameJoins(joins, inner)
  const from = tops.map(top => source(top.source, aliasOf(top, inner), inner)).join(' CROSS JOIN ')
  const joined = joins.map(each => join(each, inner)).join('')
  const condition = where.map(node => conjunct(node, inner)).join(' AND ')
  for (const top of tops) {
    scope.out.witness?.join?.(
      top,
      aliasOf(top, inner).name,
      'exists',
      top.on.map(node => conjunct(node, inner)).join(' AND '),
    )
  }
  return `EXISTS (SELECT 1 FROM ${from}${joined}${condition ? ` WHERE ${condition}` : ''})`
}

function conjunct(node: Node, scope: Scope): string {
  return node.kind === 'logic' && node.args.length > 1 ? `(${expression(node, scope)})` : expression(node, scope)
}

// --- FROM --------------------------------------------------------------------------------------------------

function source(from: Source, alias: Alias, scope: Scope): string {
  switch (from.kind) {
    case 'table': {
      const { table, qualified } = from
      scope.out.tables.add(from)
      const sql = qualified ? `${scope.quote(table.schema)}.${scope.quote(table.name)}` : scope.quote(table.name)
      return alias.name === table.name ? sql : `${sql} AS ${alias.sql}`
    }
    case 'query': {
      const inner = rows(from.query, from.lateral ? scope : undefined, scope.out)
      return `${from.lateral ? 'LATERAL ' : ''}(${inner}) AS ${alias.sql}`
    }
    case 'cte': {
      const name = commonTable(from.cte, scope.out)
      return alias.name === name ? alias.sql : `${scope.quote(name)} AS ${alias.sql}`
    }
    case 'values': {
      const cells = from.rows.map(row => `(${row.map(cell => typed(cell, scope)).join(', ')})`)
      return `(VALUES ${cells.join(', ')}) AS ${alias.sql} (${columnNames(from, scope)})`
    }
    case 'function':
      return `${expression(from.call, scope)} AS ${alias.sql} (${columnNames(from, scope)})`
  }
}

function columnNames({ columns }: Source, scope: Scope): string {
  return columns.map(each => scope.quote(each.name)).join(', ')
}

function commonTable(cte: Cte, out: Printing): string {
  const known = out.ctes.get(cte)
  if (known !== undefined) return known
  const name = uniqueName(cte.name, out.cteNames, out.dialect)
  out.ctes.set(cte, name)
  const body = rows(cte.query, undefined, out)
  const step = cte.recursion
    ? ` UNION ${cte.recursion.all ? 'ALL ' : ''}${rows(cte.recursion.query, undefined, out)}`
    : ''
  if (cte.recursion) out.recursive = true
  const hint = cte.materialized === undefined ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED '
  out.withs.push(`${out.dialect.quote(name)} AS ${hint}(${cte.recursion ? `${body}${step}` : body})`)
  return name
}

function compound(query: QueryData & { readonly kind: 'compound' }, outer: Scope | undefined, out: Printing): string {
  const { quote } = out.dialect
  const keys = query.orderBy.map(
    ({ key, descending, nulls }) =>
      `${quote(key)}${descending ? ' DESC' : ''}${nulls ? ` NULLS ${nulls.toUpperCase()}` : ''}`,
  )
  const ordered = keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : ''
  const scope: Scope = { out, quote, aliases: new Map(), outer, query: firstSelect(query) }
  const sides = `(${rows(query.left, outer, out)}) ${query.operator} (${rows(query.right, outer, out)})`
  if (outer === undefined) out.order = ordered
  return `${sides}${ordered}${limits(query, scope)}`
}

function firstSelect(query: QueryData): SelectData {
  return query.kind === 'select' ? query : firstSelect(query.left)
}

function hasAggregate(query: SelectData): boolean {
  let found = false
  for (const { node } of flatten(query.select).leaves) eachAggregate(node, () => (found = true))
  return found && query.groupBy.length === 0
}

function isWithin(handle: HandleNode, ancestor: HandleNode): boolean {
  return handle === ancestor || (handle.parent !== undefined && isWithin(handle.parent, ancestor))
}

/** Does the text need parentheses inside another operator? */
function isCompound(node: Node): boolean {
  switch (node.kind) {
    case 'operator':
    case 'not':
    case 'presence':
    case 'fragment':
      return true
    case 'logic':
      return node.args.length === 1 ? isCompound(node.args[0] as Node) : node.args.length > 1
    case 'subquery':
      return node.form === 'in' || node.form === 'not in' || node.form === 'not exists'
    default:
      return false
  }
}

// between a column and a placeholder the server infers the placeholder's type from the column; not beside these
const needsType = new Set(['->', '->>', '#>', '#>>', '||', '+', '-', '*', '/', '%'])
const arrayOperators = new Set(['= ANY', '<> ALL'])

const utf8 = new TextEncoder()

function tooLong(name: string, dialect: Dialect): boolean {
  return name.length * 3 > dialect.maxIdentifier && utf8.encode(name).length > dialect.maxIdentifier
}

/** The name within so many bytes, cut between characters. */
function cut(name: string, bytes: number): string {
  if (name.length * 3 <= bytes || utf8.encode(name).length <= bytes) return name
  let kept = ''
  let size = 0
  for (const character of name) {
    size += utf8.encode(character).length
    if (size > bytes) break
    kept += character
  }
  return kept
}
