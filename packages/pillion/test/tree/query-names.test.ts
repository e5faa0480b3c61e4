/**
 * Questions about trees in tables that are called as the queries' own tables are.
 *
 * @module
 */
import { type DerivedHandle, pillion } from 'pillion'
import { installTree, readTreeTable, tree, treeModel, uninstallTree } from 'pillion/tree'
import { afterEach, describe, expect, test } from 'vitest'
import { type Asked, dialects, opened } from './support/asked.js'

type Nodes = DerivedHandle<{ id: number; parent_id: number | null; distance: number; node: string; pointer: string }>
type Links = DerivedHandle<{ node_id: number; ancestor_id: number; distance: number }>

let asked: Asked
afterEach(() => asked.close())

/** What the queries call tables of their own, and what databases call columns there. */
const words = [
  'below',
  'Below',
  'above',
  'link',
  'descendants',
  'ancestors',
  'made',
  'n',
  'node',
  'pointer',
  'distance',
]

describe.each(dialects)('on %s', dialect => {
  test.each(words)('tables called %s', async word => {
    asked = await opened[dialect]()
    for (const [table, closure] of [
      [word, 'zz'],
      ['zz', word],
    ] as const) {
      const run = (sql: string) => asked.session.run(dialect === 'mariadb' ? sql.replaceAll('"', '`') : sql)
      await run(
        `create table "${table}" (id int primary key, parent_id int, distance int, node varchar(9), pointer varchar(9), foreign key (parent_id) references "${table}" (id))`,
      )
      const found = await readTreeTable(asked.session, table)
      const model = treeModel(dialect, found, { parent: 'parent_id', closure })
      await installTree(asked.session, model)
      for (const [id, parent] of [
        [1, 'null'],
        [2, 1],
        [3, 2],
        [4, 1],
      ] as const)
        await run(`insert into "${table}" values (${id}, ${parent}, ${id * 10}, 'n${id}', 'p${id}')`)
      const db = await pillion<{ node: Nodes; link: Links }>(asked.host)
      const nodes = db.tables[table as 'node']
      const links = db.tables[closure as 'link']
      for (const of of [tree(nodes, { parent: 'parent_id', closure: links }), tree(nodes, { parent: 'parent_id' })]) {
        const where = (condition: unknown) =>
          db
            .from(nodes)
            .where(condition as never)
            .select({ id: nodes.id })
            .orderBy(nodes.id.asc())
            .all()
            .then(rows => rows.map(({ id }) => id))
        expect(await where(of.under(nodes, 2))).toEqual([2, 3])
        expect(await where(of.under(nodes, 1, { least: 1, most: 1 }))).toEqual([2, 4])
        expect(await where(of.underIndexed(nodes, 2))).toEqual([2, 3])
        expect(await where(of.above(nodes, 3, { least: 1 }))).toEqual([1, 2])
        expect(await where(of.siblingOf(nodes, 2))).toEqual([4])
        expect(
          await db
            .from(nodes)
            .where(nodes.id.eq(3))
            .select({
              id: nodes.id,
              depth: of.depth(nodes),
              count: of.descendantCount(nodes),
              path: of.path(nodes, each => each.node),
              far: nodes.distance,
              common: of.commonAncestor(4, 3),
            })
            .all(),
        ).toEqual([{ id: 3, depth: 2, count: 0, path: [{ of: 'n1' }, { of: 'n2' }, { of: 'n3' }], far: 30, common: 1 }])
        const down = of.descendants(1)
        expect(
          await db.from(down).select({ node: down.node, far: down.distance }).orderBy(down.node.asc()).all(),
        ).toEqual([0, 1, 2, 1].map((far, i) => ({ node: i + 1, far })))
        const up = of.ancestors(3)
        expect(await db.from(up).select({ node: up.node, far: up.distance }).orderBy(up.node.asc()).all()).toEqual(
          [1, 2, 3].map(id => ({ node: id, far: 3 - id })),
        )
      }
      await uninstallTree(asked.session, model)
      await run(`drop table "${table}"`)
    }
  })
})
