/**
 * A tree's shape in numbers.
 *
 * @module
 */
import { deeply, of } from './closure.js'
import type { TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { letters, list, same, treeText } from './text.js'
import { unlessGone } from './there.js'
import { inSnapshot } from './verify.js'

/** A tree's shape. */
export interface TreeStats {
  readonly nodes: number
  readonly roots: number
  /** Nodes that no root is above, for pointers run in circles or parents are missing: they have no depth, and no links. */
  readonly lost: number
  readonly links: number
  /** Links a node, itself among them: one more than its depth on average. */
  readonly linksPerNode: number
  /** Nodes at each depth; a root's is 0. */
  readonly depths: readonly { readonly depth: number; readonly nodes: number }[]
  /** How many nodes have so many children: from `least` up to `most`. */
  readonly fanOut: readonly { readonly least: number; readonly most: number; readonly nodes: number }[]
}

/**
 * Reads the pointers of one moment, several times; of a table that has no links yet, too.
 *
 * ```ts
 * const { nodes, linksPerNode } = await treeStats(session, model)
 * ```
 */
export async function treeStats(session: TreeSession, model: TreeModel): Promise<TreeStats> {
  return inSnapshot(session, async () => {
    await unlessGone(session, model)
    return read(session, model)
  })
}

async function read(session: TreeSession, model: TreeModel): Promise<TreeStats> {
  const t = treeText(model)
  const k = letters('_k', model)
  const [[nodes] = []] = await session.run(`SELECT COUNT(*) FROM ${t.table} AS n`)
  const depths = await session.run(
    `${deeply(model)}WITH RECURSIVE _reached (${list(k)}, _depth) AS (
  SELECT ${list(t.key('n'))}, 0 FROM ${t.table} AS n WHERE ${t.isRoot('n')}
  UNION ALL SELECT ${list(t.key('n'))}, r._depth + 1 FROM _reached AS r JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('r', k))}
) SELECT r._depth, COUNT(*) FROM _reached AS r GROUP BY r._depth ORDER BY r._depth`,
  )
  const children = await session.run(
    `SELECT c.children, COUNT(*) FROM (SELECT COUNT(*) AS children FROM ${t.table} AS n JOIN ${t.table} AS p ON ${same(t.key('p'), t.pointer('n'))} GROUP BY ${list(t.key('p'))}) AS c GROUP BY c.children ORDER BY c.children`,
  )
  return statsOf(Number(nodes), numbers(depths), numbers(children))
}

const numbers = (rows: readonly (readonly (string | null)[])[]): readonly (readonly [number, number])[] =>
  rows.map(([a, b]) => [Number(a), Number(b)])

type Pairs = readonly (readonly [number, number])[]

function statsOf(nodes: number, depths: Pairs, children: Pairs): TreeStats {
  const sum = (pairs: Pairs, of: (pair: readonly [number, number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0)
  const reached = sum(depths, ([, n]) => n)
  const links = sum(depths, ([depth, n]) => (depth + 1) * n)
  return {
    nodes,
    roots: depths.find(([depth]) => depth === 0)?.[1] ?? 0,
    lost: nodes - reached,
    links,
    linksPerNode: reached === 0 ? 0 : links / reached,
    depths: depths.map(([depth, n]) => ({ depth, nodes: n })),
    fanOut: fanOut(nodes, children),
  }
}

/** 0, 1, 2 to 3, 4 to 7, …: each class twice as wide as the one before. */
function fanOut(nodes: number, children: Pairs): TreeStats['fanOut'] {
  const parents = children.reduce((total, [, n]) => total + n, 0)
  const classes = new Map<number, number>()
  for (const [n, count] of children) {
    const least = 2 ** Math.floor(Math.log2(n))
    classes.set(least, (classes.get(least) ?? 0) + count)
  }
  const leaves = { least: 0, most: 0, nodes: nodes - parents }
  return [leaves, ...[...classes].map(([least, count]) => ({ least, most: least * 2 - 1, nodes: count }))]
}

/**
 * A histogram for a terminal: a bar for each line, the longest `width` characters.
 *
 * ```ts
 * console.log(describeStats(await treeStats(session, model)))
 * ```
 *
 * @param width in characters
 */
export function describeStats(stats: TreeStats, width = 40): string {
  const bars = (title: string, lines: readonly (readonly [string, number])[]): readonly string[] => {
    const most = Math.max(1, ...lines.map(([, n]) => n))
    const label = Math.max(...lines.map(([name]) => name.length))
    return [
      title,
      ...lines.map(([name, n]) => {
        const bar = '█'.repeat(Math.max(n > 0 ? 1 : 0, Math.round((n / most) * width)))
        return `  ${name.padStart(label)}  ${bar.padEnd(width)}  ${n.toLocaleString('en')}`
      }),
    ]
  }
  const { nodes, roots, lost, links, linksPerNode, depths, fanOut: fan } = stats
  return [
    `${nodes.toLocaleString('en')} nodes, ${roots.toLocaleString('en')} roots, ${links.toLocaleString('en')} links, ${linksPerNode.toFixed(2)} a node`,
    ...(lost === 0
      ? []
      : [`${lost.toLocaleString('en')} nodes have no root above them: below themselves, or below nobody`]),
    '',
    ...bars(
      'depth',
      depths.map(({ depth, nodes: n }) => [String(depth), n] as const),
    ),
    '',
    ...bars(
      'children',
      fan.map(({ least, most, nodes: n }) => [least === most ? String(least) : `${least}–${most}`, n] as const),
    ),
  ].join('\n')
}
