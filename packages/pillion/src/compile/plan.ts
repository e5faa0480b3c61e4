/**
 * From handles to joins. A plan says what stands in FROM, in which order and how nested, which conditions form an
 * EXISTS, and refuses what would silently change the rows.
 *
 * @module
 */
import type { AggregateNode, HandleNode, Node, SelectData } from '../query/node.js'
import { conjuncts, pinnedKey } from './cardinality.js'
import { buildError, nameOfHandle } from './failure.js'
import { eachClause, eachMention, eachMentionOfJoin, eachNest, isAtOrAbove, rootOf } from './mentions.js'

/** One join as it will be printed: a table, or a parenthesis of one and what is joined inside it. */
export interface JoinPlan {
  readonly handle: HandleNode
  readonly kind: 'inner' | 'left'
  readonly inside: readonly JoinPlan[]
  readonly on: readonly Node[]
}

/** One EXISTS: the semi handles that some condition ties together. */
export interface SemiPlan {
  readonly tops: readonly HandleNode[]
  readonly joins: readonly JoinPlan[]
  readonly where: readonly Node[]
}

export interface Plan {
  readonly query: SelectData
  readonly joins: readonly JoinPlan[]
  readonly where: readonly Node[]
  readonly semis: readonly SemiPlan[]
}

/** Plans one SELECT. */
export function planSelect(query: SelectData): Plan {
  const required = requiredHandles(query)
  const [plain, semiConditions] = splitConditions(query)
  const handles = neededHandles(query, plain, semiConditions)
  checkFanOut(query, handles)
  const joins = arrange(query, handles, [query.root], required)
  const semis = semiComponents(query, semiConditions).map(where => planSemi(query, where, required))
  return { query, joins, where: plain, semis }
}

function requiredHandles(query: SelectData): ReadonlySet<HandleNode> {
  const required = new Set<HandleNode>()
  for (const { handle } of query.require) {
    for (let node: HandleNode | undefined = handle; node !== undefined; node = node.parent) required.add(node)
  }
  return required
}

function kindOf(handle: HandleNode, required: ReadonlySet<HandleNode>): 'inner' | 'left' {
  return handle.kind === 'left' && !required.has(handle) ? 'left' : 'inner'
}

const noHandles: ReadonlySet<HandleNode> = new Set()

/** The topmost semi handles of this query that a node mentions. */
function semisIn(node: Node, root: HandleNode): ReadonlySet<HandleNode> {
  let found: Set<HandleNode> | undefined
  eachMention(node, handle => {
    const semi = handle.semi
    if (semi === undefined || rootOf(handle) !== root) return
    found ??= new Set()
    found.add(semi)
  })
  return found ?? noHandles
}

interface SemiCondition {
  readonly node: Node
  readonly tops: ReadonlySet<HandleNode>
}

function splitConditions(query: SelectData): readonly [readonly Node[], readonly SemiCondition[]] {
  const plain: Node[] = []
  const semi: SemiCondition[] = []
  for (const clause of query.where) {
    for (const node of conjuncts(clause.node)) {
      const tops = semisIn(node, query.root)
      if (tops.size === 0) plain.push(node)
      else {
        checkDisjunction(node, false, query, clause.origin)
        semi.push({ node, tops })
      }
    }
  }
  return [plain, semi]
}

// Under NOT an AND is a disjunction too. Where one side does not mention the semi handle, `EXISTS (a OR b)` would ask
// for a related row even when b holds by itself.
function checkDisjunction(node: Node, negated: boolean, query: SelectData, origin: SelectData['origin']): void {
  if (node.kind === 'not') checkDisjunction(node.of, !negated, query, origin)
  if (node.kind !== 'logic') return
  const disjunctive = (node.operator === 'or') !== negated
  const sets = node.args.map(arg => semisIn(arg, query.root))
  const [first, ...rest] = sets
  if (disjunctive && first !== undefined && rest.some(set => !sameSet(set, first))) {
    const name = nameOfHandle([...new Set(sets.flatMap(set => [...set]))][0] as HandleNode)
    throw buildError(
      'DISJUNCTION_MIXED',
      `A disjunction mixes the semi handle ${name} with another scope, so it is not said whether a related row must exist.`,
      `Write or(exists(${name}, e => …), …): a quantifier of its own stands anywhere.`,
      origin,
    )
  }
  for (const arg of node.args) checkDisjunction(arg, negated, query, origin)
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every(each => b.has(each))
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
  for (const { handle } of query.require) need(handle)
  for (const { handle } of query.expand) need(handle)
  return [...needed]
}

