/**
 * Expressions as text. Placeholders for every value; parentheses wherever another operator could read it otherwise.
 *
 * @module
 */
import { int4, isWhole, sameType } from '../../schema/base-types.js'
import { untyped } from '../../query/expr.js'
import { rootOf } from '../../query/handle.js'
import type {
  AggregateNode,
  CallNode,
  CaseNode,
  CastNode,
  ColumnRef,
  HandleNode,
  Node,
  OperatorNode,
  OrderNode,
  SelectData,
  SubqueryNode,
  WindowNode,
  WordNode,
} from '../../query/node.js'
import type { DataType } from '../../schema/model.js'
import { conjuncts } from '../cardinality.js'
import type { Dialect, Operands } from '../dialect.js'
import { buildError, nameOfHandle, notInDialect } from '../failure.js'
import { arranges, arrangesRows } from '../fan-out.js'
import { isGroupKey, isToldByGroup } from '../grouping.js'
import { eachMention, isAtOrAbove } from '../mentions.js'
import { isWrittenAnew, ordinalOf } from '../ordinal.js'
import { partsOf } from '../parts.js'
import { labelsAsText } from './labels.js'
import { aliasOf, type BoundNode, holdsNothing, placeholder, requireFeature, type Scope } from './scope.js'
import { separated } from './separated.js'

/** A node where the server cannot tell the type of a value or a parameter by itself. */
export function typed(node: Node, scope: Scope): string {
  if (!isBound(node)) return atom(node, scope)
  const sql = placeholder(node, node.type, scope.out)
  return node.type === untyped ? sql : (scope.out.dialect.typed(sql, node.type) ?? noType(node.type, scope))
}

function beside(node: Node, scope: Scope): string {
  if (!isBound(node)) return atom(node, scope)
  const sql = placeholder(node, node.type, scope.out)
  return node.type === untyped ? sql : scope.out.dialect.beside(sql, node.type)
}

function isBound(node: Node): node is BoundNode & Node {
  return node.kind === 'value' || node.kind === 'param'
}

function atom(node: Node, scope: Scope): string {
  const sql = expression(node, scope)
  return isCompound(node) ? `(${sql})` : sql
}

export function expression(node: Node, scope: Scope): string {
  return isTold(node, scope) ? `${scope.told?.by}(${itself(node, untold(scope))})` : itself(node, scope)
}

/** What is selected, or sorted by, as a whole: what is grouped by the server knows there. */
export function whole(node: Node, scope: Scope): string {
  return isTold(node, scope) ? itself(node, untold(scope)) : itself(node, scope)
}

/** Is it to be taken from its group by a function? */
export function isTold(node: Node, { told, query }: Scope): boolean {
  return told !== undefined && (isGroupKey(node, query) || (told.columns && isToldByGroup(node, query)))
}

function untold(scope: Scope): Scope {
  return scope.told === undefined ? scope : { ...scope, told: undefined }
}

function itself(node: Node, scope: Scope): string {
  switch (node.kind) {
    case 'column':
      return column(node.handle, node.column.name, node.required, scope)
    case 'value':
    case 'param':
      return typed(node, scope)
    case 'number':
      return String(node.value)
    case 'word':
      return scope.out.dialect.literal(node.word)
    case 'operator':
      return operator(node, scope)
    case 'call':
      return call(node, scope)
    case 'aggregate':
      return aggregate(node, node.over === undefined ? untold(scope) : scope)
    case 'case': {
      const whens = separated(node.whens, ' ', whenThen, scope)
      const otherwise = node.otherwise ? ` ELSE ${expression(node.otherwise, scope)}` : ''
      return `CASE ${whens}${otherwise} END`
    }
    case 'cast':
      return cast(node, scope)
    case 'logic':
      if (node.args.length === 0) return node.operator === 'and' ? 'TRUE' : 'FALSE'
      if (node.args.length === 1) return expression(node.args[0] as Node, scope)
      return separated(node.args, node.operator === 'and' ? ' AND ' : ' OR ', conjunct, scope)
    case 'not':
      if (seeks(node.of)) scope.out.traits.add('an anti-join')
      return `NOT ${atom(node.of, scope)}`
    case 'presence':
      return presence(node.handle, node.present, scope)
    case 'subquery':
      return subquery(node, scope)
    case 'array':
      requireFeature('an array', scope)
      return `ARRAY[${separated(node.items, ', ', expression, scope)}]`
    case 'fragment':
      if (node.parts.some(part => part.includes('\0'))) throw holdsNothing('A fragment', scope)
      return node.parts.reduce((sql, part, i) => sql + atom(node.args[i - 1] as Node, scope) + part)
  }
}

