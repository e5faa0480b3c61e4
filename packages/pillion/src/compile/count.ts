/**
 * The count of a query's rows, from the same definition as its pages.
 *
 * @module
 */
import { countOf } from '../query/aggregate.js'
import { nodeOf } from '../query/expr.js'
import { rootNode, rootOf } from '../query/handle.js'
import type { Expansion, HandleNode, QueryData, SelectData, Shape } from '../query/node.js'
import { selectFrom } from '../query/select.js'
import { eachClause, eachMention, eachMentionOfJoin, eachNest } from './mentions.js'
import { foldsRows, keepsRows } from './fan-out.js'

const counted: Shape = {
  kind: 'object',
  fields: [{ key: 'count', shape: { kind: 'value', node: nodeOf(countOf(undefined)) } }],
}

/** `SELECT count(*)` over the rows the query would give without limit, offset and order. */
export function countQuery(query: QueryData): SelectData {
  if (query.kind !== 'select' || !keepsRows(query)) return overTable(query)
  const rows = withoutSelection(query)
  // beside two expansions an aggregate is refused, for there nobody can tell what it counts; here it counts their rows
  return query.expand.length > 1 ? overTable({ ...rows, select: nothing }) : { ...rows, select: counted }
}

const nothing: Shape = { kind: 'object', fields: [] }

/** The query without what does not decide how many rows there are. */
function withoutSelection(query: SelectData): SelectData {
  return {
    ...query,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    expand: [...query.expand, ...restricting(query)],
  }
}

// An inner handle mentioned only in select or orderBy, or in the ON of one that is, still takes rows away: its own, or
// below a left join those that multiply, or a WHERE finds absent. To expand it keeps it, without making a left one inner.
function restricting(query: SelectData): readonly Expansion[] {
  const found = new Set<HandleNode>()
  const seen = new Set<HandleNode>()
  const look = (handle: HandleNode): void => {
    for (let node = handle; node.parent !== undefined && !seen.has(node); node = node.parent) {
      if (rootOf(node) !== query.root) return
      seen.add(node)
      if (node.kind === 'inner' && node.relation === undefined) found.add(node)
      eachMentionOfJoin(node, look)
    }
  }
  eachNest(query.select, look)
  eachClause(query, (node, clause) => {
    if (clause !== 'where') eachMention(node, look)
  })
  return [...found].map(handle => ({ handle, allowCrossProduct: false, origin: query.origin }))
}

function overTable(query: QueryData): SelectData {
  const body: QueryData = Object.freeze({ ...unsorted(query), limit: undefined, offset: undefined })
  const root = rootNode(
    Object.freeze({ kind: 'query', name: 'counted', query: body, lateral: false, shows: undefined, columns: [] }),
  )
  return selectFrom(root, counted, query.origin)
}

// DISTINCT ON takes its rows by the order, an aggregate in the order alone folds all rows into one, and an inner handle there takes rows away
function unsorted(query: QueryData): QueryData {
  if (query.kind === 'compound' || typeof query.distinct !== 'boolean' || restrictsByOrder(query)) return query
  return query.groupBy.length === 0 && foldsRows(query) ? query : { ...query, orderBy: [] }
}

function restrictsByOrder(query: SelectData): boolean {
  return restricting({ ...query, select: nothing, groupBy: [], having: [], distinct: false }).length > 0
}

/** The query as `exists()` asks it: the same rows, unsorted. */
export function existsQuery(query: QueryData): QueryData {
  return query.kind === 'select' && keepsRows(query) && !restrictsByOrder(query) ? { ...query, orderBy: [] } : query
}