function misplaced(handle: HandleNode, query: SelectData) {
  return buildError(
    'HANDLE_MISPLACED',
    `The semi handle ${nameOfHandle(handle)} lives in an EXISTS, so its columns stand in where(…) only.`,
    'To select or sort by a related row use left(…), first(…) or list(…).',
    query.origin,
  )
}

function checkFanOut(query: SelectData, handles: readonly HandleNode[]): void {
  const many = handles.filter(handle => handle.many && pinnedKey(handle) === undefined)
  for (const handle of many) {
    if (query.expand.some(each => each.handle === handle || each.handle.bridge === handle)) continue
    const name = nameOfHandle(handle)
    throw buildError(
      'FAN_OUT',
      `${name} has many rows for one of ${nameOfHandle(handle.parent as HandleNode)}, so mentioning it would multiply rows: its ON pins no unique key.`,
      'Say q.expand(handle) where pairs are wanted; else use some, first, list, count, or pin a unique key in ON.',
      query.origin,
    )
  }
  checkCrossProduct(query, many)
  checkAggregates(query, many)
}

function related(a: HandleNode, b: HandleNode): boolean {
  return isAtOrAbove(a, b) || isAtOrAbove(b, a)
}

function checkCrossProduct(query: SelectData, many: readonly HandleNode[]): void {
  const expansions = many.map(handle => ({
    handle,
    allowed: query.expand.some(
      each => (each.handle === handle || each.handle.bridge === handle) && each.allowCrossProduct,
    ),
    position: query.expand.findIndex(each => each.handle === handle || each.handle.bridge === handle),
  }))
  expansions.sort((a, b) => a.position - b.position)
  expansions.forEach((later, i) => {
    const sibling = expansions.slice(0, i).find(earlier => !related(earlier.handle, later.handle))
    if (sibling === undefined || later.allowed) return
    throw buildError(
      'CROSS_PRODUCT',
      `${nameOfHandle(later.handle)} is expanded beside ${nameOfHandle(sibling.handle)}: every row of one would be paired with every row of the other.`,
      'Use list(…) or count(…) for one of them, or say q.expand(handle, { allowCrossProduct: true }).',
      query.origin,
    )
  })
}

const unharmed = new Set(['min', 'max', 'bool_and', 'bool_or'])

function checkAggregates(query: SelectData, many: readonly HandleNode[]): void {
  if (many.length < 2) return
  eachClause(query, node =>
    eachAggregate(node, aggregate => {
      if (aggregate.distinct || unharmed.has(aggregate.name)) return
      const mentioned: HandleNode[] = []
      for (const arg of aggregate.args) eachMention(arg, handle => mentioned.push(handle))
      const counted = mentioned.length > 0 ? mentioned : [deepest(many)]
      const foreign = many.find(handle => !counted.some(each => isAtOrAbove(handle, each)))
      if (foreign === undefined) return
      throw buildError(
        'AGGREGATE_MULTIPLIED',
        `${aggregate.name}() stands over rows that ${nameOfHandle(foreign)} multiplies, so it would count some of them more than once.`,
        'Aggregate each relation by itself: count(relation), sum(relation, e => …), or list(…).',
        query.origin,
      )
    }),
  )
}

function deepest(handles: readonly HandleNode[]): HandleNode {
  return handles.reduce((a, b) => (isAtOrAbove(a, b) ? b : a))
}

/** Visits aggregates of this query's own level; a subquery's belong to it. */
export function eachAggregate(node: Node, visit: (node: AggregateNode) => void): void {
  switch (node.kind) {
    case 'aggregate':
      if (node.over === undefined) visit(node)
      for (const arg of node.args) eachAggregate(arg, visit)
      return
    case 'operator':
    case 'call':
    case 'logic':
    case 'fragment':
      for (const arg of node.args) eachAggregate(arg, visit)
      return
    case 'case':
      for (const { when, then } of node.whens) {
        eachAggregate(when, visit)
        eachAggregate(then, visit)
      }
      if (node.otherwise) eachAggregate(node.otherwise, visit)
      return
    case 'cast':
    case 'not':
      eachAggregate(node.of, visit)
      return
    case 'array':
      for (const item of node.items) eachAggregate(item, visit)
  }
}

