/**
 * Questions about a tree inside of queries, in both encodings, against an oracle that walks the rows.
 *
 * @module
 */
import { type Condition, type Database, type DerivedHandle, not, param, pillion, sum } from 'pillion'
import { installTree, readTreeTable, tree, treeModel } from 'pillion/tree'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asked, dialects, opened } from './support/asked.js'

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

describe.each(dialects)('on %s', dialect => {
  let asked: Asked
  let db: Database<Rows>

  beforeAll(async () => {
    asked = await opened[dialect]()
    const { session } = asked
    const type = dialect === 'sqlite' ? 'integer' : 'int'
    await session.run(
      `create table node (id ${type} primary key, parent_id ${type}, name varchar(20) not null, foreign key (parent_id) references node (id))`,
    )
    await session.run(
      `create table fact (id ${type} primary key, node_id ${type} not null, amount ${type} not null, foreign key (node_id) references node (id))`,
    )
    const table = await readTreeTable(session, 'node')
    await installTree(session, treeModel(dialect, table, { parent: 'parent_id', closure: 'node_link' }))
    for (const [id, parent] of parents)
      await session.run(`insert into node values (${id}, ${parent ?? 'null'}, 'n${id}')`)
    for (let n = 1; n <= 200; n++) await session.run(`insert into fact values (${n}, ${1 + ((n * 13) % size)}, ${n})`)
    db = await pillion<Rows>(asked.host)
  })
  afterAll(() => asked.close())

  describe.each(['links', 'a recursive query'])('by %s', encoding => {
    const of = () =>
      tree(db.tables.node, {
        parent: 'parent_id',
        ...(encoding === 'links' && { closure: db.tables.node_link }),
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
        expect(await selected((nodes, node) => nodes.under(node, y, { least: 1 }))).toEqual(
          below.filter(id => id !== y),
        )
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

    test('the same by an index', async () => {
      const within = { least: 1, most: 2 }
      for (const y of [1, 2, 3, 7, 59]) {
        const below = await selected((nodes, node) => nodes.under(node, y))
        expect(await selected((nodes, node) => nodes.underIndexed(node, y))).toEqual(below)
        expect(await selected((nodes, node) => nodes.underIndexed(node, y, within))).toEqual(
          await selected((nodes, node) => nodes.under(node, y, within)),
        )
        expect(await selected((nodes, node) => not(nodes.underIndexed(node, y)))).toEqual(
          ids.filter(id => !below.includes(id)),
        )
      }
      const { fact } = db.tables
      const facts = (where: Condition<'joined'>) => db.from(fact).where(where).count()
      expect(await facts(of().underIndexed(fact.node_id, 3))).toBe(await facts(of().under(fact.node_id, 3)))
      const { sql } = db.from(fact).where(of().underIndexed(fact.node_id, 3)).toSQL()
      expect(/"?node_id"? (= ANY \(ARRAY|IN)\(?/.exec(sql.replaceAll('`', '"'))?.[1]).toBe(
        dialect === 'postgres' ? '= ANY (ARRAY' : 'IN',
      )
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
        ids
          .filter(id => up(id).includes(3) && distance(id, 3) <= 2)
          .map(id => ({ node: id, distance: distance(id, 3) })),
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

  test('siblings of a node that is not there are none', async () => {
    const { node } = db.tables
    for (const closure of [{}, { closure: db.tables.node_link }]) {
      const nodes = tree(node, { parent: 'parent_id', ...closure })
      expect(await db.from(node).where(nodes.siblingOf(node, 4711)).count()).toBe(0)
    }
  })

  test('a table that has no links in it is refused', () => {
    expect(() => tree(db.tables.node, { parent: 'parent_id', closure: db.tables.fact })).toThrow(/TREE_INVALID/)
  })
})
