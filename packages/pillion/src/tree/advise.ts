/**
 * Which encoding suits a table: both measured on its own rows.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { deeply, of } from './closure.js'
import { plainly } from './mode.js'
import type { TreeDialect, TreeModel } from './model.js'
import type { TreeSession } from './session.js'
import { type TreeStats, treeStats } from './stats.js'
import { letters, list, same, tail, treeText } from './text.js'

/** What both encodings took below one node, in milliseconds: the best of several runs, warm. */
export interface Measured {
  readonly descendants: number
  readonly count: Encodings
  readonly rows: Encodings
}

/** Milliseconds that each encoding took. */
export interface Encodings {
  readonly recursive: number
  readonly closure: number
}

/** What was measured, and what links would cost. */
export interface Advice {
  readonly stats: TreeStats
  readonly measured: readonly Measured[]
  /** Bytes that the links would take, with both of their indexes. */
  readonly bytes: number
  readonly bytesPerNode: number
  readonly closure: boolean
}

/** Bytes a link with its indexes, keys of eight bytes, as measured; `bench/tree` measures it again. */
const bytesPerLink: { readonly [dialect in TreeDialect]: number } = { postgres: 115, mariadb: 64, sqlite: 27 }

/** Subtrees are sought among so many nodes; each is measured so often. */
const tries = 60
const runs = 5

/**
 * Measures counts and rows below small, larger and large subtrees of the table, by a recursive CTE and by links that are made
 * for it in a temporary table. The table itself is only read.
 *
 * ```ts
 * console.log(describeAdvice(await adviseTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))))
 * ```
 *
 * @throws TREE_REFUSED when the pointers make no tree
 */
export function adviseTree(session: TreeSession, model: TreeModel): Promise<Advice> {
  return plainly(session, () => advisePlainly(session, model))
}

async function advisePlainly(session: TreeSession, model: TreeModel): Promise<Advice> {
  const stats = await treeStats(session, model)
  // a walk down a circle never ends
  if (stats.lost > 0)
    throw new PillionError(
      'TREE_REFUSED',
      `The table ${model.table} is no tree: ${stats.lost} nodes have no path to a root.`,
      {
        hint: 'They are below themselves, or their parents are missing. Mend them, and ask again.',
      },
    )
  const subtrees = await subtreesOf(session, model)
  const measured: Measured[] = []
  for (const { key } of subtrees) measured.push(await measure(session, model, key))
  const bytes = Math.round(stats.links * bytesPerLink[model.dialect])
  const faster = measured.filter(({ count }) => count.recursive > count.closure * 3).length
  return {
    stats,
    measured,
    bytes,
    bytesPerNode: stats.nodes === 0 ? 0 : bytes / stats.nodes,
    closure: measured.length > 0 && faster * 2 >= measured.length,
  }
}

interface Subtree {
  readonly key: readonly string[]
  readonly size: number
}

/** One subtree of each order of magnitude, the largest found first. */
async function subtreesOf(session: TreeSession, model: TreeModel): Promise<readonly Subtree[]> {
  const t = treeText(model)
  const random = session.dialect === 'mariadb' ? 'RAND()' : 'RANDOM()'
  const roots = await session.run(`SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${t.isRoot('n')} LIMIT 3`)
  // parents only: most nodes are leaves
  const some = await session.run(
    `SELECT DISTINCT ${list(t.key('p'))} FROM (SELECT ${list(t.pointer('n'))} FROM ${t.table} AS n WHERE ${t.isChild('n')} ORDER BY ${random} LIMIT ${tries}) AS c
JOIN ${t.table} AS p ON ${same(
      t.key('p'),
      t.pointer().map(column => `c.${column}`),
    )}`,
  )
  const sized: Subtree[] = []
  for (const row of [...roots, ...some]) {
    const key = row.map(cell => cell ?? '')
    sized.push({ key, size: Number((await session.run(recursive(model, 'COUNT(*)', ''), key))[0]?.[0]) - 1 })
  }
  const magnitudes = new Map(
    sized.toSorted((a, b) => a.size - b.size).map(each => [Math.floor(Math.log10(Math.max(1, each.size))), each]),
  )
  return [...magnitudes.values()].filter(({ size }) => size >= 10).toSorted((a, b) => b.size - a.size)
}

function recursive(model: TreeModel, selected: string, rest: string): string {
  const t = treeText(model)
  const k = letters('_k', model)
  return `${deeply(model)}WITH RECURSIVE _down (${list(k)}) AS (
  SELECT ${list(t.key('n'))} FROM ${t.table} AS n WHERE ${same(t.key('n'), marks(model))}
  UNION ALL SELECT ${list(t.key('n'))} FROM _down AS d JOIN ${t.table} AS n ON ${same(t.pointer('n'), of('d', k))}
) SELECT ${selected} FROM _down AS d${rest}`
}

