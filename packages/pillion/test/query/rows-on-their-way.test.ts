/** On PostgreSQL rows are made while others still come: as many, in their order, and a row that cannot be read fails as ever. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../test/support/postgres.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

let ground: Awaited<ReturnType<typeof createDatabase>>
let pool: pg.Pool
let db: Database<Any>
beforeAll(async () => {
  ground = await createDatabase()
  pool = new pg.Pool({ connectionString: ground.url, max: 1 })
  await pool.query('create table item (id int primary key, whole int8, at timestamptz)')
  await pool.query(`insert into item select n, n::int8 * 1000000007, timestamptz '2026-01-01Z' + n * interval '1 hour'
    from generate_series(1, 300) n`)
  await pool.query(`update item set at = 'infinity' where id in (260, 270)`)
  db = await pillion<Any>(pgHost(pool))
})
afterAll(async () => {
  await pool.end()
  await ground.drop()
})

const upTo = (n: number): Any => {
  const { item } = db.tables
  return db.from(item).where(item.id.lte(n)).orderBy(item.id.asc())
}

it.each([0, 1, 99, 100, 101, 200, 250])('%i rows are there, each once and in order', async n => {
  const start = Date.UTC(2026, 0, 1)
  const expected = Array.from({ length: n }, (_, i) => ({
    id: i + 1,
    whole: BigInt(i + 1) * 1000000007n,
    at: new Date(start + (i + 1) * 3_600_000),
  }))
  expect(await upTo(n).all()).toEqual(expected)
  // what is prepared by now is described no more
  expect(await upTo(n).all()).toEqual(expected)
})

it('a row that cannot be read fails the query and nothing else', async () => {
  await expect(upTo(300).all()).rejects.toMatchObject({
    code: 'DECODE_FAILED',
    sql: expect.stringContaining('FROM "item"'),
    origin: expect.stringContaining('rows-on-their-way.test.ts'),
  })
  expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0])
  expect(await upTo(2).count()).toBe(2)
})

it('and, in a transaction, leaves that as it was', async () => {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('insert into item values (301)')
  for (const savepoint of [true, false]) {
    await expect(upTo(300).on(client).all({ savepoint })).rejects.toMatchObject({ code: 'DECODE_FAILED' })
  }
  await client.query('commit')
  client.release()
  expect(await upTo(301).count()).toBe(301)
})

it('a host around another one is told that there are no rows to look at, unless it asks for them', async () => {
  const host = pgHost(pool)
  const looking = (bare: boolean) =>
    pillion<Any>({
      ...host,
      async run(target, { make, ...statement }, options) {
        const { fields, rows } = await host.run(
          target,
          bare || make === undefined ? statement : { ...statement, make },
          options,
        )
        return { fields, rows }
      },
    })
  const rowsBy = async (other: Database<Any>): Promise<unknown> => {
    const { item } = other.tables
    return other.from(item).where(item.id.lte(2)).select({ id: item.id }).orderBy(item.id.asc()).all()
  }
  await expect(rowsBy(await looking(false))).rejects.toMatchObject({ code: 'HOST_SHAPE' })
  expect(await rowsBy(await looking(true))).toEqual([{ id: 1 }, { id: 2 }])
})
