/** What a session of PostgreSQL is told changes no value, and no table; or nothing is reflected. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pillion, type Database } from 'pillion'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../test/support/postgres.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const tables = `
create table odd (id int primary key, name text not null, fraction float8 not null, single float4, bits bytea, at timestamptz);
insert into odd values
  (1, 'zoë', 0.1::float8 + 0.2::float8, 0.1, '\\x00ff27', '2026-01-02 03:04:05Z'),
  (2, 'a\\b', 0.1::float8 + 0.7::float8, 1.1::float4 + 2.2::float4, '', null),
  (3, 'q''q"😀', 1e300, null, null, '2026-07-01 00:00Z')`

let ground: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  ground = await createDatabase()
  const client = new pg.Client(ground.url)
  await client.connect()
  await client.query(tables)
  await client.end()
})
afterAll(() => ground.drop())

async function answers(db: Database<Any>): Promise<unknown> {
  const { odd } = db.tables
  const rows: Any[] = await db.from(odd).orderBy(odd.id.asc()).all()
  const paged = async (key: string): Promise<number[]> => {
    const ids: number[] = []
    for (let after: string | null = null, pages = 0; pages < 4; pages++) {
      const page: Any = await db.from(odd).select({ id: odd.id }).orderBy(odd[key].asc()).page({ size: 1, after })
      ids.push(...page.rows.map((row: Any) => row.id))
      after = page.next
      if (after === null) break
    }
    return ids
  }
  const found = async (key: string): Promise<unknown> =>
    Promise.all(
      rows
        .filter(row => row[key] !== null)
        .map(row => db.from(odd).where(odd[key].eq(row[key])).select({ id: odd.id }).all()),
    )
  return {
    rows,
    pages: [await paged('name'), await paged('fraction'), await paged('single'), await paged('at')],
    found: [await found('name'), await found('fraction'), await found('bits')],
  }
}

async function under<T>(setting: string | undefined, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: ground.url, max: 1 })
  try {
    if (setting !== undefined) await pool.query(`set ${setting}`)
    return await work(pool)
  } finally {
    await pool.end()
  }
}

describe('under the settings of PostgreSQL', () => {
  const told = async (pool: pg.Pool) => answers(await pillion(pgHost(pool)))

  it.each([
    'standard_conforming_strings = off',
    `bytea_output = 'escape'`,
    'extra_float_digits = 3',
    `timezone = 'Asia/Kolkata'`,
    `datestyle = 'ISO, DMY'`,
    'transform_null_equals = on',
    'quote_all_identifiers = on',
    'array_nulls = off',
    'default_transaction_read_only = on',
    `client_encoding = 'SQL_ASCII'`,
  ])('%s changes no value', async setting => {
    expect(await under(setting, told)).toEqual(await under(undefined, told))
  })

  it.each([
    ['extra_float_digits = 0', /extra_float_digits/],
    ['extra_float_digits = -15', /extra_float_digits/],
    [`client_encoding = 'LATIN1'`, /LATIN1/],
    [`client_encoding = 'WIN1252'`, /WIN1252/],
  ])('%s would change some, and nothing is reflected', async (setting, said) => {
    await expect(under(setting, told)).rejects.toMatchObject({
      code: 'REFLECT_FAILED',
      message: expect.stringMatching(said),
    })
  })

  it.each(['SQL, DMY', 'German', 'Postgres, MDY'])(
    'a DateStyle of %s is refused where a moment is read',
    async style => {
      await expect(under(`datestyle = '${style}'`, told)).rejects.toMatchObject({ code: 'DECODE_FAILED' })
    },
  )
})

describe('a search_path that leads to another table of the same name', () => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: ground.url, max: 1 })
    await pool.query(`create schema north; create table north.odd (id int primary key, name text not null);
      insert into north.odd values (7, 'north'); create table north.own (id int primary key)`)
  })
  afterAll(() => pool.end())

  it.each(['north, public', 'north'])('is refused where that one is reflected, too: %s', async path => {
    await pool.query(`set search_path = ${path}`)
    await expect(pillion(pgHost(pool))).rejects.toMatchObject({
      code: 'REFLECT_FAILED',
      message: expect.stringMatching(/north\.odd.*public\.odd/),
      hint: expect.stringContaining(`schemas: ['public']`),
    })
  })

  it('is followed where one of them is reflected: a schema a tenant', async () => {
    await pool.query('set search_path = north, public')
    const db: Database<Any> = await pillion(pgHost(pool), { schemas: ['public'] })
    expect(await db.from(db.tables.odd).select({ id: db.tables.odd.id }).all()).toEqual([{ id: 7 }])
    const north: Database<Any> = await pillion(pgHost(pool), { overrides: { exclude: ['public.odd'] } })
    expect(await north.from(north.tables['north.odd']).select({ id: north.tables['north.odd'].id }).all()).toEqual([
      { id: 7 },
    ])
  })

  it.each(['public, north', 'public', 'elsewhere'])('others are not looked at: %s', async path => {
    await pool.query(`set search_path = ${path}`)
    expect((await pillion(pgHost(pool))).catalog.tables.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['north.odd', 'public.odd']),
    )
  })
})
