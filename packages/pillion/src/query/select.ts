/**
 * A SELECT with nothing in it yet.
 *
 * @module
 */
import type { HandleNode, Origin, SelectData, Shape } from './node.js'
import { nowhere } from './origin.js'

/** `SELECT … FROM root`, as data. */
export function selectFrom(root: HandleNode, select: Shape, origin: Origin = nowhere): SelectData {
  return {
    kind: 'select',
    root,
    select,
    selectOrigin: origin,
    where: [],
    groupBy: [],
    having: [],
    orderBy: [],
    distinct: false,
    limit: undefined,
    offset: undefined,
    require: [],
    expand: [],
    origin,
  }
}
