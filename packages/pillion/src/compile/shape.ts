/**
 * The shape of a query: everything that decides its text and how its rows are read, and nothing of its values.
 * Two queries of one shape share one compiled statement.
 *
 * @module
 */
import type {
  Cte,
  HandleNode,
  Node,
  OrderNode,
  ParamKey,
  QueryData,
  RowCount,
  SelectData,
  Shape,
  Source,
  ValueNode,
} from '../query/node.js'
import { ordinalOf } from './ordinal.js'
import { isSameValue } from './same.js'

export interface QueryShape {
  readonly key: string
  /** The values, in the order of the walk. */
  readonly values: readonly ValueNode[]
  readonly params: readonly ParamKey[]
}

/** A walk under way. Lists, not maps: a query has few handles, and the search is over the newest first. */
interface Walk {
  key: string
  readonly values: ValueNode[]
  readonly params: ParamKey[]
  readonly handles: HandleNode[]
  readonly ctes: Cte[]
  /** What is said of values beside their types. */
  told: 'sameness' | 'truths' | undefined
}

let lastIdentity = 0
const identities = new WeakMap<object, number>()

/** A number for an object: types, tables and readers are told apart by identity. */
function identityOf(object: object): number {
  const known = identities.get(object)
  if (known !== undefined) return known
  identities.set(object, ++lastIdentity)
  return lastIdentity
}

/** Walks a query once. */
export function shapeOfQuery(data: QueryData): QueryShape {
  const walk: Walk = { key: '', values: [], params: [], handles: [], ctes: [], told: undefined }
  query(walk, data)
  return { key: walk.key, values: walk.values, params: walk.params }
}

/** A name so that no two lists of names read alike. */
function name(text: string): string {
  return `${text.length}'${text}`
}

function value(walk: Walk, node: ValueNode): void {
  const known = walk.values.lastIndexOf(node)
  if (known >= 0) {
    walk.key += `v${known}.${said(walk, node)}`
    return
  }
  walk.values.push(node)
  walk.key += `V${identityOf(node.type)}${node.encoded ? 'e' : '.'}${said(walk, node)}`
}

/** What of a value decides whether a query is refused: a truth that a CASE comes to, and what is the same as another in groups. */
function said({ values, told }: Walk, { value: own }: ValueNode): string {
  if (told === 'truths') return own === null || typeof own === 'boolean' ? `${own}` : ''
  return told === 'sameness' ? `${values.findIndex(({ value: other }) => isSameValue(other, own))}.` : ''
}

/** Walks what says more of its values than their types. */
function telling(walk: Walk, told: Walk['told'], part: () => void): void {
  const before = walk.told
  walk.told = told
  part()
  walk.told = before
}

function param(walk: Walk, key: ParamKey): number {
  const known = walk.params.lastIndexOf(key)
  return known >= 0 ? known : walk.params.push(key) - 1
}

function handle(walk: Walk, of: HandleNode): void {
  const known = walk.handles.lastIndexOf(of)
  if (known >= 0) {
    walk.key += `h${known}.`
    return
  }
  walk.handles.push(of)
  if (of.relation !== undefined && of.parent !== undefined) {
    walk.key += `R${name(of.relation)}`
    handle(walk, of.parent)
    return
  }
  walk.key += `H${of.kind}${of.many ? '*' : '.'}`
  if (of.hint !== undefined) walk.key += name(of.hint)
  source(walk, of.source)
  if (of.bridge) handle(walk, of.bridge)
  if (of.parent) {
    handle(walk, of.parent)
    nodes(walk, of.on)
  }
}

function source(walk: Walk, of: Source): void {
  switch (of.kind) {
    case 'table':
      walk.key += `t${identityOf(of.table)}${of.qualified ? 'q' : '.'}${of.joinsLeft ? 'l' : '.'}`
      return
    case 'query':
      walk.key += `s${of.lateral ? 'l' : '.'}${name(of.name)}`
      query(walk, of.query)
      return
    case 'cte':
      common(walk, of.cte)
      return
    case 'values':
      walk.key += `r${name(of.name)}${of.columns.map(each => name(each.name)).join('')}`
      for (const row of of.rows) nodes(walk, row)
      return
    case 'function':
      walk.key += `g${name(of.name)}${of.columns.map(each => name(each.name)).join('')}`
      node(walk, of.call)
  }
}

function common(walk: Walk, of: Cte): void {
  const known = walk.ctes.lastIndexOf(of)
  if (known >= 0) {
    walk.key += `w${known}.`
    return
  }
  walk.ctes.push(of)
  walk.key += `W${name(of.name)}${of.materialized ?? ''}`
  query(walk, of.query)
  if (of.recursion) {
    walk.key += of.recursion.all ? '+' : '-'
    query(walk, of.recursion.query)
  }
}

function nodes(walk: Walk, list: readonly Node[]): void {
  walk.key += '('
  for (let i = 0; i < list.length; i++) node(walk, list[i] as Node)
  walk.key += ')'
}

