/**
 * The shape of a query: everything that decides its text and how its rows are read, and nothing of its values.
 * Two queries of one shape share one compiled statement.
 *
 * @module
 */
import type { Cte, HandleNode, Node, OrderNode, ParamKey, QueryData, Shape, Source, ValueNode } from '../query/node.js'

export interface QueryShape {
  readonly key: string
  /** The values, in the order of the walk. */
  readonly values: readonly ValueNode[]
  readonly params: readonly ParamKey[]
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
  const values = new Map<ValueNode, number>()
  const params = new Map<ParamKey, number>()
  const handles = new Map<HandleNode, number>()
  const ctes = new Map<Cte, number>()
  let key = ''

  function value(node: ValueNode): void {
    const known = values.get(node)
    if (known !== undefined) {
      key += `v${known}`
      return
    }
    values.set(node, values.size)
    key += `v:${identityOf(node.type)}`
    if (node.encoded) key += 'e'
  }

  function param(of: ParamKey): void {
    const known = params.get(of) ?? params.size
    params.set(of, known)
    key += `p${known}`
  }

  function handle(of: HandleNode): void {
    const known = handles.get(of)
    if (known !== undefined) {
      key += `h${known}`
      return
    }
    handles.set(of, handles.size)
    key += `H${of.kind}${of.many ? 'm' : ''}${of.hint === undefined ? '' : JSON.stringify(of.hint)}`
    source(of.source)
    if (of.bridge) handle(of.bridge)
    if (of.parent) {
      handle(of.parent)
      nodes(of.on)
    }
  }

  function source(of: Source): void {
    switch (of.kind) {
      case 'table':
        key += `t${identityOf(of.table)}${of.qualified ? 'q' : ''}`
        return
      case 'query':
        key += `s${of.lateral ? 'l' : ''}${JSON.stringify(of.name)}`
        query(of.query)
        return
      case 'cte':
        common(of.cte)
        return
      case 'values':
        key += `r${JSON.stringify(of.name)}${of.columns.map(each => JSON.stringify(each.name)).join()}`
        for (const row of of.rows) nodes(row)
        return
      case 'function':
        key += `g${JSON.stringify(of.name)}${of.columns.map(each => JSON.stringify(each.name)).join()}`
        node(of.call)
    }
  }

  function common(of: Cte): void {
    const known = ctes.get(of)
    if (known !== undefined) {
      key += `w${known}`
      return
    }
    ctes.set(of, ctes.size)
    key += `W${JSON.stringify(of.name)}${of.materialized ?? ''}`
    query(of.query)
    if (of.recursion) {
      key += of.recursion.all ? 'ra' : 'rd'
      query(of.recursion.query)
    }
  }

  function nodes(list: readonly Node[]): void {
    key += '('
    for (const each of list) {
      node(each)
      key += ','
    }
    key += ')'
  }

  function node(of: Node): void {
    switch (of.kind) {
      case 'column':
        key += 'c'
        handle(of.handle)
        key += of.required ? `!${JSON.stringify(of.column.name)}` : JSON.stringify(of.column.name)
        if (of.required) handle(of.required)
        break
      case 'value':
        value(of)
        break
      case 'param':
        param(of.param)
        key += identityOf(of.type)
        break
      case 'operator':
        key += `o${of.form === 'infix' ? '' : of.form}${of.operator}`
        nodes(of.args)
        break
      case 'call':
        key += `f${of.name}`
        nodes(of.args)
        break
      case 'logic':
        key += of.operator
        nodes(of.args)
        break
      case 'fragment':
        key += `F${JSON.stringify(of.parts)}`
        nodes(of.args)
        break
      case 'aggregate':
        key += `a${of.name}${of.distinct ? 'd' : ''}${of.withinGroup ? 'w' : ''}`
        nodes(of.args)
        orders(of.orderBy)
        if (of.filter) {
          key += '?'
          node(of.filter)
        }
        if (of.over) {
          key += `^${of.over.frame ?? ''}`
          nodes(of.over.partitionBy)
          orders(of.over.orderBy)
        }
        break
      case 'case':
        key += 'C'
        for (const each of of.whens) nodes([each.when, each.then])
        if (of.otherwise) node(of.otherwise)
        break
      case 'cast':
        key += 'x'
        node(of.of)
        break
      case 'not':
        key += 'n'
        node(of.of)
        break
      case 'presence':
        key += of.present ? 'P' : 'A'
        handle(of.handle)
        break
      case 'array':
        key += 'y'
        nodes(of.items)
        break
      case 'subquery':
        key += `S${of.form}`
        if (of.operand) node(of.operand)
        query(of.query)
    }
    if (of.kind !== 'value' && of.kind !== 'column') key += `:${identityOf(of.type)}`
    if (of.read !== undefined && of.read.kind !== 'list')
      key += of.read.kind === 'custom' ? `@${identityOf(of.read.decode)}` : of.read.kind
  }

  function orders(list: readonly OrderNode[]): void {
    key += '['
    for (const { of, descending, nulls } of list) {
      node(of)
      key += `${descending ? '-' : '+'}${nulls ?? ''}`
    }
    key += ']'
  }

  function shape(of: Shape): void {
    if (of.kind === 'value') {
      node(of.node)
      return
    }
    key += '{'
    if (of.kind === 'nest') handle(of.handle)
    for (const field of of.fields) {
      key += JSON.stringify(field.key)
      shape(field.shape)
    }
    key += '}'
  }

  function query(of: QueryData): void {
    if (of.kind === 'compound') {
      key += `<${of.operator}${of.all ? 'a' : ''}`
      query(of.left)
      query(of.right)
      for (const each of of.orderBy)
        key += `${JSON.stringify(each.key)}${each.descending ? '-' : '+'}${each.nulls ?? ''}`
      rows(of)
      key += '>'
      return
    }
    key += '<'
    handle(of.root)
    shape(of.select)
    for (const { node: each } of of.where) {
      key += '&'
      node(each)
    }
    if (of.groupBy.length > 0) {
      key += 'G'
      nodes(of.groupBy)
    }
    for (const { node: each } of of.having) {
      key += '|'
      node(each)
    }
    orders(of.orderBy)
    if (of.distinct === true) key += 'D'
    else if (of.distinct !== false) {
      key += 'D'
      nodes(of.distinct)
    }
    rows(of)
    for (const each of of.require) {
      key += 'R'
      handle(each.handle)
    }
    for (const each of of.expand) {
      key += each.allowCrossProduct ? 'X' : 'E'
      handle(each.handle)
    }
    key += '>'
  }

  function rows({ limit, offset }: { readonly limit: Node | undefined; readonly offset: Node | undefined }): void {
    if (limit) {
      key += 'L'
      node(limit)
    }
    if (offset) {
      key += 'O'
      node(offset)
    }
  }

  query(data)
  return { key, values: [...values.keys()], params: [...params.keys()] }
}
