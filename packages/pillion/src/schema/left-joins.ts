/**
 * Which views join left, for where a server has to be told how to run a query over one.
 *
 * @module
 */
import type { Table } from './model.js'

/** The ids of the views with a left join in their query, or in that of a view that they read. One that shows no query is taken for such. */
export function viewsThatJoinLeft(tables: readonly Table[]): ReadonlySet<string> {
  const found = new Set(tables.filter(joinsLeft).map(({ id }) => id))
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const { id, dependsOn = [] } of tables) if (dependsOn.some(each => found.has(each))) found.add(id)
  }
  return found
}

function joinsLeft({ kind, definition = '' }: Table): boolean {
  return kind === 'view' && (definition === '' || outerJoin.test(definition))
}

const outerJoin = /\b(?:left|right|full)\s+(?:outer\s+)?join\b/i
