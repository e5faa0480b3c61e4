import assert from 'node:assert/strict'
import type { DerivedHandle } from '../../query/types.js'
import { type Database, pillion } from '../../run/database.js'
import { installDdl, uninstallDdl } from '../../tree/ddl.js'
import { type TreeModel, treeModel } from '../../tree/model.js'
import { treeRefusal } from '../../tree/refusal.js'
import { type Tree, tree } from '../../tree/tree.js'
import type { Mount, Observer } from '../fixture.js'
import { rested, rolledBack, type Scene } from '../stage.js'

type Branch = DerivedHandle<{ id: number; parent_id: number | null }>

interface Tables {
  readonly branch: Branch
  readonly branch_link: DerivedHandle<{ node_id: number; ancestor_id: number; distance: number }>
}

/** A tree that is asked for, by whom, and each way of asking. */
interface Grove {
  readonly db: Database<Tables>
  readonly branch: Branch
  readonly trees: readonly Tree<number>[]
  /** Do triggers keep it? */
  readonly kept: boolean
}

export const trees: readonly Scene[] = [
  {
    name: 'a tree is asked about in the transaction that moves its nodes, and is as it was after a rollback',
    needs: ['transaction'],
    async play(stage) {
      await inGrove(stage.mount, async grove => {
        await rolledBack(stage.mount, async ({ target, execute }) => {
          await execute('update branch set parent_id = 3 where id = 2')
          await execute('insert into branch (id, parent_id) values (5, 4)')
          for (const nodes of grove.trees)
            assert.deepEqual(await seen(grove.db.on(target as never), grove, nodes), moved)
        })
        for (const nodes of grove.trees) assert.deepEqual(await seen(grove.db, grove, nodes), planted)
        rested(stage)
      })
    },
  },
  {
    name: 'what the triggers of a tree refuse is known by its code, below whatever the host makes of it',
    needs: ['transaction'],
    async play(stage) {
      await inGrove(stage.mount, async ({ kept }) => {
        if (!kept) return
        const refused = stage.mount.transaction(({ execute }) =>
          execute('update branch set parent_id = id where id = 2'),
        )
        await assert.rejects(refused, error => treeRefusal(error)?.code === 'TREE_CYCLE')
        rested(stage)
      })
    },
  },
]

const planted = {
  under: [{ id: 3, depth: 1, path: [1, 3] }],
  above: [
    { node: 4, distance: 0 },
    { node: 2, distance: 1 },
    { node: 1, distance: 2 },
  ],
  below: 3,
}

const moved = {
  under: [
    { id: 2, depth: 2, path: [1, 3, 2] },
    { id: 3, depth: 1, path: [1, 3] },
    { id: 4, depth: 3, path: [1, 3, 2, 4] },
    { id: 5, depth: 4, path: [1, 3, 2, 4, 5] },
  ],
  above: [
    { node: 4, distance: 0 },
    { node: 2, distance: 1 },
    { node: 3, distance: 2 },
    { node: 1, distance: 3 },
  ],
  below: 4,
}

/** What a tree says: what is under 3, what is above 4, how many are below 1. */
async function seen(db: Pick<Database<Tables>, 'from'>, { branch }: Grove, nodes: Tree<number>) {
  const under = await db
    .from(branch)
    .where(nodes.under(branch, 3))
    .select({ id: branch.id, depth: nodes.depth(branch), path: nodes.path(branch, ({ id }) => id) })
    .orderBy(branch.id.asc())
    .all()
  const up = nodes.ancestors(4)
  const above = await db.from(up).select({ node: up.node, distance: up.distance }).orderBy(up.distance.asc()).all()
  const [root] = await db
    .from(branch)
    .where(nodes.isRoot(branch))
    .select({ below: nodes.descendantCount(branch) })
    .all()
  return {
    under: under.map(row => ({ ...row, path: row.path.map(({ of }) => of) })),
    above,
    below: root?.below,
  }
}

/** Plants a tree for the time of the work: with links that triggers keep, where they are written for the database. */
async function inGrove({ host, observer }: Mount, work: (grove: Grove) => Promise<void>): Promise<void> {
  await observer.rows(
    'create table branch (id int primary key, parent_id int, foreign key (parent_id) references branch (id))',
  )
  const model = await modelOf(host.dialect, observer)
  try {
    for (const sql of statementsOf(model, installDdl)) await observer.rows(sql)
    await observer.rows('insert into branch (id, parent_id) values (1, null), (2, 1), (3, 1), (4, 2)')
    const db = await pillion<Tables>(host)
    const { branch, branch_link: closure } = db.tables
    const walked = tree(branch, { parent: 'parent_id' })
    const trees = model === undefined ? [walked] : [walked, tree(branch, { parent: 'parent_id', closure })]
    await work({ db, branch, trees, kept: model !== undefined })
  } finally {
    for (const sql of statementsOf(model, uninstallDdl)) await observer.rows(sql)
    await observer.rows('drop table branch')
  }
}

/** MySQL's triggers are not MariaDB's: there the tree is walked alone. */
async function modelOf(dialect: string, observer: Observer): Promise<TreeModel | undefined> {
  const [version] = dialect === 'mysql' ? await observer.rows('select version()') : [['']]
  if (dialect === 'mysql' && !String(version?.[0]).includes('MariaDB')) return undefined
  const schema = dialect === 'postgres' ? 'public' : ''
  const column = (name: string, nullable: boolean) => ({ name, sqlType: 'int', nullable })
  const key = { columns: ['parent_id'], targetColumns: ['id'], target: schema === '' ? 'branch' : 'public.branch' }
  const table = {
    schema,
    name: 'branch',
    columns: [column('id', false), column('parent_id', true)],
    primaryKey: { columns: ['id'] },
    foreignKeys: [{ ...key, onDelete: 'no action' as const }],
  }
  const of = dialect === 'mysql' ? 'mariadb' : dialect === 'postgres' ? 'postgres' : 'sqlite'
  return treeModel(of, table, { parent: 'parent_id', closure: 'branch_link' })
}

function statementsOf(model: TreeModel | undefined, ddl: typeof installDdl): readonly string[] {
  if (model === undefined) return []
  return model.dialect === 'mariadb' ? ddl(model) : ['begin', ...ddl(model), 'commit']
}