const marks = ({ dialect, scope, key }: TreeModel): readonly string[] =>
  [...scope, ...key].map((_, i) => (dialect === 'postgres' ? `$${i + 1}` : '?'))

/** The session's own table, and no one else's of that name. */
const dropOwn: { readonly [dialect in TreeDialect]: string } = {
  postgres: 'DROP TABLE IF EXISTS pg_temp.pillion_links',
  mariadb: 'DROP TEMPORARY TABLE IF EXISTS pillion_links',
  sqlite: 'DROP TABLE IF EXISTS temp.pillion_links',
}

async function measure(session: TreeSession, model: TreeModel, key: readonly string[]): Promise<Measured> {
  const t = treeText(model)
  const [k, a] = [letters('_k', model), letters('_p', model)]
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  const columns = [...k, ...tail(model, a)]
  await session.run(dropOwn[session.dialect])
  await session.run(
    `CREATE TEMPORARY TABLE pillion_links (${list(columns.map((name, i) => `${name} ${types[i < k.length ? i : i - k.length + model.scope.length]} NOT NULL`))})`,
  )
  const above = key.slice(model.scope.length).map((_, i) => marks(model)[i + model.scope.length] ?? '?')
  const [values, text] =
    session.dialect === 'postgres'
      ? [key, recursive(model, list(of('d', k), cast(above, types.slice(model.scope.length))), '')]
      : [[...key, ...key.slice(model.scope.length)], recursive(model, list(of('d', k), above), '')]
  // placeholders come in the order of the text: those of the SELECT stand behind those of the CTE
  await session.run(insertion(text), values)
  await session.run(
    `CREATE INDEX pillion_links_down ON pillion_links (${list([...k.slice(0, model.scope.length), ...tail(model, a), ...tail(model, k)])})`,
  )
  if (session.dialect === 'postgres') await session.run('ANALYZE pillion_links')
  const ancestor = [...k.slice(0, model.scope.length), ...tail(model, a)]
  const found = `FROM pillion_links AS l WHERE ${same(of('l', ancestor), marks(model))}`
  const joined = `SELECT n.* FROM pillion_links AS l JOIN ${t.table} AS n ON ${same(t.key('n'), of('l', k))} WHERE ${same(of('l', ancestor), marks(model))}`
  const rows = recursive(model, 'n.*', ` JOIN ${t.table} AS n ON ${same(t.key('n'), of('d', k))}`)
  const measured = {
    descendants: Number((await session.run(`SELECT COUNT(*) ${found}`, key))[0]?.[0]) - 1,
    count: {
      recursive: await best(session, recursive(model, 'COUNT(*)', ''), key),
      closure: await best(session, `SELECT COUNT(*) ${found}`, key),
    },
    rows: { recursive: await best(session, rows, key), closure: await best(session, joined, key) },
  }
  await session.run(dropOwn[session.dialect])
  return measured
}

const cast = (values: readonly string[], types: readonly string[]): readonly string[] =>
  values.map((value, i) => `CAST(${value} AS ${types[i]})`)

function insertion(select: string): string {
  const deep = /^SET STATEMENT .*? FOR /.exec(select)?.[0] ?? ''
  return `${deep}INSERT INTO pillion_links ${select.slice(deep.length)}`
}

async function best(session: TreeSession, sql: string, key: readonly string[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run <= runs; run++) {
    const begun = performance.now()
    await session.run(sql, key)
    if (run > 0) least = Math.min(least, performance.now() - begun)
  }
  return least
}

const without = 'Pointers alone do well here: do without links.'

/**
 * The advice for a person.
 *
 * ```ts
 * console.log(describeAdvice(await adviseTree(session, model)))
 * ```
 */
export function describeAdvice({ stats, measured, bytes, bytesPerNode, closure }: Advice): string {
  if (measured.length === 0)
    return `${stats.nodes.toLocaleString('en')} nodes, and none that was found has ten below it: there is nothing to measure. ${without}`
  const ms = (n: number): string => n.toFixed(n < 10 ? 2 : 0).padStart(9)
  const lines = measured.map(
    ({ descendants, count, rows }) =>
      `${descendants.toLocaleString('en').padStart(12)}${ms(count.recursive)}${ms(count.closure)}${ms(rows.recursive)}${ms(rows.closure)}`,
  )
  return [
    `${stats.nodes.toLocaleString('en')} nodes, ${stats.linksPerNode.toFixed(2)} links a node`,
    '',
    '                count, ms         rows, ms',
    ' descendants      CTE  closure      CTE  closure',
    ...lines,
    '',
    `Links would take ${(bytes / 2 ** 20).toFixed(1)} MiB, ${bytesPerNode.toFixed(0)} bytes a node.`,
    closure
      ? 'Counts, and facts below a node, are faster over links here: install them if you ask for those often.'
      : without,
  ].join('\n')
}
