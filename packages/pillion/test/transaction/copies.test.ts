/**
 * Two copies of the package in one process, as a bundler makes of one, or a server that loads its pages anew: the connection, the ORM
 * and the transactions on it are the same, so what is known of them has to be the same, too.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import knexOf, { type Knex } from 'knex'
import { createPool } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import { type Database, pillion } from 'pillion'
import { knexHost } from 'pillion/knex'
import { mysql2Host } from 'pillion/mysql2'
import { pgHost } from 'pillion/pg'
import { postgresHost } from 'pillion/postgres'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { transactions } from 'pillion/transaction'
import postgresJs from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../../test/support/mariadb.js'
import { createDatabase, type Database as TestDatabase } from '../../../../test/support/postgres.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { statement } from '../../src/testing/statement.js'
import type { DB } from '../support/interviews.gen.js'
import { failureIn } from './suite.js'

type Tables = Pick<DB, 'tag'>

/** Runs what belongs to no transaction that is current here. */
const outside = AsyncLocalStorage.snapshot()

let database: TestDatabase
let pool: Pool
beforeAll(async () => {
  database = await createDatabase()
  pool = new Pool({ connectionString: database.url, max: 3 })
  pool.on('error', () => {})
  await pool.query(`
    create table tag (id int primary key, label text not null);
    create table note (id int generated always as identity primary key, body text not null);
  `)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** What another copy has in the place of this one's. */
async function other<Copy>(load: () => Promise<Copy>): Promise<Copy> {
  vi.resetModules()
  return load()
}

describe('a transaction of another copy', () => {
  let db: Database<Tables>
  let begin: typeof transactions<Pool>
  beforeAll(async () => {
    db = await pillion<Tables>(pgHost(pool))
    const copy = await other(() => import('pillion/transaction'))
    expect(copy.transactions).not.toBe(transactions)
    begin = copy.transactions
  })

  test('is known by its handle and by the object of the host', async () => {
    const t = await begin(pool).begin()
    try {
      await t.orm.query("insert into tag values (1, 'inside')")
      expect(await db.from(db.tables.tag).on(t).count()).toBe(1)
      expect(await db.from(db.tables.tag).on(t.orm).count()).toBe(1)
    } finally {
      await t.rollback()
    }
  })

  test('has ended for its handle and for the object of the host', async () => {
    const t = await begin(pool).begin()
    const { orm } = t
    await t.rollback()
    for (const ended of [t, orm]) {
      const error = await failureIn(db.from(db.tables.tag).on(ended).count())
      expect(error).toMatchObject({
        code: 'TRANSACTION_FINISHED',
        message: expect.stringContaining('was rolled back at'),
      })
    }
  })

  test('lets nothing of the outer one in while a nested one is open', async () => {
    const tx = begin(pool)
    const error = await failureIn(
      tx.run(t => tx.run({ mode: 'nested' }, () => db.from(db.tables.tag).on(t.orm).count())),
    )
    expect(error).toMatchObject({ code: 'TRANSACTION_NESTED' })
  })
})

describe('a nested transaction of another copy', () => {
  test('leaves its hooks to the end of the whole', async () => {
    const { transactions: theirs } = await other(() => import('pillion/transaction'))
    const tx = transactions(pool)
    const told: string[] = []
    await tx.run(() =>
      theirs(pool).run({ mode: 'nested' }, async t => {
        t.beforeCommit(() => void told.push('before'))
        t.afterCommit(() => void told.push('after'))
      }),
    )
    expect(told).toEqual(['before', 'after'])
    expect(tx.active()).toEqual([])
  })

  test('that is open goes with the whole, which fails with its own error', async () => {
    const { transactions: theirs } = await other(() => import('pillion/transaction'))
    const tx = transactions(pool)
    const failed = new Error('of the outer one')
    const running = tx.run(async () => {
      await theirs(pool).begin({ mode: 'nested' })
      throw failed
    })
    expect(await failureIn(running)).toBe(failed)
    expect(tx.active()).toEqual([])
  })

  test('has a number of its own', async () => {
    const { transactions: theirs } = await other(() => import('pillion/transaction'))
    const tx = transactions(pool)
    const found = await tx.run(() => theirs(pool).run({ mode: 'nested' }, async () => tx.active()))
    expect(new Set(found.map(({ id }) => id)).size).toBe(2)
    expect(found[1]?.parent).toBe(found[0]?.id)
  })

  test.skipIf(mariadbUrl() === undefined)(
    'has a savepoint of its own: MariaDB drops one whose name comes again',
    async () => {
      const mariadb = await createMariadbDatabase()
      const mysql = createPool({ uri: mariadb.url, connectionLimit: 1 })
      try {
        const [one, two] = [
          await other(() => import('pillion/transaction')),
          await other(() => import('pillion/transaction')),
        ].map(copy => copy.transactions(mysql))
        const nested = { mode: 'nested' } as const
        expect(await one!.run(() => one!.run(nested, () => two!.run(nested, async () => 'kept')))).toBe('kept')
      } finally {
        await mysql.end()
        await mariadb.drop()
      }
    },
  )
})

test('a statement of one copy that fails in the transaction of another does not end in a commit that is none', async () => {
  const knex = knexOf({ client: 'pg', connection: database.url, pool: { min: 0, max: 2 } })
  try {
    const db = await pillion<Tables>(knexHost(knex))
    const copy = await other(() => import('pillion/transaction'))
    const error = await failureIn(
      copy.transactions(knex).run(async t => {
        await (t.orm as Knex)('tag').insert({ id: 1, label: 'lost' })
        await db.on(t.orm).sql`select 1 / 0`.all().catch(() => {})
      }),
    )
    expect(error).toMatchObject({ code: 'ROLLBACK_ONLY' })
  } finally {
    await knex.destroy()
  }
})

test('transactions of both on one connection come one after the other', async () => {
  const client = new Client(database.url)
  await client.connect()
  try {
    const { transactions: theirs } = await other(() => import('pillion/transaction'))
    const failed = new Error('after the other is asked for')
    const asked: Promise<unknown>[] = []
    const ours = transactions(client).run(async t => {
      await t.orm.query("insert into tag values (2, 'taken back')")
      asked.push(outside(() => theirs(client).run(u => u.orm.query("insert into tag values (3, 'kept')"))))
      await t.orm.query('select pg_sleep(0)')
      throw failed
    })
    expect(await failureIn(ours)).toBe(failed)
    await Promise.all(asked)
    const { rows } = await client.query('select id from tag where id in (2, 3)')
    expect(rows).toEqual([{ id: 3 }])
  } finally {
    await client.end()
  }
})

describe('a client of Prisma whose adapter another copy has wrapped', () => {
  let generated: GeneratedPrisma
  beforeAll(async () => {
    generated = await generatePrisma()
  })
  afterAll(() => generated.remove())

  test('is ridden on', async () => {
    const copy = await other(() => import('pillion/prisma'))
    expect(copy.pillionAdapter).not.toBe(pillionAdapter)
    const prisma = new generated.PrismaClient({ adapter: copy.pillionAdapter(new PrismaPg(pool)) })
    const host = prismaHost(prisma)
    const count = async (tx?: Prisma) => (await host.run(tx, statement('select count(*) from note'), {})).rows
    expect(await count()).toEqual([['0']])
    const seen = await prisma.$transaction(async tx => {
      await tx.note.create({ data: { body: 'mine' } })
      return count(tx)
    })
    expect(seen).toEqual([['1']])
    await prisma.$disconnect()
  })
})

test('a copy more listens to nothing once more, and tells of the transactions of all', async () => {
  const t = await transactions(pool).begin({ name: 'of the first' })
  try {
    await pillion<Tables>(pgHost(pool))
    const listening = () => [
      process.listenerCount('exit'),
      pool.listenerCount('acquire'),
      pool.listenerCount('release'),
    ]
    const before = listening()
    const [copy, host] = await other(() => Promise.all([import('pillion/transaction'), import('pillion/pg')]))
    await pillion<Tables>(host.pgHost(pool))
    const tx = copy.transactions(pool)
    await tx.run(async () => expect(tx.active().map(({ name }) => name)).toEqual(['of the first', undefined]))
    expect(listening()).toEqual(before)
  } finally {
    await t.rollback()
  }
})

describe('a copy more puts nothing in the place of a method', () => {
  test('of postgres.js', async () => {
    const sql = postgresJs(database.url, { max: 2, onnotice: () => {} })
    try {
      await pillion<Tables>(postgresHost(sql))
      const { begin } = sql
      const { postgresHost: theirs } = await other(() => import('pillion/postgres'))
      const db = await pillion<Tables>(theirs(sql))
      expect(sql.begin).toBe(begin)
      // what one has heard of, the other knows
      await sql.begin(async t => {
        await t`delete from tag`
        expect(await db.from(db.tables.tag).on(t).count()).toBe(0)
      })
    } finally {
      await sql.end()
    }
  })

  test.skipIf(mariadbUrl() === undefined)('of mysql2', async () => {
    const mariadb = await createMariadbDatabase()
    const mysql = createPool({ uri: mariadb.url, connectionLimit: 2 })
    try {
      await mysql.query('create table tag (id int primary key)')
      await pillion(mysql2Host(mysql))
      const connection = await mysql.getConnection()
      const methods = () => {
        const { connection: inside } = connection as unknown as { connection: { _pool: object } }
        return [Reflect.get(inside, 'handlePacket'), Reflect.get(inside._pool, 'releaseConnection')]
      }
      const before = methods()
      const { mysql2Host: theirs } = await other(() => import('pillion/mysql2'))
      const db = await pillion(theirs(mysql))
      expect(methods()).toEqual(before)
      await connection.beginTransaction()
      await connection.query('insert into tag values (1)')
      expect(await db.on(connection).sql`select id from tag`.all()).toEqual([{ id: 1 }])
      await connection.rollback()
      connection.release()
    } finally {
      await mysql.end()
      await mariadb.drop()
    }
  })
})
