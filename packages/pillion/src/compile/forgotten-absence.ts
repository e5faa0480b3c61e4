/**
 * Where PostgreSQL, from 16 to 18, takes a row that a left join did not find for one that it found, and what keeps it from that.
 *
 * Of a join below a left one it knows what a column is that its ON holds equal to something. A left join further on whose ON asks for that
 * column it takes for one that asks for what the column is, so that it finds a row, too, where the row that the column is of is missing. That
 * the column is not NULL follows from the equality, and is looked at where it is said. An equality is also what the server makes one of.
 *
 * A left join in a view, a derived table or a CTE that is joined left is further on, too: a condition on that asks for its columns.
 *
 * @module
 */
import { columnNode } from '../query/handle.js'
import type { HandleNode, Node, OperatorNode, QueryData, SelectData, Source } from '../query/node.js'
import { bool, int4 } from '../schema/base-types.js'
import { queryOfSource } from './absent-query.js'
import type { JoinPlan } from './arrange.js'
import { conjuncts } from './cardinality.js'
import { isMerged } from './correlation.js'
import { eachMention } from './mentions.js'
import { planSelect } from './plan.js'

/** What is known of the joins before one. */
interface Before {
  /** Handles whose row may be missing. */
  readonly absent: Set<HandleNode>
  /** Columns that may be forgotten, by handle and name, and in the ON of which joins they are mentioned. */
  readonly held: Map<HandleNode, Map<string, Set<JoinPlan>>>
  /** Handles any column of which may be forgotten, for what is known of it may stand in a query that it is of. */
  readonly open: Set<HandleNode>
}

/** The same joins of one FROM, whose equalities with a column that may be forgotten say that it is not NULL. */
export function withAbsenceSaid(joins: readonly JoinPlan[]): readonly JoinPlan[] {
  return sayingEach(joins, 'inner', { absent: new Set(), held: new Map(), open: new Set() })
}

function sayingEach(joins: readonly JoinPlan[], around: JoinPlan['kind'], before: Before): readonly JoinPlan[] {
  return joins.map(join => {
    const lost = lostWith(join, around)
    const below = isBelow(join, before)
    if (below) hold(join, new Set(lost), before)
    for (const handle of lost) before.absent.add(handle)
    const inside = sayingEach(join.inside, around === 'left' ? around : join.kind, before)
    return { ...join, inside, on: [...saidOf(join, before), ...(below ? wholeOf(join) : [])] }
  })
}

/** Does its ON mention a row that may be missing, or a query in which one may be? */
function isBelow(join: JoinPlan, { absent }: Before): boolean {
  const own = new Set(handlesOf(join))
  let found = false
  for (const node of join.on) {
    eachMention(node, handle => (found ||= (absent.has(handle) || joinsLeft(handle.source)) && !own.has(handle)))
  }
  return found
}

function handlesOf({ handle, inside }: JoinPlan): readonly HandleNode[] {
  return [handle, ...inside.flatMap(handlesOf)]
}

/** The handles of a join whose row may be missing. */
function lostWith(join: JoinPlan, around: JoinPlan['kind']): readonly HandleNode[] {
  const kind = around === 'left' ? around : join.kind
  const within = join.inside.flatMap(each => lostWith(each, kind))
  return kind === 'left' ? [join.handle, ...within] : within
}

/** Notes the columns of some handles that a join's conditions mention. */
function hold(join: JoinPlan, lost: ReadonlySet<HandleNode>, before: Before): void {
  if (isOfQuery(join.handle.source)) before.open.add(join.handle)
  for (const node of join.on) {
    eachMention(node, (handle, by) => {
      if (lost.has(handle) && by?.kind === 'column') note(handle, by.column.name, join, before)
    })
  }
  for (const each of join.inside) hold(each, lost, before)
}

function note(handle: HandleNode, column: string, join: JoinPlan, { held }: Before): void {
  const columns = held.get(handle) ?? new Map<string, Set<JoinPlan>>()
  held.set(handle, columns)
  columns.set(column, (columns.get(column) ?? new Set()).add(join))
}

/** The conditions of a join, each side of their equalities told not to be NULL that has such a column in it, and none of the join's own. */
function saidOf(join: JoinPlan, before: Before): readonly Node[] {
  if (join.kind !== 'left') return join.on
  const forgets = (side: Node) => mayBeForgotten(side, join, before)
  return join.on.flatMap(node => {
    const said = saying(node, true, forgets)
    return said === node ? [node] : conjuncts(said)
  })
}