/** Joins the handles of one FROM, those of `fixed` already standing there. */
function arrange(
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
  return ordered.map(top => joinPlan(query, top, groups.get(top) as HandleNode[], nested, all, required))
}

/** Do they follow one another as they are, with nothing nested and nothing mentioned before it is joined? Most do. */
function isFlat(joined: readonly HandleNode[], required: ReadonlySet<HandleNode>): boolean {
  let flat = true
  joined.forEach((handle, i) => {
    const parent = handle.parent as HandleNode
    if (kindOf(handle, required) === 'inner' && kindOf(parent, required) === 'left') flat = false
    eachMentionOfJoin(handle, mentioned => {
      if (joined.indexOf(mentioned) > i) flat = false
    })
  })
  return flat
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
  all: ReadonlySet<HandleNode>,
  required: ReadonlySet<HandleNode>,
): JoinPlan {
  if (group.length === 1) return { handle: top, kind: kindOf(top, required), inside: [], on: top.on }
  const members = group.filter(handle => handle !== top && isAtOrAbove(top, handle))
  const children = members.filter(handle => nested.has(handle) && handle.parent === top)
  const hoisted: Node[] = []
  const own = new Set([top, ...members])
  const inside = children.map(child => {
    const plan = joinPlan(
      query,
      child,
      members.filter(each => isAtOrAbove(child, each)),
      nested,
      all,
      required,
    )
    const [stays, leaves] = partition(plan.on, condition => staysInside(condition, own, all, query.root))
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

// an inner member's condition on something outside the parenthesis holds as well in the ON of the parenthesis
function staysInside(
  condition: Node,
  own: ReadonlySet<HandleNode>,
  all: ReadonlySet<HandleNode>,
  root: HandleNode,
): boolean {
  let stays = true
  eachMention(condition, handle => {
    if ((all.has(handle) || handle === root) && !own.has(handle)) stays = false
  })
  return stays
}

function partition<T>(list: readonly T[], test: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(test), list.filter(each => !test(each))]
}

/** Conditions gathered by the semi handles that tie them together, transitively. */
function semiComponents(
  query: SelectData,
  conditions: readonly SemiCondition[],
): readonly (readonly SemiCondition[])[] {
  const components: SemiCondition[][] = []
  for (const condition of conditions) {
    const tops = withDependencies(condition.tops, query.root)
    const touching = components.filter(each =>
      each.some(other => intersects(withDependencies(other.tops, query.root), tops)),
    )
    for (const component of touching) components.splice(components.indexOf(component), 1)
    components.push([...touching.flat(), condition])
  }
  return components
}

// a semi handle whose ON mentions another stands in one EXISTS with it
function withDependencies(tops: ReadonlySet<HandleNode>, root: HandleNode): ReadonlySet<HandleNode> {
  const found = new Set<HandleNode>()
  const add = (handle: HandleNode): void => {
    const semi = handle.semi
    if (semi === undefined || rootOf(handle) !== root || found.has(semi)) return
    found.add(semi)
    eachMentionOfJoin(semi, add)
  }
  for (const top of tops) add(top)
  return found
}

function intersects<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return [...a].some(each => b.has(each))
}

function planSemi(
  query: SelectData,
  conditions: readonly SemiCondition[],
  required: ReadonlySet<HandleNode>,
): SemiPlan {
  const needed = new Set<HandleNode>()
  const need = (handle: HandleNode): void => {
    if (rootOf(handle) !== query.root || handle.semi === undefined || needed.has(handle)) return
    if (handle.parent !== undefined) need(handle.parent)
    needed.add(handle)
    eachMentionOfJoin(handle, need)
  }
  for (const { node } of conditions) eachMention(node, need)
  const handles = [...needed]
  const tops = handles.filter(handle => handle.semi === handle)
  const joins = arrange(query, handles, tops, required)
  return { tops, joins, where: [...tops.flatMap(top => top.on), ...conditions.map(each => each.node)] }
}