function node(walk: Walk, of: Node): void {
  switch (of.kind) {
    case 'column':
      handle(walk, of.handle)
      walk.key += name(of.column.name)
      if (of.required) {
        walk.key += '!'
        handle(walk, of.required)
      }
      return
    case 'value':
      value(walk, of)
      return
    case 'number':
      walk.key += `N${of.value}.`
      return
    case 'word':
      walk.key += `"${name(of.word)}`
      return
    case 'param':
      walk.key += `p${param(walk, of.param)}:${identityOf(of.type)}.`
      return
    case 'operator':
      walk.key += of.form === 'infix' ? of.operator : `${of.form}${of.operator}`
      nodes(walk, of.args)
      return
    case 'call':
      walk.key += `f${name(of.name)}${identityOf(of.type)}.`
      nodes(walk, of.args)
      return
    case 'logic':
      walk.key += of.operator
      nodes(walk, of.args)
      return
    case 'fragment':
      walk.key += `F${of.parts.map(name).join('')}${identityOf(of.type)}.`
      nodes(walk, of.args)
      return
    case 'aggregate':
      walk.key += `a${name(of.name)}${of.distinct ? 'd' : ''}${of.withinGroup ? 'w' : ''}`
      nodes(walk, of.args)
      orders(walk, of.orderBy)
      if (of.filter) {
        walk.key += '?'
        node(walk, of.filter)
      }
      if (of.over) {
        walk.key += `^${of.over.frame ?? ''}`
        nodes(walk, of.over.partitionBy)
        orders(walk, of.over.orderBy)
      }
      return
    case 'case':
      walk.key += 'C'
      telling(walk, walk.told ?? 'truths', () => {
        for (const each of of.whens) nodes(walk, [each.when, each.then])
        // without a mark of its own an ELSE would read as the argument that follows a CASE without one
        walk.key += of.otherwise ? 'e' : ';'
        if (of.otherwise) node(walk, of.otherwise)
      })
      return
    case 'cast':
      walk.key += `x${identityOf(of.type)}.`
      node(walk, of.of)
      return
    case 'not':
      walk.key += '~'
      node(walk, of.of)
      return
    case 'presence':
      walk.key += of.present ? 'P' : 'A'
      handle(walk, of.handle)
      return
    case 'array':
      walk.key += 'y'
      nodes(walk, of.items)
      return
    case 'subquery':
      walk.key += `S${of.form}`
      if (of.operand) node(walk, of.operand)
      query(walk, of.query)
  }
}

function orders(walk: Walk, list: readonly OrderNode[]): void {
  walk.key += '['
  for (const { of, descending, nulls } of list) {
    node(walk, of)
    walk.key += `${descending ? '-' : '+'}${nulls ?? ''}`
  }
  walk.key += ']'
}

function shape(walk: Walk, of: Shape): void {
  if (of.kind === 'value') {
    leaf(walk, of.node)
    return
  }
  walk.key += '{'
  if (of.kind === 'nest') handle(walk, of.handle)
  for (const field of of.fields) {
    walk.key += name(field.key)
    shape(walk, field.shape)
  }
  walk.key += '}'
}

/** How a leaf is read follows from a column by itself; of anything else it must be said. */
function leaf(walk: Walk, of: Node): void {
  node(walk, of)
  if (of.kind === 'column' && of.handle.source.kind === 'table') return
  walk.key += `:${identityOf(of.type)}`
  if (of.read === undefined || of.read.kind === 'list') return
  walk.key += of.read.kind
}

function groupKey(walk: Walk, query: SelectData, of: Node): void {
  const ordinal = ordinalOf(query, of)
  if (ordinal === undefined) node(walk, of)
  else walk.key += `#${ordinal}.`
}

function rowCount(walk: Walk, of: RowCount): void {
  if (of.kind === 'number') node(walk, of)
  else walk.key += `p${param(walk, of.param)}<${of.bound.clause}${of.bound.most}.`
}

function query(walk: Walk, of: QueryData): void {
  const grouped = of.kind === 'select' && of.groupBy.length > 0
  telling(walk, grouped ? 'sameness' : undefined, () => clauses(walk, of))
}

function clauses(walk: Walk, of: QueryData): void {
  walk.key += '<'
  if (of.kind === 'compound') {
    walk.key += of.operator
    query(walk, of.left)
    query(walk, of.right)
    for (const { key, descending, nulls } of of.orderBy)
      walk.key += `${name(key)}${descending ? '-' : '+'}${nulls ?? ''}`
  } else {
    handle(walk, of.root)
    shape(walk, of.select)
    telling(walk, undefined, () => {
      for (const clause of of.where) {
        walk.key += '&'
        node(walk, clause.node)
      }
    })
    for (const each of of.groupBy) {
      walk.key += 'G'
      groupKey(walk, of, each)
    }
    for (const clause of of.having) {
      walk.key += '|'
      node(walk, clause.node)
    }
    for (const each of of.orderBy) {
      groupKey(walk, of, each.of)
      walk.key += `${each.descending ? '-' : '+'}${each.nulls ?? ''}`
    }
    if (of.distinct !== false) {
      walk.key += 'D'
      if (of.distinct !== true) nodes(walk, of.distinct)
    }
    for (const each of of.require) {
      walk.key += 'R'
      handle(walk, each.handle)
    }
    for (const each of of.expand) {
      walk.key += each.allowCrossProduct ? 'X' : 'E'
      handle(walk, each.handle)
    }
  }
  if (of.limit) {
    walk.key += 'L'
    rowCount(walk, of.limit)
  }
  if (of.offset) {
    walk.key += 'O'
    rowCount(walk, of.offset)
  }
  walk.key += '>'
}
