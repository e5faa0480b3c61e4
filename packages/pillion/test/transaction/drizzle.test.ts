import { sql as raw } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { drizzleHost } from 'pillion/drizzle'
import { transactions } from 'pillion/transaction'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { postgres } from './servers.js'
import { failureIn, transactionSuite } from './suite.js'

transactionSuite({
  name: 'Drizzle',
  server: postgres,
  independent: true,
  countsConnections: true,
  cancels: true,
  async mount(url, connections) {
    const pool = new Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    const root = drizzle(pool)
    return {
      root,
      host: drizzleHost(root),
      rows: async (orm, sql) => (await (orm as NodePgDatabase).execute(raw.raw(sql))).rows as object[],
      out: () => pool.totalCount - pool.idleCount,
      close: () => pool.end(),
    }
  },
})

test('a query of each kind that comes after the end names the line that began to build it', async () => {
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 1 })
  pool.on('error', () => {})
  const note = pgTable('note', { id: integer('id') })
  const t = await transactions(drizzle(pool, { schema: { note } })).begin()
  await t.commit()
  const late: (() => PromiseLike<unknown>)[] = [
    () => t.orm.execute(raw`select 1`),
    () => t.orm.select().from(note),
    () => t.orm.insert(note).values({ id: 1 }),
    () => t.orm.query.note.findMany(),
    () => t.orm.$count(note),
  ]
  for (const query of late) {
    const { cause } = await failureIn(Promise.resolve().then(query))
    expect(cause).toMatchObject({
      code: 'TRANSACTION_FINISHED',
      origin: expect.stringMatching(/drizzle\.test\.ts:\d+:\d+/),
    })
  }
  await pool.end()
  await database.drop()
})
