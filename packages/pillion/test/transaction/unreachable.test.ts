/** No server where the host looks for one: each says the same, and keeps the driver's error as the cause. */
import { drizzle } from 'drizzle-orm/node-postgres'
import knexOf from 'knex'
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import mariadb from 'mariadb'
import { createPool } from 'mysql2'
import { createPool as createPromisePool } from 'mysql2/promise'
import pg from 'pg'
import { transactions } from 'pillion/transaction'
import postgres from 'postgres'
import { Sequelize } from 'sequelize'
import { expect, test } from 'vitest'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'

interface Opened {
  readonly root: object
  close(): unknown
}

// nobody listens at port 1
const [postgresUrl, mysqlUrl] = ['postgres://root@127.0.0.1:1/app', 'mysql://root@127.0.0.1:1/app']

function knexOn(client: string, connection: string): Opened {
  const knex = knexOf({ client, connection, pool: { min: 0, max: 1 } })
  return { root: knex, close: () => knex.destroy() }
}

const opens: Readonly<Record<string, () => Opened>> = {
  pg() {
    const pool = new pg.Pool({ connectionString: postgresUrl })
    return { root: pool, close: () => pool.end() }
  },
  'postgres.js'() {
    const sql = postgres(postgresUrl, { max: 1 })
    return { root: sql, close: () => sql.end() }
  },
  Drizzle() {
    const pool = new pg.Pool({ connectionString: postgresUrl })
    return { root: drizzle(pool), close: () => pool.end() }
  },
  'Knex on pg': () => knexOn('pg', postgresUrl),
  'Knex on mysql2': () => knexOn('mysql2', mysqlUrl),
  'Kysely on pg'() {
    const kysely = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgresUrl }) }),
    })
    return { root: kysely, close: () => kysely.destroy() }
  },
  'Kysely on mysql2'() {
    const kysely = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: createPool(mysqlUrl) }) })
    return { root: kysely, close: () => kysely.destroy() }
  },
  'Sequelize on pg'() {
    const sequelize = new Sequelize(postgresUrl, { logging: false })
    return { root: sequelize, close: () => sequelize.close() }
  },
  'Sequelize on mysql2'() {
    const sequelize = new Sequelize(mysqlUrl, { logging: false })
    return { root: sequelize, close: () => sequelize.close() }
  },
  mysql2() {
    const pool = createPromisePool(mysqlUrl)
    return { root: pool, close: () => pool.end() }
  },
  mariadb() {
    const pool = mariadb.createPool({ host: '127.0.0.1', port: 1, acquireTimeout: 300, connectTimeout: 200 })
    return { root: pool, close: () => pool.end() }
  },
}

async function refused({ root, close }: Opened): Promise<void> {
  try {
    const outcome = transactions(root).run(() => expect.unreachable())
    await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE', cause: expect.anything() })
    expect(transactions(root).active()).toEqual([])
  } finally {
    await close()
  }
}

test.each(Object.entries(opens))('%s', async (_, open) => refused(open()))

test.each(Object.entries(opens))('%s that has been closed', async (_, open) => {
  const { root, close } = open()
  const tx = transactions(root)
  // Kysely begins with the first that is asked of it, and ends nothing before
  await tx.run(() => expect.unreachable()).catch(() => {})
  await close()
  const outcome = tx.run(() => expect.unreachable())
  await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE', cause: expect.anything() })
  expect(tx.active()).toEqual([])
})

test('those are told so, too, for whom postgres.js has yet to try, for it waits longer each time', async () => {
  const sql = postgres(postgresUrl, { max: 1 })
  const tx = transactions(sql)
  const crowd = Array.from({ length: 20 }, () => tx.run({ acquireTimeout: 500 }, () => expect.unreachable()))
  const reasons = (await Promise.allSettled(crowd)).map(told => told.status === 'rejected' && told.reason)
  const away = {
    code: 'CONNECTION_UNAVAILABLE',
    cause: { code: 'ECONNREFUSED' },
    hint: expect.stringMatching(/Nobody answers/),
  }
  for (const reason of reasons) expect(reason).toMatchObject(away)
  expect(tx.active()).toEqual([])
  // those that it has yet to try for would be waited for
  await sql.end({ timeout: 0 })
})

test.each([
  ['postgresql', postgresUrl],
  ['mysql', `${mysqlUrl.replace('mysql', 'mariadb')}?acquireTimeout=300&connectTimeout=200`],
])('Prisma on %s', async (provider, url) => {
  const generated: GeneratedPrisma = await generatePrisma(provider)
  try {
    const prisma: Prisma = await prismaFor(provider, generated, url)
    await refused({ root: prisma, close: () => prisma.$disconnect() })
  } finally {
    await generated.remove()
  }
})

async function prismaFor(provider: string, { PrismaClient }: GeneratedPrisma, url: string): Promise<Prisma> {
  if (provider === 'postgresql') {
    const { PrismaPg } = await import('@prisma/adapter-pg')
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
  }
  const { PrismaMariaDb } = await import('@prisma/adapter-mariadb')
  return new PrismaClient({ adapter: new PrismaMariaDb(url) })
}