function cast({ of, type }: CastNode, scope: Scope): string {
  const sql = atom(of, scope)
  return scope.out.dialect.cast(sql, type, of.type) ?? (sameType(type, of.type) ? sql : noType(type, scope, of.type))
}

function noType(type: DataType, scope: Scope, from?: DataType): never {
  const way =
    from === undefined ? `values of the type ${typeName(type)}` : `a cast of ${typeName(from)} to ${typeName(type)}`
  throw notInDialect(scope.out.dialect.name, way, scope.query.origin)
}

function typeName(type: DataType): string {
  return type.kind === 'array' ? `${typeName(type.element)}[]` : type.name
}

function whenThen({ when, then }: CaseNode['whens'][number], scope: Scope): string {
  return `WHEN ${expression(when, scope)} THEN ${expression(then, scope)}`
}

function column(handle: HandleNode, name: string, required: HandleNode | undefined, scope: Scope): string {
  if (required !== undefined) checkRequired(required, scope)
  scope.out.witness?.column?.(handle, name)
  return `${aliasOf(handle, scope).sql}.${scope.quote(name)}`
}

function checkRequired(handle: HandleNode, scope: Scope): void {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    if (each.query.require.some(({ handle: known }) => isAtOrAbove(handle, known))) return
    // it is joined here, whatever a query around this one requires of its own
    if (each.query.root === rootOf(handle)) break
  }
  throw buildError(
    'HANDLE_MISPLACED',
    `required(${nameOfHandle(handle)}) is mentioned in a query that does not require it, so its columns may be NULL.`,
    'Add .require(handle) to the query, or mention the handle itself.',
    scope.query.origin,
  )
}

function operator({ form, operator: symbol, args: given }: OperatorNode, scope: Scope): string {
  const { dialect } = scope.out
  const args = labelsAsText(symbol, given, dialect)
  const rewrite = dialect.operators[symbol]
  if (rewrite === 'lacking') throw notInDialect(dialect.name, `the operator ${symbol}`, scope.query.origin)
  if (rewrite !== undefined) return rewrite(operandsOf(args, scope))
  if (form === 'prefix') return `${symbol} ${atom(args[0] as Node, scope)}`
  if (form === 'postfix') return `${atom(args[0] as Node, scope)} ${symbol}`
  const left = args[0] as Node
  const right = args[1] as Node
  const third = args[2]
  const besideColumn = left.kind === 'column' || right.kind === 'column'
  const isInferred = besideColumn && !needsType.has(symbol) && !isRow(left.type)
  const operand = isInferred ? beside : typed
  const sql = `${operand(left, scope)} ${symbol} `
  if (third !== undefined) return `${sql}${operand(right, scope)} AND ${operand(third, scope)}`
  return arrayOperators.has(symbol) ? `${sql}(${operand(right, scope)})` : sql + operand(right, scope)
}

// beside a column of a row type the server takes a placeholder for any row, which it cannot read
function isRow(type: DataType): boolean {
  return type.kind === 'composite' || (type.kind === 'array' && isRow(type.element))
}

function operandsOf(args: readonly Node[], scope: Scope): Operands {
  const at = (i: number): Node => args[i] as Node
  return {
    count: args.length,
    type: i => at(i).type,
    isWhole: i => isWholeNumber(at(i)),
    sql: i => typed(at(i), scope),
    word: i => (at(i) as WordNode).word,
    as(i: number, type: DataType) {
      const node = at(i)
      return isBound(node) ? placeholder(node, type, scope.out) : atom(node, scope)
    },
    list(i: number) {
      const node = at(i)
      return isBound(node) ? `(${placeholder(node, node.type, scope.out, 'list')})` : undefined
    },
  }
}

