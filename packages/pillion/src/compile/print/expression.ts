/**
 * Expressions as text. Placeholders for every value; parentheses wherever another operator could read it otherwise.
 *
 * @module
 */
import { untyped } from '../../query/expr.js'
import type {
  AggregateNode,
  CaseNode,
  HandleNode,
  Node,
  OrderNode,
  SelectData,
  SubqueryNode,
} from '../../query/node.js'
import { buildError, nameOfHandle } from '../failure.js'
import { isAtOrAbove } from '../mentions.js'
import { ordinalOf } from '../ordinal.js'
import { aliasOf, placeholder, type Scope } from './scope.js'
import { separated } from './separated.js'

export function bare(node: Node, scope: Scope): string {
  return node.kind === 'value' || node.kind === 'param' ? placeholder(node, scope.out) : atom(node, scope)
}

export function typed(node: Node, scope: Scope): string {
  const sql = bare(node, scope)
  return node.type === untyped ? sql : scope.out.dialect.cast(sql, node.type)
}

function atom(node: Node, scope: Scope): string {
  const sql = expression(node, scope)
  return isCompound(node) ? `(${sql})` : sql
}

export function expression(node: Node, scope: Scope): string {
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
      return `${functionName(node.name, scope)}(${separated(node.args, ', ', expression, scope)})`
    case 'aggregate':
      return aggregate(node, scope)
    case 'case': {
      const whens = separated(node.whens, ' ', whenThen, scope)
      const otherwise = node.otherwise ? ` ELSE ${expression(node.otherwise, scope)}` : ''
      return `CASE ${whens}${otherwise} END`
    }
    case 'cast':
      return scope.out.dialect.cast(atom(node.of, scope), node.type)
    case 'logic':
      if (node.args.length === 0) return node.operator === 'and' ? 'TRUE' : 'FALSE'
      if (node.args.length === 1) return expression(node.args[0] as Node, scope)
      return separated(node.args, node.operator === 'and' ? ' AND ' : ' OR ', conjunct, scope)
    case 'not':
      return `NOT ${atom(node.of, scope)}`
    case 'presence':
      return presence(node.handle, node.present, scope)
    case 'subquery':
      return subquery(node, scope)
    case 'array':
      return `ARRAY[${separated(node.items, ', ', expression, scope)}]`
    case 'fragment':
      return node.parts.reduce((sql, part, i) => sql + atom(node.args[i - 1] as Node, scope) + part)
  }
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
  const left = args[0] as Node
  const right = args[1] as Node
  const third = args[2]
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
  const args = node.name === 'count' && node.args.length === 0 ? '*' : separated(node.args, ', ', expression, scope)
  const distinct = node.distinct ? 'DISTINCT ' : ''
  const ordered = orderBy(node.orderBy, scope)
  const inner = node.withinGroup ? `(${args}) WITHIN GROUP (${ordered.trim()})` : `(${distinct}${args}${ordered})`
  const filter = node.filter ? ` FILTER (WHERE ${expression(node.filter, scope)})` : ''
  return `${node.name}${inner}${filter}${node.over ? ` OVER (${over(node.over, scope)})` : ''}`
}

function over({ partitionBy, orderBy: keys, frame }: NonNullable<AggregateNode['over']>, scope: Scope): string {
  const partition = partitionBy.length > 0 ? `PARTITION BY ${separated(partitionBy, ', ', expression, scope)}` : ''
  return [partition, orderBy(keys, scope).trim(), frame ?? ''].filter(Boolean).join(' ')
}

export function orderBy(keys: readonly OrderNode[], scope: Scope, print = orderKey): string {
  return keys.length === 0 ? '' : ` ORDER BY ${separated(keys, ', ', print, scope)}`
}

function orderKey(key: OrderNode, scope: Scope): string {
  return expression(key.of, scope) + direction(key)
}

/** A key of a query's own ORDER BY. */
export function sortKey(key: OrderNode, scope: Scope): string {
  return groupKey(key.of, scope) + direction(key)
}

function direction({ descending, nulls }: OrderNode): string {
  return `${descending ? ' DESC' : ''}${nulls ? ` NULLS ${nulls.toUpperCase()}` : ''}`
}

/** A key of GROUP BY, or of a grouped query's ORDER BY: by its place where that is how it must be said. */
export function groupKey(node: Node, scope: Scope): string {
  const ordinal = ordinalOf(scope.query, node)
  return ordinal === undefined ? expression(node, scope) : String(ordinal)
}

function subquery(node: SubqueryNode, scope: Scope): string {
  switch (node.form) {
    case 'exists':
      return `EXISTS (${scope.out.subqueries.existence(node.query, scope, scope.out)})`
    case 'not exists':
      return `NOT EXISTS (${scope.out.subqueries.existence(node.query, scope, scope.out)})`
    case 'scalar':
      return `(${scope.out.subqueries.rows(node.query, scope, scope.out)})`
    case 'in':
      return `${operandOf(node.operand as Node, scope)} IN (${scope.out.subqueries.rows(node.query, scope, scope.out)})`
    case 'not in':
      return `${operandOf(node.operand as Node, scope)} NOT IN (${scope.out.subqueries.rows(node.query, scope, scope.out)})`
    case 'list':
      // list(…) makes a SELECT, never a set operation
      return scope.out.subqueries.list(node.query as SelectData, scope)
  }
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
      return node.form === 'in' || node.form === 'not in' || node.form === 'not exists'
    default:
      return false
  }
}

// between a column and a placeholder the server infers the placeholder's type from the column; not beside these
const needsType = new Set(['->', '->>', '#>', '#>>', '||', '+', '-', '*', '/', '%'])
const arrayOperators = new Set(['= ANY', '<> ALL'])
