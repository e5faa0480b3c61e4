/** Many nodes brought at once, and one by one. @module */
import type pg from 'pg'
import { installTree, loadTree, readTree, readTreeTable, treeModel } from 'pillion/tree'
import type { Contender } from './contest.js'
import { type Memory, watchMemory } from './memory.js'
import { sessionOn } from './plant.js'

export interface Loaded {
  readonly seconds: number
  readonly memory: Memory
}

/** Loads every node of one database into another, links and all, by way of this process. */
export async function loadAll(
  to: pg.Client,
  from: pg.Client,
  signal: AbortSignal,
  told: (step: string, rows: number) => void,
): Promise<Loaded> {
  await to.query(
    'CREATE TABLE node (id bigint PRIMARY KEY, parent_id bigint); CREATE INDEX node_parent_id ON node (parent_id, id)',
  )
  const session = sessionOn(to)
  const table = await readTreeTable(session, 'node')
  await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'link' }))
  const memory = watchMemory()
  const begun = performance.now()
  await loadTree(session, await readTree(session, 'link'), rowsOf(from), {
    columns: ['id', 'parent_id'],
    signal,
    onProgress({ step, rows }) {
      memory.look()
      told(step, rows)
    },
  })
  return { seconds: (performance.now() - begun) / 1_000, memory: memory.result() }
}

/** Rows in the order of their keys, a few thousand at a time. */
async function* rowsOf(client: pg.Client): AsyncGenerator<readonly (string | null)[]> {
  await client.query('BEGIN')
  await client.query('DECLARE source CURSOR FOR SELECT id::text, parent_id::text FROM node ORDER BY id')
  for (;;) {
    const { rows } = await client.query<(string | null)[]>({ text: 'FETCH 5000 FROM source', rowMode: 'array' })
    if (rows.length === 0) break
    yield* rows
  }
  await client.query('COMMIT')
}

export interface Single {
  readonly name: string
  /** For as many nodes as the whole tree has. */
  readonly seconds: number
  /** Microseconds a node in each fifth: a rate that is the same to the end can be reckoned with. */
  readonly fifths: readonly number[]
}

/** Inserts leaves one by one below nodes from all over the tree, which has its size by then. */
export async function rowByRow(
  { name, writer }: Contender,
  {
    nodes,
    inserted,
    signal,
    told,
  }: { readonly nodes: number; readonly inserted: number; readonly signal: AbortSignal; told(n: number): void },
): Promise<Single> {
  const fifths: number[] = []
  const size = Math.ceil(inserted / 5)
  for (let fifth = 0; fifth < 5; fifth++) {
    const begun = performance.now()
    for (let n = fifth * size; n < (fifth + 1) * size; n++) {
      signal.throwIfAborted()
      if (n % 500 === 0) told(n)
      // parents of the tree's own nodes: the first fifth of its keys, in no order
      await writer.insert(nodes * 2 + n, 1 + ((n * 7_919) % Math.ceil(nodes / 5)))
    }
    fifths.push(((performance.now() - begun) * 1_000) / size)
  }
  return { name, fifths, seconds: (fifths.reduce((sum, each) => sum + each, 0) / 5 / 1e6) * nodes }
}
