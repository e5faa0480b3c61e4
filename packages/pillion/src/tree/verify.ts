/**
 * Are the links of a tree those of its pointers?
 *
 * @module
 */
import { changedSince, isIncomparable } from './changed.js'
import { lostNodes, wrongLinks } from './closure.js'
import { wrongCounts } from './counts.js'
import { interruptedLoad } from './load-state.js'
import { plainly } from './mode.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { unlessGone } from './there.js'
import { missingTriggers, outdatedTriggers } from './triggers.js'

/** Something that is wrong: of links, of counts, of pointers, of what keeps them, or a load that was not finished. Keys are as text, the columns in the key's order. */
export type TreeFault =
  | {
      readonly kind: 'missing' | 'extra' | 'twice'
      readonly node: TreeKey
      readonly ancestor: TreeKey
      readonly distance: number
    }
  | {
      readonly kind: 'distance'
      readonly node: TreeKey
      readonly ancestor: TreeKey
      readonly distance: number
      readonly found: number
    }
  | { readonly kind: 'cyclic' | 'parentless'; readonly node: TreeKey; readonly parent: TreeKey }
  | { readonly kind: 'count'; readonly node: TreeKey; readonly count: number; readonly found: number }
  | { readonly kind: 'load'; readonly rows: number }
  | { readonly kind: 'trigger' | 'outdated'; readonly name: string }
  | { readonly kind: 'changed'; readonly what: string }

/** A key as text, its columns in order. */
export type TreeKey = readonly string[]

/**
 * Compares every link with the pointers, in one snapshot: nobody waits for it.
 *
 * - `missing`: a link that should be there; `extra`: one that should not; `distance`: one that says how far wrongly; `twice`: one that is there more
 *   than once, the links having lost their primary key
 * - `cyclic`: a node that no root is above; `parentless`: one whose parent is not there
 * - `count`: a number of descendants, where those are kept, that is not the number of its links
 * - `load`: a load was interrupted after so many rows
 * - `trigger`: one that keeps the links is off or gone, by a migration that made the table anew, say
 * - `outdated`: one, or a function of PostgreSQL's, is not what this version of pillion would make
 * - `changed`: the table has types or keys for which its triggers were not made; where its keys can no longer be compared with those of the links,
 *   that alone is told of the links
 *
 * ```ts
 * for (const fault of await verifyTree(session, model)) console.error(describeFault(fault))
 * ```
 *
 * @throws TREE_REFUSED where the table or a column of the tree has another name by now; on MariaDB, for a user who may but SELECT, from
 * whom it hides triggers
 */
export async function verifyTree(session: TreeSession, model: TreeModel): Promise<readonly TreeFault[]> {
  return inSnapshot(session, async () => {
    const found = await unlessGone(session, model)
    const triggers = await missingTriggers(session, model)
    const outdated = triggers.length > 0 ? [] : await outdatedTriggers(session, model)
    const loading = await interruptedLoad(session, model)
    const changed = changedSince(model, found)
    const compared = await compare(session, model).catch(error => {
      if (changed.length > 0 && isIncomparable(error)) return []
      throw error
    })
    return [
      ...triggers.map(name => ({ kind: 'trigger', name }) as const),
      ...outdated.map(name => ({ kind: 'outdated', name }) as const),
      ...changed.map(what => ({ kind: 'changed', what }) as const),
      ...(loading === undefined ? [] : [{ kind: 'load', rows: loading } as const]),
      ...compared,
    ]
  })
}

/** Links with pointers, and counts with links. */
async function compare(session: TreeSession, model: TreeModel): Promise<readonly TreeFault[]> {
  const lost = await session.run(lostNodes(model))
  const wrong = await session.run(wrongLinks(model))
  const counts = model.counts ? await session.run(wrongCounts(model)) : []
  return [
    ...lost.map(row => lostFault(row, model)),
    ...wrong.map(row => linkFault(row, model)),
    ...counts.map(countFault),
  ]
}

/**
 * One line for a person.
 *
 * ```ts
 * describeFault(fault)   // 'missing: 7 is 2 below 1'
 * ```
 */
export function describeFault(fault: TreeFault): string {
  switch (fault.kind) {
    case 'missing':
      return `missing: ${told(fault.node)} is ${fault.distance} below ${told(fault.ancestor)}`
    case 'extra':
      return `extra: ${told(fault.node)} is not below ${told(fault.ancestor)}`
    case 'twice':
      return `twice: ${told(fault.node)} below ${told(fault.ancestor)}; rebuild, and give the links their primary key`
    case 'distance':
      return `distance: ${told(fault.node)} is ${fault.distance} below ${told(fault.ancestor)}, not ${fault.found}`
    case 'cyclic':
      return `cyclic: ${told(fault.node)}, below ${told(fault.parent)}, has no root above it`
    case 'parentless':
      return `parentless: ${told(fault.node)} is below ${told(fault.parent)}, which is not there`
    case 'count':
      return `count: ${told(fault.node)} has ${fault.count} below it, not ${fault.found}`
    case 'load':
      return `load: interrupted after ${fault.rows} rows; run it again to go on`
    case 'trigger':
      return `trigger: ${fault.name} is off or not there; install the tree again`
    case 'outdated':
      return `outdated: ${fault.name} is not as this version of pillion makes it; install the tree again`
    case 'changed':
      return `changed: ${fault.what}; uninstall the tree, and install it again`
  }
}

const told = (key: TreeKey): string => (key.length === 1 ? String(key[0]) : `(${key.join(', ')})`)

type Row = readonly (string | null)[]

const text = (cells: Row): TreeKey => cells.map(cell => cell ?? '')

function linkFault(row: Row, { scope, key }: TreeModel): TreeFault {
  const node = text(row.slice(0, scope.length + key.length))
  const ancestor = [...node.slice(0, scope.length), ...text(row.slice(node.length, node.length + key.length))]
  const [wanted, found] = row.slice(-2)
  if (wanted === null || wanted === undefined) return { kind: 'extra', node, ancestor, distance: Number(found) }
  if (found === null || found === undefined) return { kind: 'missing', node, ancestor, distance: Number(wanted) }
  if (Number(wanted) === Number(found)) return { kind: 'twice', node, ancestor, distance: Number(wanted) }
  return { kind: 'distance', node, ancestor, distance: Number(wanted), found: Number(found) }
}

function countFault(row: Row): TreeFault {
  const [wanted, found] = row.slice(-2)
  return { kind: 'count', node: text(row.slice(0, -2)), count: Number(wanted), found: Number(found) }
}

function lostFault(row: Row, { scope, key }: TreeModel): TreeFault {
  const node = text(row.slice(0, scope.length + key.length))
  const parent = [...node.slice(0, scope.length), ...text(row.slice(node.length, -1))]
  return { kind: row.at(-1) === '1' ? 'cyclic' : 'parentless', node, parent }
}

const beginnings = {
  // who does not see every row is told so, and not that links are wrong
  postgres: ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'SET LOCAL row_security = off'],
  mariadb: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION WITH CONSISTENT SNAPSHOT'],
  sqlite: ['BEGIN'],
} as const

/** Everything that `work` reads is of one moment. */
export function inSnapshot<T>(session: TreeSession, work: () => Promise<T>): Promise<T> {
  return plainly(session, () => ofOneMoment(session, work))
}

async function ofOneMoment<T>(session: TreeSession, work: () => Promise<T>): Promise<T> {
  for (const sql of beginnings[session.dialect]) await session.run(sql)
  try {
    return await work()
  } finally {
    await session.run('ROLLBACK')
  }
}
