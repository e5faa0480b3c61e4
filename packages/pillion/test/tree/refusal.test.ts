/**
 * What the triggers of a tree refuse, known again on every engine, by itself and below what an ORM makes of it.
 *
 * @module
 */
import BetterSqlite from 'better-sqlite3'
import { Kysely, PostgresDialect } from 'kysely'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { installTree, readTreeTable, treeModel, treeRefusal, type TreeRow, type TreeSession } from 'pillion/tree'
import { Sequelize } from 'sequelize'
import { DataSource } from 'typeorm'
import { afterEach, describe, expect, test } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { engines } from './support/engines.js'
import { type Planted, plant, type Plot } from './support/planted.js'

const start = [
  'insert into node (id, parent_id) values (1, null)',
  'insert into node (id, parent_id) values (2, 1)',
  'insert into node (id, parent_id) values (3, 2)',
]

/** What a failure is; what none of ours refused is told by its driver. */
async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it was not refused'),
    error => error,
  )
  const refusal = treeRefusal(error)
  if (refusal === undefined) return String(error.code)
  expect(refusal.cause).toBeInstanceOf(Error)
  expect(refusal.hint).toMatch(/\.$/)
  return refusal.code
}

describe.each(engines())('on $name', engine => {
  let tree: Planted
  afterEach(() => tree.drop())

  async function refused(plot: Plot, ...statements: readonly string[]): Promise<string> {
    tree = await plant(engine, plot)
    for (const sql of [...start, ...statements.slice(0, -1)]) await tree.session.run(sql)
    const found = await told(tree.session.run(statements.at(-1) ?? ''))
    return found
  }
  const unlooked = engine.dialect === 'sqlite' ? ['pragma foreign_keys = off'] : []

  test('a node that is its own parent', async () => {
    expect(await refused({}, 'update node set parent_id = 2 where id = 2')).toBe('TREE_CYCLE')
    await tree.check()
  })

  test('a node below what is below it', async () => {
    // SQLite looks when the statement is over, by a foreign key
    const expected = engine.dialect === 'sqlite' ? 'SQLITE_CONSTRAINT_FOREIGNKEY' : 'TREE_CYCLE'
    expect(await refused({}, 'update node set parent_id = 3 where id = 2')).toBe(expected)
    await tree.check()
  })

  test('the same where nobody looks at foreign keys', async () => {
    expect(await refused({}, ...unlooked, 'update node set parent_id = 3 where id = 2')).toBe('TREE_CYCLE')
  })

  test('a parent that is not there, and no foreign key that would say so', async () => {
    expect(await refused({ onDelete: 'none' }, ...unlooked, 'insert into node (id, parent_id) values (9, 99)')).toBe(
      'TREE_PARENT_MISSING',
    )
  })

  test('a node that has children, and no foreign key that would say so', async () => {
    expect(await refused({ onDelete: 'none' }, ...unlooked, 'delete from node where id = 2')).toBe('TREE_CHILDREN_LEFT')
  })

  test
    .runIf(engine.dialect === 'sqlite')
    .each([
      `insert or ignore into node (id, parent_id) values (null, null)`,
      `insert or replace into node (id, parent_id) values (null, 1)`,
      `update or ignore node set id = null where id = 3`,
    ])('a node without a key, which SQLite lets be: %s', async sql => {
    expect(await refused({ type: 'text' }, sql)).toBe('TREE_KEY_MISSING')
    await tree.check()
  })

  test.runIf(engine.dialect === 'postgres')(
    'links by hand, a level that is too high, links that are wrong',
    async () => {
      expect(await refused({}, 'delete from node_ancestry_link')).toBe('TREE_LINKS_KEPT')
      const { session } = tree
      await session.run('begin isolation level repeatable read')
      expect(await told(session.run('update node set parent_id = 1 where id = 3'))).toBe('TREE_ISOLATION')
      await session.run('rollback')
      await session.run('begin')
      await session.run('set local session_replication_role = replica')
      await session.run('delete from node_ancestry_link where node_id = 2 and ancestor_id = 2')
      await session.run('set local session_replication_role = origin')
      expect(await told(session.run('insert into node (id, parent_id) values (4, 2)'))).toBe('TREE_LINKS_WRONG')
      await session.run('rollback')
    },
  )
})

