/**
 * The order and the nesting of joins: parents and ON dependencies first, inner joins below a left one inside its
 * parenthesis, so that no root row is lost.
 *
 * @module
 */
import type { HandleNode, Node, SelectData } from '../query/node.js'
import { buildError, nameOfHandle } from './failure.js'
import { eachMention, eachMentionOfJoin, isAtOrAbove } from './mentions.js'

/** One join as it will be printed: a table, or a parenthesis of one and what is joined inside it. */
export interface JoinPlan {
  readonly handle: HandleNode
  readonly kind: 'inner' | 'left'
  readonly inside: readonly JoinPlan[]
  readonly on: readonly Node[]
}

/** Joins the handles of one FROM, those of `fixed` already standing there. */
export function arrange(
  query: SelectData,
  handles: readonly HandleNode[],
  fixed: readonly HandleNode[],
  required: ReadonlySet<HandleNode>,
): readonly JoinPlan[] {
  const joined = handles.filter(handle => !fixed.includes(handle))
  if (joined.length === 0) return []
  if (isFlat(joined, required)) {
    return joined.map(handle => ({ handle, kind: kindOf(handle, required), inside: [], on: handle.on }))
  }
  const all = new Set(joined)
  const nested = nesting(joined, all, required)
  const topOf = (handle: HandleNode): HandleNode => (nested.has(handle) ? topOf(handle.parent as HandleNode) : handle)
  const groups = new Map<HandleNode, HandleNode[]>()
  for (const handle of joined) {
    const top = topOf(handle)
    const group = groups.get(top)
    if (group === undefined) groups.set(top, [handle])
    else group.push(handle)
  }
  const ordered = inDependencyOrder(query, groups, topOf, all)
  const standing = new Set([...fixed, ...joined])
  return ordered.map(top => joinPlan(query, top, groups.get(top) as HandleNode[], nested, standing, required))
}

/** Do they follow one another as they are, with nothing nested and nothing mentioned before it is joined? Most do. */
function isFlat(joined: readonly HandleNode[], required: ReadonlySet<HandleNode>): boolean {
  let flat = true
  for (let i = 0; i < joined.length && flat; i++) {
    const handle = joined[i] as HandleNode
    if (kindOf(handle, required) === 'inner' && kindOf(handle.parent as HandleNode, required) === 'left') return false
    eachMentionOfJoin(handle, mentioned => {
      if (joined.indexOf(mentioned) > i) flat = false
    })
  }
  return flat
}

function kindOf(handle: HandleNode, required: ReadonlySet<HandleNode>): 'inner' | 'left' {
  return handle.kind === 'left' && !required.has(handle) ? 'left' : 'inner'
}

/** Which handles stand inside their parent's parenthesis: inner below left (else rows would be lost), or mentioned in its ON. */
function nesting(
  joined: readonly HandleNode[],
  all: ReadonlySet<HandleNode>,
  required: ReadonlySet<HandleNode>,
): ReadonlySet<HandleNode> {
  const nested = new Set<HandleNode>()
  for (const handle of joined) {
    eachMentionOfJoin(handle, mentioned => {
      if (mentioned === handle || !isAtOrAbove(handle, mentioned)) return
      for (let node = mentioned; node !== handle; node = node.parent as HandleNode) nested.add(node)
    })
  }
  for (const handle of joined) {
    const parent = handle.parent as HandleNode
    const inNullableGroup = all.has(parent) && (kindOf(parent, required) === 'left' || nested.has(parent))
    if (kindOf(handle, required) === 'inner' && inNullableGroup) nested.add(handle)
  }
  return nested
}

function inDependencyOrder(
  query: SelectData,
  groups: ReadonlyMap<HandleNode, readonly HandleNode[]>,
  topOf: (handle: HandleNode) => HandleNode,
  all: ReadonlySet<HandleNode>,
): readonly HandleNode[] {
  const placed = new Set<HandleNode>()
  const placing = new Set<HandleNode>()
  const place = (top: HandleNode): void => {
    if (placed.has(top)) return
    if (placing.has(top)) {
      throw buildError(
        'QUERY_INVALID',
        `The ON of ${nameOfHandle(top)} needs a handle whose own ON needs ${nameOfHandle(top)}.`,
        'Move one of the conditions to where(…).',
        query.origin,
      )
    }
    placing.add(top)
    for (const member of groups.get(top) as readonly HandleNode[]) {
      const depend = (handle: HandleNode) => {
        if (all.has(handle) && topOf(handle) !== top) place(topOf(handle))
      }
      depend(member.parent as HandleNode)
      eachMentionOfJoin(member, depend)
    }
    placing.delete(top)
    placed.add(top)
  }
  for (const top of groups.keys()) place(top)
  return [...placed]
}

function joinPlan(
  query: SelectData,
  top: HandleNode,
  group: readonly HandleNode[],
  nested: ReadonlySet<HandleNode>,
  standing: ReadonlySet<HandleNode>,
  required: ReadonlySet<HandleNode>,
): JoinPlan {
  if (group.length === 1) return { handle: top, kind: kindOf(top, required), inside: [], on: top.on }
  const members = group.filter(handle => handle !== top && isAtOrAbove(top, handle))
  const children = inOrder(
    members.filter(handle => nested.has(handle) && handle.parent === top),
    members,
  )
  const hoisted: Node[] = []
  const own = new Set([top, ...members])
  const inside = children.map(child => {
    const plan = joinPlan(
      query,
      child,
      members.filter(each => isAtOrAbove(child, each)),
      nested,
      standing,
      required,
    )
    const [stays, leaves] = partition(plan.on, condition => staysInside(condition, own, standing))
    if (leaves.length > 0 && plan.kind === 'left') {
      throw buildError(
        'QUERY_INVALID',
        `The ON of ${nameOfHandle(child)} mentions a handle outside ${nameOfHandle(top)}, inside which it must be joined.`,
        'Move the condition to where(…), or join it from the root.',
        query.origin,
      )
    }
    hoisted.push(...leaves)
    return { ...plan, on: stays }
  })
  return { handle: top, kind: kindOf(top, required), inside, on: [...top.on, ...hoisted] }
}

/** Siblings, each behind those that the ON of what it brings mentions. */
function inOrder(siblings: readonly HandleNode[], members: readonly HandleNode[]): readonly HandleNode[] {
  const placed = new Set<HandleNode>()
  const placing = new Set<HandleNode>()
  const place = (sibling: HandleNode): void => {
    if (placed.has(sibling) || placing.has(sibling)) return
    placing.add(sibling)
    for (const member of members.filter(each => isAtOrAbove(sibling, each))) {
      eachMentionOfJoin(member, mentioned => {
        const other = siblings.find(each => isAtOrAbove(each, mentioned))
        if (other !== undefined) place(other)
      })
    }
    placed.add(sibling)
  }
  for (const each of siblings) place(each)
  return [...placed]
}

// an inner member's condition on something outside the parenthesis holds as well in the ON of the parenthesis
function staysInside(condition: Node, own: ReadonlySet<HandleNode>, standing: ReadonlySet<HandleNode>): boolean {
  let stays = true
  eachMention(condition, handle => {
    if (standing.has(handle) && !own.has(handle)) stays = false
  })
  return stays
}

function partition<T>(list: readonly T[], test: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(test), list.filter(each => !test(each))]
}