function isWholeNumber({ type, read }: Node): boolean {
  return read?.kind === 'number' || read?.kind === 'bigint' || isWhole(type)
}

function call({ name, args: given }: CallNode, scope: Scope): string {
  const { dialect } = scope.out
  const args = labelsAsText(name, given, dialect)
  const rewrite = Object.hasOwn(dialect.functions, name) ? dialect.functions[name] : undefined
  if (rewrite === 'lacking') throw notInDialect(dialect.name, `the function ${name}`, scope.query.origin)
  if (rewrite !== undefined) return rewrite(operandsOf(args, scope))
  return `${functionName(name, scope)}(${separated(args, ', ', expression, scope)})`
}

function presence(handle: HandleNode, isPresent: boolean, scope: Scope): string {
  const { dialect } = scope.out
  const alias = aliasOf(handle, scope).sql
  const sure = neverNull(handle)
  const sql = sure
    ? `${alias}.${scope.quote(sure.name)} IS ${isPresent ? 'NOT ' : ''}NULL`
    : dialect.isRow(alias, isPresent)
  if (sql !== undefined) return sql
  throw notInDialect(dialect.name, 'a row that nothing but NULLs tells from a missing one', scope.query.origin)
}

/** A column that is NULL in no row that is joined: in none at all, or since ON holds it equal to something. */
function neverNull(handle: HandleNode): ColumnRef | undefined {
  return (
    handle.source.columns.find(each => !each.nullable) ?? handle.on.flatMap(conjuncts).flatMap(equatedOf(handle))[0]
  )
}

const equatedOf =
  (handle: HandleNode) =>
  (condition: Node): readonly ColumnRef[] =>
    condition.kind === 'operator' && condition.operator === '='
      ? condition.args.flatMap(each => (each.kind === 'column' && each.handle === handle ? [each.column] : []))
      : []

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
  if (isNeighbourOr(node) && scope.out.dialect.lacks.has('a default of lag and lead')) return neighbourOr(node, scope)
  if (node.over === undefined) checkFoldsOwn(node, scope)
  const whole = foldable(node, scope.out.dialect)
  const folds =
    whole.filter !== undefined && scope.out.dialect.filter === 'case' ? onlyWhere(whole, whole.filter) : whole
  const filter = folds.filter ? ` FILTER (WHERE ${expression(folds.filter, scope)})` : ''
  const call = `${fold(folds, scope)}${filter}${node.over ? ` OVER (${over(node.over, scope)})` : ''}`
  return scope.out.dialect.aroundAggregates?.[node.name]?.(call) ?? call
}

/** `lag` or `lead` with a value for where there is no such row. */
function isNeighbourOr({ name, args }: AggregateNode): boolean {
  return args.length === 3 && (name === 'lag' || name === 'lead')
}

/** The same by words that every dialect has: there is such a row where it has a number 1. */
function neighbourOr(node: AggregateNode, scope: Scope): string {
  const [of, offset, otherwise] = node.args as [Node, Node, Node]
  const there: Node = { ...node, args: [one, offset], type: int4, read: undefined }
  const found: Node = { ...node, args: [of, offset] }
  return `CASE WHEN ${expression(there, scope)} IS NULL THEN ${expression(otherwise, scope)} ELSE ${expression(found, scope)} END`
}

/** What mentions nothing but handles of a query around its own is folded there: SQL says so, and nobody means it. */
function checkFoldsOwn({ name, args, filter }: AggregateNode, scope: Scope): void {
  const { outer, aliases } = scope
  if (outer === undefined) return
  const mentioned: HandleNode[] = []
  for (const each of filter ? [...args, filter] : args) eachMention(each, handle => mentioned.push(handle))
  if (mentioned.some(handle => aliases.has(handle)) || !mentioned.some(handle => isNamed(handle, outer))) return
  throw buildError(
    'QUERY_INVALID',
    `${name} in a subquery mentions nothing but the query around it, whose rows it would fold.`,
    'Mention a column of the subquery in it, or multiply by count(…): what is outside is the same for each of its rows.',
    scope.query.origin,
  )
}

