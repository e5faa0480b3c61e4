/**
 * ORMs over `better-sqlite3`: one connection and one writer, whatever stands in front of it.
 */
import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/sqlite'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import Sqlite from 'better-sqlite3'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, SqliteDialect } from 'kysely'
import { knexHost } from 'pillion/knex'
import { kyselyHost } from 'pillion/kysely'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { sequelizeHost } from 'pillion/sequelize'
import { transactions } from 'pillion/transaction'
import { typeormHost } from 'pillion/typeorm'
import { DataTypes, Sequelize, type Transaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { sqlite, sqlite3Server, type Stage, tellingTransactions } from './servers.js'
import { failureIn, type Mount, saying, transactionSuite } from './suite.js'

let generated: GeneratedPrisma
beforeAll(async () => {
  generated = await generatePrisma('sqlite')
})
afterAll(() => generated.remove())

const hosts: Readonly<Record<string, (file: string) => Promise<Mount>>> = {
  async TypeORM(file) {
    const dataSource = await new DataSource({ type: 'better-sqlite3', database: file }).initialize()
    telling((dataSource.driver as unknown as { databaseConnection: Sqlite.Database }).databaseConnection)
    return {
      root: dataSource,
      host: typeormHost(dataSource),
      rows: (orm, sql) => (orm as EntityManager).query(sql),
      close: () => dataSource.destroy(),
    }
  },
  async Knex(filename) {
    const knex = knexOf({
      client: 'better-sqlite3',
      connection: { filename },
      useNullAsDefault: true,
      pool: {
        afterCreate(database: Sqlite.Database, done: (error: null, database: Sqlite.Database) => void) {
          telling(database)
          done(null, database)
        },
      },
    })
    const { pool } = knex.client as { pool: { numUsed(): number } }
    return {
      root: knex,
      host: knexHost(knex),
      rows: async (orm, sql) => (await (orm as Knex).raw(sql)) as object[],
      out: () => pool.numUsed(),
      close: () => knex.destroy(),
    }
  },
  async Kysely(file) {
    const database = telling(new Sqlite(file))
    const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
    return {
      root: kysely,
      host: kyselyHost(kysely, database),
      rows: async (orm, sql) => (await (orm as Kysely<unknown>).executeQuery(CompiledQuery.raw(sql))).rows as object[],
      close: () => kysely.destroy(),
    }
  },
  async MikroORM(dbName) {
    const options = { dbName, entities: [NoteEntity], allowGlobalContext: true }
    const orm = await MikroORM.init(defineConfig(options) as never)
    telling((await orm.em.getConnection().getNativeClient()) as unknown as Sqlite.Database)
    return {
      root: orm,
      host: mikroOrmHost(orm),
      rows: (em, sql) => (em as { execute(sql: string): Promise<object[]> }).execute(sql),
      close: () => orm.close(),
    }
  },
  async Prisma(file) {
    const factory = new PrismaBetterSqlite3({ url: `file:${file}` })
    const connect = factory.connect.bind(factory)
    factory.connect = async () => {
      const adapter = await connect()
      telling((adapter as unknown as { client: Sqlite.Database }).client)
      return adapter
    }
    const prisma: Prisma = new generated.PrismaClient({ adapter: pillionAdapter(factory) })
    return {
      root: prisma,
      host: prismaHost(prisma),
      rows: async (orm, sql) => (await (orm as Prisma).$queryRawUnsafe(sql)) as object[],
      close: () => prisma.$disconnect(),
    }
  },
}

async function sequelizeOnSqlite3(storage: string): Promise<Mount> {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage, logging: false })
  return {
    root: sequelize,
    host: sequelizeHost(sequelize),
    rows: async (orm, sql) => {
      const options = orm === sequelize ? {} : { transaction: orm as Transaction }
      const place = 'pillion_in_transaction()'
      const asked = sql.includes(place) ? sql.replace(place, await telledBy(sequelize, orm)) : sql
      // of a text that begins with INSERT Sequelize keeps the rows to itself
      return (await sequelize.query(`/* */ ${asked}`, options))[0] as object[]
    },
    close: () => sequelize.close(),
  }
}

/** SQLite's word for whether a connection of `sqlite3` is in a transaction: there are no functions of one's own. */
async function telledBy(sequelize: Sequelize, orm: unknown): Promise<string> {
  type Driver = { run(sql: string, told: (error: unknown) => void): void }
  const manager = sequelize.connectionManager as unknown as { getConnection(options: object): Promise<Driver> }
  const { connection } = Object.getPrototypeOf(orm) as { connection?: Driver }
  const driver = orm === sequelize ? await manager.getConnection({}) : connection!
  const sent = (sql: string) => new Promise<boolean>(resolve => driver.run(sql, error => resolve(!error)))
  const began = await sent('begin')
  if (began) await sent('rollback')
  return began ? 'null' : `'in one'`
}

function telling(database: Sqlite.Database): Sqlite.Database {
  database.pragma('foreign_keys = on')
  tellingTransactions(database)
  return database
}

const mounts = [
  ...Object.entries(hosts).map(([name, mount]) => ({ name, server: sqlite, mount })),
  { name: 'Sequelize', server: sqlite3Server, mount: sequelizeOnSqlite3 },
]

for (const { name, server, mount } of mounts) {
  transactionSuite({
    name,
    server,
    independent: false,
    countsConnections: false,
    tellsLoss: false,
    cancels: false,
    mount,
  })
}

