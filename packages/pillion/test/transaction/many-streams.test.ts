// A regression: each stream of the host's own went on listening to the end of its transaction when it was over, and Node took
// the eleventh for a leak.
import { setImmediate as turn } from 'node:timers/promises'
import knexOf from 'knex'
import mariadb, { type Connection } from 'mariadb'
import type { Connection as ByCallbacks } from 'mysql2'
import mysql from 'mysql2/promise'
import { Pool } from 'pg'
import Cursor from 'pg-cursor'
import QueryStream from 'pg-query-stream'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transactions } from 'pillion/transaction'
import { createDatabase } from '../../../../test/support/postgres.js'
import { mysqlGrounds, optionsOf } from '../hosts/mysql-observer.js'
import { allOf } from '../support/all-of.js'

const numbers = 'select generate_series(1, 9)'
const warned: string[] = []
const onWarning = (warning: Error): unknown => warned.push(warning.name)
beforeAll(() => void process.on('warning', onWarning))
afterAll(() => void process.off('warning', onWarning))

/** Twelve in one transaction. */
async function twelve<Orm>(host: object, read: (orm: Orm) => Promise<unknown>): Promise<void> {
  await transactions(host as Pool).run({}, async t => {
    for (let i = 0; i < 12; i++) await read(t.orm as Orm)
  })
  await turn()
  expect(warned.splice(0)).toEqual([])
}

test('those of pg, postgres.js and Knex listen no more when they are over', async () => {
  const { url, drop } = await createDatabase()
  const pool = new Pool({ connectionString: url })
  await twelve<Pool>(pool, async client => {
    const cursor = client.query(new Cursor(numbers))
    while ((await cursor.read(5)).length > 0);
    await allOf(client.query(new QueryStream(numbers)))
  })
  await pool.end()
  const sql = postgres(url)
  await twelve<typeof sql>(sql, each => each.unsafe(numbers).cursor(5, () => {}))
  await sql.end()
  const knex = knexOf({ client: 'pg', connection: url })
  await twelve<typeof knex>(knex, trx => allOf(trx.raw(numbers).stream()))
  await knex.destroy()
  await drop()
})

test.each(mysqlGrounds())('nor do those of mysql2 and mariadb on $name', async ({ create }) => {
  const { url, drop } = await create()
  const pool = mysql.createPool(url)
  await twelve<{ readonly connection: ByCallbacks }>(pool, ({ connection }) =>
    allOf(connection.query('select 1').stream()),
  )
  await pool.end()
  const other = mariadb.createPool(optionsOf(url))
  await twelve<Connection>(other, connection => allOf(connection.queryStream('select 1')))
  await other.end()
  await drop()
})
