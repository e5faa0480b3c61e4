/**
 * From handles to joins. A plan says what stands in FROM, in which order and how nested, which conditions form an
 * EXISTS, and refuses what would silently change the rows.
 *
 * @module
 */
import { rootOf } from '../query/handle.js'
import type { Expansion, HandleNode, Node, Origin, Requirement, SelectData } from '../query/node.js'
import { arrange, type JoinPlan } from './arrange.js'
import { buildError, nameOfHandle } from './failure.js'
import { checkFanOut } from './fan-out.js'
import { eachClause, eachMention, eachMentionOfJoin, eachNest } from './mentions.js'
import { planSemi, type SemiCondition, type SemiPlan, semiComponents, splitConditions } from './semi-join.js'

export interface Plan {
  readonly query: SelectData
  readonly joins: readonly JoinPlan[]
  readonly where: readonly Node[]
  readonly semis: readonly SemiPlan[]
}

/** Plans one SELECT. */
export function planSelect(query: SelectData): Plan {
  const required = requiredHandles(query)
  const { plain, semi } = splitConditions(query)
  const handles = neededHandles(query, plain, semi)
  checkFanOut(query, handles)
  const joins = arrange(query, handles, [query.root], required)
  const semis = semiComponents(query, semi).map(where => planSemi(query, where, required))
  return { query, joins, where: plain, semis }
}

const noHandles: ReadonlySet<HandleNode> = new Set()

function requiredHandles(query: SelectData): ReadonlySet<HandleNode> {
  if (query.require.length === 0) return noHandles
  const required = new Set<HandleNode>()
  for (const { handle } of query.require) {
    for (let node: HandleNode | undefined = handle; node !== undefined; node = node.parent) required.add(node)
  }
  return required
}

/** Every handle that must be joined in the main FROM, parents and ON dependencies first, in first-mention order. */
function neededHandles(
  query: SelectData,
  plain: readonly Node[],
  semi: readonly SemiCondition[],
): readonly HandleNode[] {
  const { root } = query
  const needed = new Set<HandleNode>([root])
  const need = (handle: HandleNode): void => {
    if (rootOf(handle) !== root || needed.has(handle)) return
    if (handle.semi !== undefined) throw misplaced(handle, query)
    if (handle.parent !== undefined) need(handle.parent)
    needed.add(handle)
    eachMentionOfJoin(handle, need)
  }
  const needOfSemi = (handle: HandleNode, seen: Set<HandleNode>): void => {
    if (rootOf(handle) !== root || seen.has(handle)) return
    seen.add(handle)
    if (handle.semi === undefined) {
      need(handle)
      return
    }
    if (handle.parent !== undefined) needOfSemi(handle.parent, seen)
    eachMentionOfJoin(handle, each => needOfSemi(each, seen))
  }
  eachNest(query.select, need)
  eachClause(query, (node, clause) => {
    if (clause !== 'where') eachMention(node, need)
  })
  for (const node of plain) eachMention(node, need)
  for (const { node } of semi) eachMention(node, handle => needOfSemi(handle, new Set()))
  const needSaid = ({ handle, origin }: Requirement | Expansion): void => {
    if (rootOf(handle) !== root) throw foreign(handle, origin)
    need(handle)
  }
  query.require.forEach(needSaid)
  query.expand.forEach(needSaid)
  return [...needed]
}

// no mention of it would be printed, and so it would be dropped in silence
function foreign(handle: HandleNode, origin: Origin) {
  return buildError(
    'HANDLE_UNOWNED',
    `${nameOfHandle(handle)} is required or expanded in a query that does not start from its root, and so does not join it.`,
    'Say it of the query that starts from that root.',
    origin,
  )
}

function misplaced(handle: HandleNode, query: SelectData) {
  return buildError(
    'HANDLE_MISPLACED',
    `The semi handle ${nameOfHandle(handle)} lives in an EXISTS, so its columns stand in where(…) only.`,
    'To select or sort by a related row use left(…), first(…) or list(…).',
    query.origin,
  )
}
