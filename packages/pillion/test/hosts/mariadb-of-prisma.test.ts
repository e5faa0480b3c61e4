/**
 * Prisma's adapter brings a connector of its own, an older one than the application's. Whatever was asked for its columns, as by SQL
 * that is written by hand, failed with a TypeError there.
 *
 * @module
 */
import { createRequire } from 'node:module'
import { pillion } from 'pillion'
import { mariadbHost } from 'pillion/mariadb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../../test/support/postgres.js'
import { describeOnMysql, optionsOf } from './mysql-observer.js'

const ofPrisma = createRequire(createRequire(import.meta.url).resolve('@prisma/adapter-mariadb'))
const { createPool, version }: typeof import('mariadb') = ofPrisma('mariadb')

describeOnMysql(({ create }) => {
  let database: Database
  let pool: import('mariadb').Pool

  beforeAll(async () => {
    database = await create()
    pool = createPool({ ...optionsOf(database.url), connectionLimit: 1 })
    await pool.query('create table note (id int primary key, told json, word varchar(9) not null, large bigint)')
    await pool.query(`insert into note values (1, '{"a": [1]}', 'one', 9007199254740993), (2, null, 'two', null)`)
  })

  afterAll(async () => {
    await pool.end()
    await database.drop()
  })

  test('it is another one than the application has', () => expect(version).toMatch(/^3\.4\./))

  test('what it reads for SQL that is written by hand has its types', async () => {
    const db = await pillion(mariadbHost(pool))
    expect(await db.sql`SELECT id, told, word, large FROM note ORDER BY id`.all()).toEqual([
      { id: 1, told: { a: [1] }, word: 'one', large: 9_007_199_254_740_993n },
      { id: 2, told: null, word: 'two', large: null },
    ])
  })
})
