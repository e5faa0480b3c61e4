/**
 * Questions about a tree inside of queries, in both encodings, against an oracle that walks the rows.
 *
 * @module
 */
import { Pool } from 'pg'
import { type Database, type DerivedHandle, param, pillion, sum } from 'pillion'
import { pgHost } from 'pillion/pg'
import { installTree, readTreeTable, tree, treeModel } from 'pillion/tree'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type Database as TestDatabase } from '../../../../test/support/postgres.js'

interface Rows {
  readonly node: DerivedHandle<{ id: number; parent_id: number | null; name: string }>
  readonly fact: DerivedHandle<{ id: number; node_id: number; amount: number }>
  readonly node_link: DerivedHandle<{ node_id: number; ancestor_id: number; distance: number }>
}

const size = 60
/** Node n is below one of those before it; 1 and 2 are roots. */
const parents = new Map(Array.from({ length: size }, (_, i) => [i + 1, i < 2 ? null : ((i * 7919) % i) + 1]))

function up(id: number): readonly number[] {
  const parent = parents.get(id) ?? null
  return parent === null ? [id] : [id, ...up(parent)]
}
const ids = [...parents.keys()]
const distance = (id: number, top: number): number => up(id).indexOf(top)

let database: TestDatabase
let pool: Pool
let db: Database<Rows>

beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url })
  await pool.query(`create table node (id int primary key, parent_id int references node, name text not null);
    create table fact (id int primary key, node_id int not null references node, amount int not null);`)
  const client = await pool.connect()
  const session = {
    dialect: 'postgres' as const,
    run: async (text: string, values: readonly (string | null)[] = []) =>
      (
        await client.query({
          text,
          values: [...values],
          rowMode: 'array',
          types: { getTypeParser: () => (v: string) => v },
        })
      ).rows,
  }
  const table = await readTreeTable(session, 'node')
  await installTree(session, treeModel('postgres', table, { parent: 'parent_id', closure: 'node_link' }))
  client.release()
  for (const [id, parent] of parents) await pool.query('insert into node values ($1, $2, $3)', [id, parent, `n${id}`])
  await pool.query('insert into fact select n, 1 + n * 13 % $1::int, n from generate_series(1, 200) as n', [size])
  db = await pillion<Rows>(pgHost(pool))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

describe.each(['links', 'a recursive query'])('by %s', encoding => {
  const of = () =>
    tree(db.tables.node, {
      parent: 'parent_id',
      ...(encoding === 'links' && { closure: db.tables.node_link as never }),
    })
  const selected = async (
    where: (nodes: ReturnType<typeof of>, node: Rows['node']) => unknown,
  ): Promise<readonly number[]> => {
    const { node } = db.tables
    const rows = await db
      .from(node)
      .where(where(of(), node) as never)
      .select({ id: node.id })
      .orderBy(node.id.asc())
      .all()
    return rows.map(row => row.id as number)
  }

  test('what is under and above a node, within distances', async () => {
    for (const y of [1, 2, 3, 7, 59]) {
      const below = ids.filter(id => up(id).includes(y))
      expect(await selected((nodes, node) => nodes.under(node, y))).toEqual(below)
      expect(await selected((nodes, node) => nodes.under(node, y, { least: 1 }))).toEqual(below.filter(id => id !== y))
      expect(await selected((nodes, node) => nodes.under(node, y, { least: 1, most: 2 }))).toEqual(
        below.filter(id => [1, 2].includes(distance(id, y))),
      )
      expect(await selected((nodes, node) => nodes.above(node, y))).toEqual([...up(y)].toSorted((a, b) => a - b))
      expect(await selected((nodes, node) => nodes.above(node, y, { most: 1 }))).toEqual(
        up(y)
          .slice(0, 2)
          .toSorted((a, b) => a - b),
      )
    }
  })

  test('children, siblings and roots', async () => {
    const children = (y: number | null) => ids.filter(id => parents.get(id) === y)
    expect(await selected((nodes, node) => nodes.childOf(node, 3))).toEqual(children(3))
    expect(await selected((nodes, node) => nodes.siblingOf(node, 7))).toEqual(
      children(parents.get(7) ?? null).filter(id => id !== 7),
    )
    expect(await selected((nodes, node) => nodes.siblingOf(node, 1))).toEqual([2])
    expect(await selected((nodes, node) => nodes.isRoot(node))).toEqual([1, 2])
  })

  test('depth, path and number of descendants of every row', async () => {
    const { node } = db.tables
    const nodes = of()
    const rows = await db
      .from(node)
      .select({
        id: node.id,
        depth: nodes.depth(node),
        path: nodes.path(node, n => n.name),
        below: nodes.descendantCount(node),
        near: nodes.descendantCount(node, { least: 1, most: 1 }),
      })
      .orderBy(node.id.asc())
      .all()
    expect(rows).toEqual(
      ids.map(id => ({
        id,
        depth: up(id).length - 1,
        path: up(id)
          .toReversed()
          .map(each => ({ of: `n${each}` })),
        below: ids.filter(each => each !== id && up(each).includes(id)).length,
        near: ids.filter(each => parents.get(each) === id).length,
      })),
    )
  })

  test('descendants and ancestors as tables, a parameter as the node', async () => {
    const top = param<number>('top')
    const below = of().descendants(top, { most: 2 })
    const found = await db.from(below).orderBy(below.node.asc()).all(top.is(3))
    expect(found).toEqual(
      ids.filter(id => up(id).includes(3) && distance(id, 3) <= 2).map(id => ({ node: id, distance: distance(id, 3) })),
    )
    const over = of().ancestors(59)
    expect(await db.from(over).orderBy(over.distance.asc()).all()).toEqual(
      up(59).map((node, i) => ({ node, distance: i })),
    )
  })

  test('the lowest common ancestor', async () => {
    const { node } = db.tables
    const pairs = [
      [59, 58],
      [7, 7],
      [3, 59],
      [41, 12],
      [1, 2],
    ] as const
    for (const [a, b] of pairs) {
      const [row] = await db
        .from(node)
        .where(node.id.eq(1))
        .select({ lca: of().commonAncestor(a, b) })
        .all()
      expect(row?.lca, `${a} and ${b}`).toBe(up(a).find(id => up(b).includes(id)) ?? null)
    }
  })

  test('facts below a node, through their foreign key', async () => {
    const { fact } = db.tables
    const rows = await db
      .from(fact)
      .where(of().under(fact.node_id, 3))
      .select({ total: sum(fact.amount) })
      .all()
    const total = Array.from({ length: 200 }, (_, i) => i + 1)
      .filter(n => up(1 + ((n * 13) % size)).includes(3))
      .reduce((a, b) => a + b, 0)
    expect(Number(rows[0]?.total)).toBe(total)
  })
})

test('a table that has no links in it is refused', () => {
  expect(() => tree(db.tables.node, { parent: 'parent_id', closure: db.tables.fact as never })).toThrow(/TREE_INVALID/)
})