function isNamed(handle: HandleNode, scope: Scope): boolean {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    if (each.aliases.has(handle)) return true
  }
  return false
}

function fold(node: AggregateNode, scope: Scope): string {
  const { name, distinct } = node
  const { dialect, traits } = scope.out
  if (name === 'string_agg') traits.add('words put together')
  if (name === 'json_agg') traits.add('JSON put together')
  const ordered = orderBy(node.orderBy, scope)
  const rewrite = dialect.aggregates[name]
  if (rewrite === 'lacking') throw notInDialect(dialect.name, `the aggregate ${name}`, scope.query.origin)
  if (rewrite !== undefined) return rewrite({ operands: operandsOf(node.args, scope), distinct, orderBy: ordered })
  const args = name === 'count' && node.args.length === 0 ? '*' : separated(node.args, ', ', expression, scope)
  return node.withinGroup
    ? `${name}(${args}) WITHIN GROUP (${ordered.trim()})`
    : `${name}(${distinct ? 'DISTINCT ' : ''}${args}${ordered})`
}

/** The same of what the server folds. */
function foldable(node: AggregateNode, dialect: Dialect): AggregateNode {
  const args = labelsAsText(node.name, node.args, dialect)
  const text = args === node.args ? node : { ...node, args }
  return taken(text.over === undefined ? withoutBare(text, dialect) : text, dialect)
}

/** The same of columns as they are where there is no row. */
function taken(node: AggregateNode, { inAggregate }: Dialect): AggregateNode {
  if (inAggregate === undefined || !node.args.some(isOfQuery)) return node
  if (node.over === undefined && !extremes.has(node.name)) return node
  const args = node.args.map((arg): Node => {
    return isOfQuery(arg) ? { kind: 'call', name: inAggregate, args: [arg], type: arg.type, read: arg.read } : arg
  })
  return { ...node, args }
}

const extremes = new Set(['min', 'max', 'bool_and', 'bool_or'])

/** Is it a column of a query: of a derived table, a CTE or a view? */
function isOfQuery(node: Node): boolean {
  if (node.kind !== 'column') return false
  const { source } = node.handle
  return source.kind !== 'table' || source.table.kind === 'view'
}

function withoutBare(node: AggregateNode, dialect: Dialect): AggregateNode {
  const isLost = (arg: Node) => isBound(arg) && dialect.losesFolded?.(arg.type) === true
  if (!node.args.some(isLost)) return node
  return { ...node, args: node.args.map(arg => (isLost(arg) ? { kind: 'cast', of: arg, type: arg.type } : arg)) }
}

// NULL is what every aggregate passes over
function onlyWhere(node: AggregateNode, when: Node): AggregateNode {
  const [first = one, ...rest] = node.args
  const only: Node = { kind: 'case', whens: [{ when, then: first }], otherwise: undefined, type: first.type }
  return { ...node, args: [only, ...rest], filter: undefined }
}

const one: Node = { kind: 'number', value: 1, type: int4 }

function over(window: WindowNode, scope: Scope): string {
  const { partitionBy, orderBy: keys, frame } = window
  const partition =
    partitionBy.length > 0 ? `PARTITION BY ${separated(partitionBy, ', ', expression, scope)}` : overAll(window, scope)
  if (frame !== undefined) checkFrame(frame, scope)
  return [partition, orderBy(keys, scope).trim(), frame ?? ''].filter(Boolean).join(' ')
}

/** What a window without partitions says. */
function overAll(window: WindowNode, { out: { dialect }, query }: Scope): string {
  return dialect.overAll !== undefined && !arranges(window) && arrangesRows(query) ? dialect.overAll : ''
}

function checkFrame(frame: string, scope: Scope): void {
  if (/^groups/i.test(frame)) requireFeature('GROUPS in a window', scope)
  if (/exclude/i.test(frame)) requireFeature('EXCLUDE in a window', scope)
}

