/**
 * Why each join of a query is there.
 *
 * @module
 */
import type { JoinExplanation } from '../query/engine.js'
import type { HandleNode, Node, Origin, QueryData, SelectData } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import { cardinalityOf } from './cardinality.js'
import type { Dialect } from './dialect.js'
import { eachLeaf, eachMentionAtAnyDepth, eachNest, isAtOrAbove } from './mentions.js'
import { print } from './print/statement.js'

interface Mention {
  readonly handle: HandleNode
  readonly clause: string
  readonly origin: Origin
}

/** Explains the joins of a query, in the order of FROM, each before what stands below it. */
export function explainJoins(query: QueryData, dialect: Dialect): readonly JoinExplanation[] {
  const mentions = mentionsOf(query)
  const selects = selectsOf(query)
  const found: { readonly handle: HandleNode; readonly explanation: JoinExplanation }[] = []
  print(query, dialect, 'rows', {
    join(handle, alias, kind, on) {
      const explanation = Object.freeze({
        path: handle.path,
        alias,
        kind,
        ...countOf(handle, selects),
        mentions: of(handle, mentions, query.origin),
        on,
      })
      // a parenthesis is printed from its inside
      const below = found.findIndex(each => isAtOrAbove(handle, each.handle))
      found.splice(below < 0 ? found.length : below, 0, { handle, explanation })
    },
  })
  return Object.freeze(found.map(each => each.explanation))
}

function countOf(handle: HandleNode, selects: readonly SelectData[]): Pick<JoinExplanation, 'cardinality' | 'because'> {
  const { rows, because } =
    handle.parent === undefined ? { rows: 'many' as const, because: 'FROM' } : cardinalityOf(handle)
  const said = [
    because,
    selects.some(each => each.require.some(({ handle: known }) => isAtOrAbove(handle, known))) &&
      handle.kind === 'left' &&
      'made inner by require',
    selects.some(each => each.expand.some(({ handle: known }) => known === handle || known.bridge === handle)) &&
      'expanded',
  ]
  return { cardinality: rows, because: said.filter(Boolean).join('; ') }
}

// a handle is there for its own mentions and for those of what hangs below it
function of(handle: HandleNode, mentions: readonly Mention[], whole: Origin): JoinExplanation['mentions'] {
  const lines = new Map<string, JoinExplanation['mentions'][number]>()
  for (const { handle: mentioned, clause, origin } of mentions) {
    if (!isAtOrAbove(handle, mentioned)) continue
    const at = describeOrigin(origin) ?? describeOrigin(whole)
    const via = mentioned === handle ? clause : `${clause}, for ${mentioned.path}`
    lines.set(`${via} ${at}`, Object.freeze({ clause: via, at }))
  }
  return Object.freeze([...lines.values()])
}

function selectsOf(query: QueryData): readonly SelectData[] {
  return query.kind === 'select' ? [query] : [...selectsOf(query.left), ...selectsOf(query.right)]
}

function mentionsOf(query: QueryData): readonly Mention[] {
  return selectsOf(query).flatMap(select => {
    const found: Mention[] = []
    const add = (clause: string, origin: Origin) => (node: Node) =>
      eachMentionAtAnyDepth(node, handle => found.push({ handle, clause, origin }))
    eachNest(select.select, handle => found.push({ handle, clause: 'select', origin: select.selectOrigin }))
    eachLeaf(select.select, add('select', select.selectOrigin))
    for (const { node, origin } of select.where) add('where', origin)(node)
    for (const node of select.groupBy) add('groupBy', select.origin)(node)
    for (const { node, origin } of select.having) add('having', origin)(node)
    for (const { of: node, origin } of select.orderBy) add('orderBy', origin ?? select.origin)(node)
    for (const { handle, origin } of select.require) found.push({ handle, clause: 'require', origin })
    for (const { handle, origin } of select.expand) found.push({ handle, clause: 'expand', origin })
    const direct = found.slice()
    for (const mention of direct) {
      for (const condition of mention.handle.on) {
        eachMentionAtAnyDepth(condition, handle => {
          if (handle !== mention.handle && !isAtOrAbove(handle, mention.handle))
            found.push({ ...mention, handle, clause: `on ${mention.handle.path}` })
        })
      }
    }
    return found
  })
}