// The server takes an equality out of an OR, and below a NOT makes one of an inequality. What is said makes FALSE of NULL, or TRUE below a NOT,
// by which a join finds the same.
function saying(node: Node, holds: boolean, forgets: (side: Node) => boolean): Node {
  switch (node.kind) {
    case 'not':
      return { ...node, of: saying(node.of, !holds, forgets) }
    case 'case':
      return {
        ...node,
        whens: node.whens.map(({ when, then }) => ({ when, then: saying(then, holds, forgets) })),
        otherwise: node.otherwise && saying(node.otherwise, holds, forgets),
      }
    case 'logic': {
      const args = node.args.map(each => saying(each, holds, forgets))
      return args.every((each, i) => each === node.args[i]) ? node : { ...node, args }
    }
    case 'operator':
      return node.operator === (holds ? '=' : '<>') ? sayingBeside(node, holds, forgets) : node
    default:
      return node
  }
}

function sayingBeside(node: OperatorNode, holds: boolean, forgets: (side: Node) => boolean): Node {
  const operator = holds ? 'IS NOT NULL' : 'IS NULL'
  const said = node.args
    .filter(forgets)
    .map((side): Node => ({ kind: 'operator', form: 'postfix', operator, args: [side], type: bool }))
  return said.length === 0 ? node : { kind: 'logic', operator: holds ? 'and' : 'or', args: [node, ...said], type: bool }
}

/** What is true of every row, and asks for all of a query that joins left: the server joins what is in it first, and forgets nothing of it. */
function wholeOf(join: JoinPlan): readonly Node[] {
  return join.kind === 'left'
    ? standing(join)
        .filter(({ source }) => joinsLeft(source))
        .flatMap(anyColumns)
    : []
}

function standing({ handle, inside }: JoinPlan): readonly HandleNode[] {
  return [handle, ...inside.filter(({ kind }) => kind === 'inner').flatMap(standing)]
}

function anyColumns(handle: HandleNode): readonly Node[] {
  const columns = handle.source.columns.map(column => columnNode(handle, column, undefined))
  const parts = Array.from({ length: Math.ceil(columns.length / most) }, (_, i) =>
    columns.slice(i * most, (i + 1) * most),
  )
  return parts.map(args => ({
    kind: 'operator',
    form: 'infix',
    operator: '>=',
    args: [
      { kind: 'call', name: 'num_nulls', args, type: int4 },
      { kind: 'number', value: 0, type: int4 },
    ],
    type: bool,
  }))
}

/** What a function may be given. */
const most = 100

function mayBeForgotten(side: Node, join: JoinPlan, { held, open }: Before): boolean {
  const own = handlesOf(join)
  let [found, isOwn] = [false, false]
  eachMention(side, (handle, by) => {
    isOwn ||= own.includes(handle)
    if (by?.kind !== 'column') return
    found ||= open.has(handle) || joinsLeft(handle.source)
    for (const other of held.get(handle)?.get(by.column.name) ?? []) found ||= other !== join
  })
  return found && !isOwn
}

/** Is it a query that the server makes one with that around it, or a view, which may be? */
function isOfQuery(source: Source): boolean {
  return source.kind === 'table' ? source.table.kind === 'view' : mergedInto(source) !== undefined
}

function mergedInto(source: Source): SelectData | undefined {
  const query: QueryData | undefined = queryOfSource(source)
  return query !== undefined && isMerged(query) ? query : undefined
}

const joiningLeft = new WeakMap<Source, boolean>()

/** Is there a left join in such a query? Asked for each mention of its columns, and told by a plan of it. */
function joinsLeft(source: Source): boolean {
  const known = joiningLeft.get(source) ?? holdsLeftJoin(source)
  joiningLeft.set(source, known)
  return known
}

function holdsLeftJoin(source: Source): boolean {
  if (source.kind === 'table') return source.joinsLeft
  const query = mergedInto(source)
  return query !== undefined && (joinsLeft(query.root.source) || planSelect(query).joins.some(holdsLeft))
}

function holdsLeft({ kind, handle, inside }: JoinPlan): boolean {
  return kind === 'left' || joinsLeft(handle.source) || inside.some(holdsLeft)
}