describe('below the error of', () => {
  const ddl = [
    'create table node (id int primary key, parent_id int, constraint p foreign key (parent_id) references node (id))',
    ...start,
  ]
  const cyclic = 'update node set parent_id = 3 where id = 2'

  async function planted(session: TreeSession): Promise<void> {
    for (const sql of ddl) await session.run(sql)
    const table = await readTreeTable(session, 'node')
    await installTree(session, treeModel(session.dialect, table, { parent: 'parent_id', closure: 'node_link' }))
  }

  /** A table of nodes on PostgreSQL, and what an ORM says of a circle. */
  async function onPostgres(ask: (url: string) => Promise<string>): Promise<string> {
    const database = await createDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    try {
      const types = { getTypeParser: () => (text: string) => text }
      await planted({
        dialect: 'postgres',
        run: async (text, values = []) =>
          (await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array', types })).rows,
      })
      return await ask(database.url)
    } finally {
      await client.end()
      await database.drop()
    }
  }

  async function onMariadb(ask: (url: string) => Promise<string>): Promise<string> {
    const database = await createMariadbDatabase()
    const connection = await createConnection({
      uri: database.url,
      rowsAsArray: true,
      typeCast: field => field.string(),
    })
    try {
      await planted({
        dialect: 'mariadb',
        async run(sql, values = []) {
          const [rows] = await connection.query(sql, [...values])
          return Array.isArray(rows) ? (rows as unknown as TreeRow[]) : []
        },
      })
      return await ask(database.url)
    } finally {
      await connection.end()
      await database.drop()
    }
  }

  test('TypeORM', async () => {
    const code = await onPostgres(async url => {
      const source = await new DataSource({ type: 'postgres', url }).initialize()
      const found = await told(source.query(cyclic))
      await source.destroy()
      return found
    })
    expect(code).toBe('TREE_CYCLE')
  })

  test('Sequelize, on PostgreSQL and on MariaDB', async () => {
    const ask = async (url: string) => {
      const sequelize = new Sequelize(url.replace(/^mariadb:/, 'mysql:'), { logging: false })
      const found = await told(sequelize.query(cyclic))
      await sequelize.close()
      return found
    }
    expect(await onPostgres(ask)).toBe('TREE_CYCLE')
    if (mariadbUrl() !== undefined) expect(await onMariadb(ask)).toBe('TREE_CYCLE')
  })

  test('Kysely, whose caller wraps it once more', async () => {
    const code = await onPostgres(async url => {
      const db = new Kysely<{ node: { id: number; parent_id: number | null } }>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
      })
      const move = db.updateTable('node').set({ parent_id: 3 }).where('id', '=', 2).execute()
      const found = await told(
        move.catch(cause => {
          throw new Error('could not move', { cause })
        }),
      )
      await db.destroy()
      return found
    })
    expect(code).toBe('TREE_CYCLE')
  })
})

test('nothing else is one', () => {
  expect(treeRefusal(new Error('A node cannot be below itself.'))).toBeUndefined()
  expect(treeRefusal(Object.assign(new Error('no'), { code: '23514' }))).toBeUndefined()
  expect(treeRefusal('A node cannot be below itself. (TREE_CYCLE)')).toBeUndefined()
  expect(treeRefusal(undefined)).toBeUndefined()
})

test('one that was told already stays as it is', () => {
  const sqlite = new BetterSqlite(':memory:')
  let thrown: unknown
  try {
    sqlite.exec(
      `create table a (b); create trigger c after insert on a begin select raise(abort, 'A node cannot be below itself. (TREE_CYCLE)'); end; insert into a values (1)`,
    )
  } catch (error) {
    thrown = error
  }
  sqlite.close()
  const refusal = treeRefusal(thrown)
  expect(refusal?.code).toBe('TREE_CYCLE')
  expect(treeRefusal(refusal)).toBe(refusal)
})