describe.each(mounts)('$name', ({ server, mount: open }) => {
  let stage: Stage
  let mount: Mount
  beforeAll(async () => {
    stage = await server.open()
    await stage.read('create table note (id integer primary key, body text not null)')
    await stage.read(`insert into note values (1, 'there')`)
    mount = await open(stage.url)
  })
  afterAll(async () => {
    await mount.close()
    await stage.close()
  })

  test('a failure that ends the transaction in SQLite: nothing more is let in, and the next one works', async () => {
    const tx = transactions(mount.root)
    const late: string[] = []
    const failing = tx.run(async t => {
      await mount.rows(t.orm, `insert into note values (2, 'lost')`)
      await mount.rows(t.orm, `insert or rollback into note values (1, 'twice')`).catch(() => {})
      late.push(saying(await failureIn(mount.rows(t.orm, `insert into note values (3, 'alone')`))))
    })
    expect(saying(await failureIn(failing))).toMatch(/UNIQUE|unique/)
    expect(late).toEqual([expect.stringContaining('TRANSACTION_FINISHED')])
    expect(await stage.read('select body from note')).toEqual([{ body: 'there' }])
    await tx.run(t => mount.rows(t.orm, `insert into note values (4, 'next')`))
    expect(await stage.read('select body from note')).toEqual([{ body: 'there' }, { body: 'next' }])
  })
})

describe('Sequelize on sqlite3, by its own ways', () => {
  let stage: Stage
  let sequelize: Sequelize
  beforeAll(async () => {
    stage = await sqlite3Server.open()
    for (const sql of sqlite3Server.tables) await stage.read(sql)
    sequelize = new Sequelize({ dialect: 'sqlite', storage: stage.url, logging: false })
  })
  afterAll(async () => {
    await sequelize.close()
    await stage.close()
  })
  const note = () => sequelize.define('note', { body: DataTypes.STRING }, { tableName: 'note', timestamps: false })
  const notes = () => stage.read('select body from note order by id')

  test('models write in it, and its own nested transactions are part of it', async () => {
    const tx = transactions(sequelize)
    const [model, told] = [note(), [] as unknown[]]
    await tx.run(async t => {
      const transaction = t.orm as unknown as Transaction
      told.push((await model.create({ body: 'one' }, { transaction })).get('id'))
      told.push(await model.update({ body: 'two' }, { where: { body: 'one' }, transaction }))
      told.push(await model.count({ transaction }), await model.count())
    })
    expect(told).toEqual([expect.any(Number), [1], 1, 0])
    expect(await notes()).toEqual([{ body: 'two' }])
    await stage.read('delete from note')
  })

  test('what is not a statement of its own connection is kept from it', async () => {
    await transactions(sequelize).run(t => {
      const { connection } = t.orm as unknown as { connection: Record<string, unknown> }
      for (const name of ['close', 'each', 'prepare', 'wait', 'interrupt']) expect(connection[name]).toBeUndefined()
      expect(t.orm).toMatchObject({ commit: undefined, rollback: undefined })
    })
  })

  test('a statement on the driver’s connection tells by its callback, and is let in no more at the end', async () => {
    interface Driver {
      run(sql: string, told?: (this: { changes: number }, error: unknown) => void): void
    }
    const changes: number[] = []
    let kept: Driver | undefined
    await transactions(sequelize).run(async t => {
      const driver = (kept = (t.orm as unknown as { connection: Driver }).connection)
      driver.run(`insert into note (body) values ('unheard')`)
      await new Promise<void>((resolve, reject) => {
        driver.run(`insert into note (body) values ('heard'), ('too')`, function (error) {
          changes.push(this.changes)
          if (error) reject(error as Error)
          else resolve()
        })
      })
    })
    expect(changes).toEqual([2])
    const late = await new Promise(resolve => kept?.run(`insert into note (body) values ('late')`, resolve))
    expect(saying(late)).toMatch(/TRANSACTION_FINISHED/)
    // the driver runs what is sent at once on several threads: either may be the first
    const bodies = (await notes()).map(row => (row as { readonly body: string }).body)
    expect(bodies.toSorted()).toEqual(['heard', 'too', 'unheard'])
    await stage.read('delete from note')
  })

  test('at its timeout a statement is stopped, and the next transaction works', async () => {
    const tx = transactions(sequelize)
    const long = 'with recursive n(i) as (select 1 union all select i + 1 from n limit 20000000) select count(*) from n'
    const outcomes: Promise<unknown>[] = []
    const failing = tx.run({ timeout: 100 }, t => {
      const outcome = sequelize.query(long, { transaction: t.orm as never })
      outcomes.push(failureIn(outcome))
      return outcome
    })
    expect(saying(await failureIn(failing))).toMatch(/TRANSACTION_TIMED_OUT/)
    expect(saying(await outcomes[0])).toMatch(/SQLITE_INTERRUPT/)
    await tx.run(t => sequelize.query(`insert into note (body) values ('next')`, { transaction: t.orm as never }))
    expect(await notes()).toEqual([{ body: 'next' }])
    await stage.read('delete from note')
  })

  test('in memory all share one connection, and transactions take turns', async () => {
    const memory = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
    await memory.query('create table note (id integer primary key, body text)')
    const tx = transactions(memory)
    const insert = (body: string) =>
      tx.run(async t => {
        await memory.query(`insert into note (body) values ('${body}')`, { transaction: t.orm as never })
        if (body === 'b') throw new Error('not this one')
      })
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(insert))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await memory.query('select body from note order by id'))[0]).toEqual([{ body: 'a' }, { body: 'c' }])
    await memory.close()
  })

  test('who finds the database locked is told, and its turn is given on', async () => {
    const tx = transactions(sequelize)
    await stage.read('begin immediate')
    expect(await failureIn(tx.run(async () => {}))).toMatchObject({ name: 'PillionError' })
    await stage.read('rollback')
    expect(await tx.run(async () => 'works')).toBe('works')
  })
})
