/**
 * Rewrites nodes to mention another handle in the place of one: what makes `on(h, …)` a new join instead of
 * a change to an old one.
 *
 * @module
 */
import { rootOf, tableOf, toOne } from './handle.js'
import type {
  Clause,
  CompoundData,
  HandleNode,
  Node,
  OrderNode,
  QueryData,
  SelectData,
  Shape,
  ShapeField,
  Source,
} from './node.js'

/** The node with every mention of `from`, and of what hangs below it, moved to `to`. */
export function rebase(node: Node, from: HandleNode, to: HandleNode): Node {
  return rebaser(from, to).node(node)
}

function rebaser(from: HandleNode, to: HandleNode) {
  const moved = new Map<HandleNode, HandleNode>([[from, to]])
  if (from.bridge !== undefined && to.bridge !== undefined) moved.set(from.bridge, to.bridge)

  function handle(old: HandleNode): HandleNode {
    const known = moved.get(old)
    if (known !== undefined) return known
    const parent = old.parent && handle(old.parent)
    const made = parent !== undefined && parent !== old.parent ? moveBelow(old, parent) : moveInside(old)
    moved.set(old, made)
    return made
  }

  // what stands beside or above is another join, whatever its ON mentions; only a subquery's own joins move with it
  function moveInside(old: HandleNode): HandleNode {
    return rootOf(old) === rootOf(from) ? old : moveConditions(old)
  }

  function moveBelow(old: HandleNode, parent: HandleNode): HandleNode {
    const relation = tableOf(parent.source)?.table.relations.find(each => each.key === old.relation)
    if (relation !== undefined) return toOne(parent, relation)
    return copy(old, parent)
  }

  function moveConditions(old: HandleNode): HandleNode {
    moved.set(old, old)
    const source = sourceOf(old.source)
    const unchanged = source === old.source && old.on.every(each => node(each) === each)
    return unchanged ? old : copy(old, old.parent)
  }

  function copy(old: HandleNode, parent: HandleNode | undefined): HandleNode {
    const made = {
      ...old,
      parent,
      root: parent && (parent.root ?? parent),
      semi: parent?.semi,
      bridge: old.bridge && handle(old.bridge),
      source: sourceOf(old.source),
    }
    if (old.kind === 'semi') made.semi ??= made
    moved.set(old, made)
    made.on = Object.freeze(old.on.map(node))
    return Object.freeze(made)
  }

  function sourceOf(source: Source): Source {
    if (source.kind === 'function') return changed(source, { call: node(source.call) })
    if (source.kind !== 'query' || !source.lateral) return source
    const inner = query(source.query)
    return inner === source.query ? source : Object.freeze({ ...source, query: inner })
  }

  const nodes = (list: readonly Node[]) => same(list, list.map(node))
  const orders = (list: readonly OrderNode[]) =>
    same(
      list,
      list.map(each => {
        const of = node(each.of)
        return of === each.of ? each : { ...each, of }
      }),
    )
  const clauses = (list: readonly Clause[]) =>
    same(
      list,
      list.map(each => {
        const inner = node(each.node)
        return inner === each.node ? each : { ...each, node: inner }
      }),
    )

  const said = <T extends { readonly handle: HandleNode }>(list: readonly T[]) =>
    same(
      list,
      list.map(each => {
        const moved = handle(each.handle)
        return moved === each.handle ? each : { ...each, handle: moved }
      }),
    )

  function node(old: Node): Node {
    switch (old.kind) {
      case 'value':
      case 'number':
      case 'word':
      case 'param':
        return old
      case 'column':
        return changed(old, { handle: handle(old.handle), required: old.required && handle(old.required) })
      case 'presence':
        return changed(old, { handle: handle(old.handle) })
      case 'operator':
      case 'call':
      case 'logic':
      case 'fragment':
        return changed(old, { args: nodes(old.args) })
      case 'aggregate':
        return changed(old, {
          args: nodes(old.args),
          orderBy: orders(old.orderBy),
          filter: old.filter && node(old.filter),
          over:
            old.over &&
            changed(old.over, { partitionBy: nodes(old.over.partitionBy), orderBy: orders(old.over.orderBy) }),
        })
      case 'case':
        return changed(old, {
          whens: same(
            old.whens,
            old.whens.map(each => changed(each, { when: node(each.when), then: node(each.then) })),
          ),
          otherwise: old.otherwise && node(old.otherwise),
        })
      case 'cast':
      case 'not':
        return changed(old, { of: node(old.of) })
      case 'array':
        return changed(old, { items: nodes(old.items) })
      case 'subquery': {
        const inner = query(old.query)
        const operand = old.operand && node(old.operand)
        if (inner === old.query && operand === old.operand) return old
        const read = old.form === 'list' ? ({ kind: 'list', query: inner } as const) : old.read
        return { ...old, query: inner, operand, read }
      }
    }
  }

  function query(old: QueryData): QueryData {
    return old.kind === 'select' ? select(old) : compound(old)
  }

  function select(old: SelectData): SelectData {
    // a query from the same root joins the handle for itself
    if (old.root === rootOf(from)) return old
    return changed(old, {
      root: handle(old.root),
      select: shape(old.select),
      where: clauses(old.where),
      groupBy: nodes(old.groupBy),
      having: clauses(old.having),
      orderBy: orders(old.orderBy),
      distinct: typeof old.distinct === 'boolean' ? old.distinct : nodes(old.distinct),
      require: said(old.require),
      expand: said(old.expand),
    })
  }

  function compound(old: CompoundData): CompoundData {
    return changed(old, { left: query(old.left), right: query(old.right) })
  }

  function shape(old: Shape): Shape {
    switch (old.kind) {
      case 'value':
        return changed(old, { node: node(old.node) })
      case 'object':
        return changed(old, { fields: fields(old.fields) })
      case 'nest':
        return changed(old, { handle: handle(old.handle), fields: fields(old.fields) })
    }
  }

  const fields = (list: readonly ShapeField[]) =>
    same(
      list,
      list.map(each => changed(each, { shape: shape(each.shape) })),
    )

  return { node }
}

function changed<T extends object>(old: T, parts: Partial<T>): T {
  const differs = (Object.keys(parts) as (keyof T)[]).some(key => parts[key] !== old[key])
  return differs ? Object.freeze({ ...old, ...parts }) : old
}

function same<T>(old: readonly T[], made: readonly T[]): readonly T[] {
  return made.every((each, i) => each === old[i]) ? old : Object.freeze(made)
}
