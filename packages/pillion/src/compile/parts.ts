/**
 * What a node is made of.
 *
 * @module
 */
import type { Node, OrderNode } from '../query/node.js'

/** The nodes right inside of a node, in the order in which they are printed; what is inside of a subquery's query is its own. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'column':
    case 'presence':
    case 'value':
    case 'number':
    case 'word':
    case 'param':
      return []
    case 'operator':
    case 'call':
    case 'logic':
    case 'fragment':
      return node.args
    case 'aggregate':
      return [
        ...node.args,
        ...keysOf(node.orderBy),
        ...(node.filter ? [node.filter] : []),
        ...(node.over ? [...node.over.partitionBy, ...keysOf(node.over.orderBy)] : []),
      ]
    case 'case':
      return [...node.whens.flatMap(({ when, then }) => [when, then]), ...(node.otherwise ? [node.otherwise] : [])]
    case 'cast':
    case 'not':
      return [node.of]
    case 'array':
      return node.items
    case 'subquery':
      return node.operand ? [node.operand] : []
  }
}

function keysOf(orders: readonly OrderNode[]): readonly Node[] {
  return orders.map(({ of }) => of)
}
