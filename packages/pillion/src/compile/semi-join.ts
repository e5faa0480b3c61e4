/**
 * Semi joins: the conditions that mention one semi handle, from wherever they come, form one EXISTS.
 *
 * @module
 */
import { rootOf } from '../query/handle.js'
import type { CaseNode, HandleNode, Node, SelectData } from '../query/node.js'
import { arrange, type JoinPlan } from './arrange.js'
import { conjuncts } from './cardinality.js'
import { buildError, nameOfHandle } from './failure.js'
import { eachMention, eachMentionOfJoin } from './mentions.js'
import { partsOf } from './parts.js'

/** One EXISTS: the semi handles that some condition ties together. */
export interface SemiPlan {
  readonly tops: readonly HandleNode[]
  readonly joins: readonly JoinPlan[]
  readonly where: readonly Node[]
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

/** A condition and the topmost semi handles it mentions. */
export interface SemiCondition {
  readonly node: Node
  readonly tops: ReadonlySet<HandleNode>
}

/** The conditions of a query's WHERE: those by themselves, and those of an EXISTS. */
export interface Conditions {
  readonly plain: readonly Node[]
  readonly semi: readonly SemiCondition[]
}

/**
 * Tells the conditions of a query's WHERE apart.
 *
 * @throws DISJUNCTION_MIXED
 */
export function splitConditions(query: SelectData): Conditions {
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
  return { plain, semi }
}

// Under NOT an AND is a disjunction too. Where one side does not mention the semi handle, `EXISTS (a OR b)` would ask
// for a related row even when b holds by itself.
function checkDisjunction(node: Node, negated: boolean, query: SelectData, origin: SelectData['origin']): void {
  if (isEvery(node)) throw insideEvery([...semisIn(node, query.root)][0] as HandleNode, origin)
  if (node.kind === 'not') checkDisjunction(node.of, !negated, query, origin)
  if (node.kind === 'case') checkScopes(branches(node, negated), query, origin)
  if (node.kind !== 'not' && node.kind !== 'logic') {
    for (const part of partsOf(node)) checkInside(part, query, origin)
  }
  if (node.kind !== 'logic') return
  const disjunctive = (node.operator === 'or') !== negated
  if (disjunctive) checkScopes(node.args.map(alone), query, origin)
  for (const arg of node.args) checkDisjunction(arg, negated, query, origin)
}

/** Inside of an operator or a function nobody can tell when it holds, so that an AND may be a disjunction as well. */
function checkInside(node: Node, query: SelectData, origin: SelectData['origin']): void {
  if (node.kind === 'logic') checkScopes(node.args.filter(isNoConstant).map(alone), query, origin)
  if (node.kind === 'case')
    checkScopes(
      waysOf(node).filter(way => way.some(isNoConstant)),
      query,
      origin,
    )
  for (const part of partsOf(node)) checkInside(part, query, origin)
}

/** A constant asks about nothing. */
function isNoConstant({ kind }: Node): boolean {
  return kind !== 'value' && kind !== 'number'
}

/** Each side must mention the same semi handles. */
function checkScopes(sides: readonly (readonly Node[])[], query: SelectData, origin: SelectData['origin']): void {
  const sets = sides.map(side => new Set(side.flatMap(node => [...semisIn(node, query.root)])))
  const [first, ...rest] = sets
  if (first === undefined || rest.every(set => sameSet(set, first))) return
  const name = nameOfHandle([...new Set(sets.flatMap(set => [...set]))][0] as HandleNode)
  throw buildError(
    'DISJUNCTION_MIXED',
    `A disjunction mixes the semi handle ${name} with another scope, so it is not said whether a related row must exist.`,
    `Write or(exists(${name}, e => …), …): a quantifier of its own stands anywhere.`,
    origin,
  )
}

const alone = (node: Node): readonly Node[] => [node]

/** The ways in which a CASE can hold: each a condition and what comes of it, but for what never holds. */
function branches(node: CaseNode, negated: boolean): readonly (readonly Node[])[] {
  return waysOf(node).filter(way => !holdsNever(way.at(-1) as Node, negated))
}

function waysOf({ whens, otherwise }: CaseNode): readonly (readonly Node[])[] {
  return [...whens.map(({ when, then }) => [when, then]), ...(otherwise === undefined ? [] : [[otherwise]])]
}

function holdsNever(node: Node, negated: boolean): boolean {
  return node.kind === 'value' && (node.value === null || node.value === negated)
}

// `every` asks for a row that breaks its condition: EXISTS around that would ask for a related row that does
function isEvery(node: Node): boolean {
  return node.kind === 'operator' && node.operator === 'IS NOT TRUE'
}

function insideEvery(handle: HandleNode, origin: SelectData['origin']) {
  const name = nameOfHandle(handle)
  return buildError(
    'HANDLE_MISPLACED',
    `The condition of every(…) mentions the semi handle ${name}, made for the row that it asks about, and would be turned round inside its EXISTS.`,
    `Write every(…, e => exists(${name}, …)): a quantifier of its own stands anywhere.`,
    origin,
  )
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every(each => b.has(each))
}

/** Conditions gathered by the semi handles that tie them together, transitively. */
export function semiComponents(
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

/** Plans the EXISTS of one component. */
export function planSemi(
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
