/**
 * The connector keeps what is prepared on a connection by its text, ours and the host's alike. A statement that the host
 * prepared after ours of the same text had no rows: they went to ours, which was long over.
 *
 * @module
 */
import { createPool, type Pool } from 'mariadb'
import { mariadbHost } from 'pillion/mariadb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../../test/support/postgres.js'
import { describeOnMysql, optionsOf } from './mysql-observer.js'

describeOnMysql(({ create }) => {
  let database: Database
  let pool: Pool

  beforeAll(async () => {
    database = await create()
    pool = createPool({ ...optionsOf(database.url), connectionLimit: 1 })
  })

  afterAll(async () => {
    await pool.end()
    await database.drop()
  })

  test.each([{ prepare: true }, { prepare: false }])(
    'a host prepares what was prepared for ours: %o',
    async options => {
      const text = `select cast(? as char) as n, cast('2026-11-24' as date) as day`
      const { rows } = await mariadbHost(pool, options).run(undefined, { text, values: [7] }, {})
      expect(rows).toEqual([['7', '2026-11-24']])
      const connection = await pool.getConnection()
      try {
        const prepared = await connection.prepare(text)
        expect(await prepared.execute([8])).toMatchObject([{ n: '8', day: expect.any(Date) }])
        prepared.close()
        expect(await connection.execute(text, [9])).toMatchObject([{ n: '9', day: expect.any(Date) }])
      } finally {
        await connection.release()
      }
    },
  )
})