export function orderBy(keys: readonly OrderNode[], scope: Scope, print = orderKey): string {
  return keys.length === 0 ? '' : ` ORDER BY ${separated(keys, ', ', print, scope)}`
}

function orderKey({ of, descending, nulls }: OrderNode, scope: Scope): string {
  return scope.out.dialect.orderKey(expression(of, scope), descending, nulls, of.type)
}

/** A key of a query's own ORDER BY. */
export function sortKey({ of, descending, nulls }: OrderNode, scope: Scope): string {
  // a word about NULLs may be an expression over the key
  const isWhole = nulls === undefined && !isWrittenAnew(of)
  const key = ordinal(of, scope) ?? (isWhole ? whole(of, scope) : expression(of, scope))
  return scope.out.dialect.orderKey(key, descending, nulls, of.type)
}

/** A key of GROUP BY. */
export function groupKey(node: Node, scope: Scope): string {
  return ordinal(node, scope) ?? expression(node, scope)
}

/** The place of a key in the select list, where that is how it must be said. */
function ordinal(node: Node, scope: Scope): string | undefined {
  return ordinalOf(scope.query, node)?.toString()
}

function subquery(node: SubqueryNode, scope: Scope): string {
  switch (node.form) {
    case 'exists':
      return `EXISTS (${scope.out.subqueries.existence(node.query, scope, scope.out)})`
    case 'not exists':
      scope.out.traits.add('an anti-join')
      return `NOT EXISTS (${scope.out.subqueries.existence(node.query, scope, scope.out)})`
    case 'scalar':
      return `(${scope.out.subqueries.rows(node.query, scope, scope.out)})`
    case 'in':
      return `${typed(node.operand as Node, scope)} IN (${scope.out.subqueries.members(node.query, scope, scope.out)})`
    case 'any':
      return anyOf(node, scope)
    case 'not in':
      scope.out.traits.add('an anti-join')
      return `${typed(node.operand as Node, scope)} NOT IN (${scope.out.subqueries.members(node.query, scope, scope.out)})`
    case 'list':
      // list(…) makes a SELECT, never a set operation
      return scope.out.subqueries.list(node.query as SelectData, scope)
  }
}

/** Does it ask whether a query has rows? Turned round, servers take it for one that asks whether there are none. */
function seeks(node: Node): boolean {
  if (node.kind === 'subquery') return node.form !== 'scalar' && node.form !== 'list'
  return partsOf(node).some(seeks)
}

/** The rows as an array, which an index is searched for in its order; where there are no arrays, as rows. */
function anyOf(node: SubqueryNode, scope: Scope): string {
  const { subqueries, dialect } = scope.out
  const list = dialect.lacks.has('an array')
    ? `IN (${subqueries.members(node.query, scope, scope.out)})`
    : `= ANY (ARRAY(${subqueries.rows(node.query, scope, scope.out)}))`
  return `${typed(node.operand as Node, scope)} ${list}`
}

export function conjunct(node: Node, scope: Scope): string {
  return mayHoldOr(node) ? `(${expression(node, scope)})` : expression(node, scope)
}

// nobody reads a fragment: an OR in it would loosen the conditions beside it
function mayHoldOr(node: Node): boolean {
  if (node.kind === 'logic') return node.args.length > 1 || node.args.some(mayHoldOr)
  return node.kind === 'fragment'
}

/** Does the text need parentheses inside another operator? */
export function isCompound(node: Node): boolean {
  switch (node.kind) {
    case 'operator':
    case 'not':
    case 'presence':
    case 'fragment':
      return true
    case 'logic':
      return node.args.length === 1 ? isCompound(node.args[0] as Node) : node.args.length > 1
    case 'subquery':
      return node.form === 'in' || node.form === 'any' || node.form === 'not in' || node.form === 'not exists'
    default:
      return false
  }
}

// between a column and a placeholder the server infers the placeholder's type from the column; not beside these
const needsType = new Set(['->', '->>', '||', '+', '-', '*', '/', '%'])
const arrayOperators = new Set(['= ANY', '<> ALL'])
