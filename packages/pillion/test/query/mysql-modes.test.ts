/** What a session of MySQL or MariaDB is told of SQL changes no answer: the same queries, under one mode after another. */
import mysql, { type Pool } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { concat, count, list, pillion, some, startsWith, stringAgg, text, value, type Database } from 'pillion'
import { mysql2Host } from 'pillion/mysql2'
import type { Database as OwnDatabase } from '../../../../test/support/postgres.js'
import { describeOnMysql } from '../hosts/mysql-observer.js'

const tables = `
create table person (id int primary key, name varchar(40) not null, state enum('x', 'y\\\\z'), at timestamp(3) null);
create table pet (id int primary key, person_id int not null references person (id), name varchar(20) not null);
insert into person values (1, 'a\\\\b', 'x', '2020-01-01'), (2, '', 'y\\\\z', null), (3, 'q''q"q\`', null, null), (4, '50%_x😀', 'x', null);
insert into pet values (1, 1, ''), (2, 1, 'b"\\\\'), (3, 2, '\\\\'), (4, 4, 'z')`

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

/** Of many clauses, each with a constant or a value that a mode could read in another way. */
async function answers(db: Database<Any>): Promise<unknown> {
  const { person, pet } = db.tables
  const ids = async (...conditions: Any[]): Promise<unknown> =>
    db
      .from(person)
      .where(...conditions)
      .orderBy(person.id.asc())
      .select({ id: person.id })
      .all()
  return {
    lists: await db
      .from(person)
      .orderBy(person.id.asc())
      .select({
        name: person.name,
        pets: list(person.pets, (each: Any) => ({ id: each.id, name: each.name }), {
          orderBy: (each: Any) => each.id.desc(),
        }),
        n: count(person.pets),
      } as Any)
      .all(),
    joined: await db
      .from(pet)
      .select({ x: stringAgg(pet.name, '\\', { orderBy: [pet.id.asc()] }) })
      .all(),
    concatenated: await db
      .from(person)
      .orderBy(person.id.asc())
      .select({ x: concat(person.name, value('|"', text)) } as Any)
      .all(),
    equal: await ids(person.name.eq('a\\b')),
    listed: await ids(person.name.in(['a\\b', '50%_x😀'])),
    like: await ids(person.name.like('50\\%\\_%')),
    begins: await ids(startsWith(person.name, '50%')),
    semi: await ids((some(person.pets) as Any).name.eq('\\')),
    ranked: await ids(person.state.lt('y\\z')),
    moment: await ids(person.at.eq(new Date('2020-01-01T00:00:00Z'))),
  }
}

/** What MySQL has not. */
const oracle = 'ORACLE'
const emptyIsNull = [`sql_mode = 'EMPTY_STRING_IS_NULL'`, /EMPTY_STRING_IS_NULL/] as const

describeOnMysql(({ name: server, create }) => {
  let database: OwnDatabase
  let pool: Pool
  let db: Database<Any>
  let usual: unknown

  beforeAll(async () => {
    database = await create()
    pool = mysql.createPool({ uri: database.url, multipleStatements: true, connectionLimit: 1 })
    await pool.query(`set time_zone = '+00:00'`)
    await pool.query(tables)
    db = await pillion(mysql2Host(pool))
    usual = await answers(db)
  })
  afterAll(async () => {
    await pool?.end()
    await database?.drop()
  })

  it.each([
    'TRADITIONAL',
    'STRICT_ALL_TABLES',
    'ANSI',
    ...(server === 'MariaDB' ? [oracle] : []),
    'NO_BACKSLASH_ESCAPES',
    'NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
    'HIGH_NOT_PRECEDENCE,IGNORE_SPACE',
    'PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION,REAL_AS_FLOAT',
    '',
  ])('%j changes no answer, and nothing that is reflected', async mode => {
    await pool.query('set sql_mode = ?', [mode])
    expect(await answers(db)).toEqual(usual)
    expect(await db.refresh()).toMatchObject({ database: { catalog: db.catalog } })
  })

  it.each(['group_concat_max_len = 4', 'sql_auto_is_null = 1', 'sql_quote_show_create = 0', `time_zone = '+13:00'`])(
    'set %s changes none, either',
    async setting => {
      await pool.query(`set sql_mode = default, ${setting}`)
      expect(await answers(db)).toEqual(usual)
    },
  )

  it.each<readonly [setting: string, said: RegExp]>([
    ['names latin1', /latin1/],
    ['names utf8mb3', /utf8/],
    ['names binary', /binary/],
    ['character_set_results = latin1', /latin1/],
    ['character_set_connection = latin1', /latin1/],
    ...(server === 'MariaDB' ? [emptyIsNull] : []),
    ['sql_select_limit = 1', /sql_select_limit/],
  ])('set %s would change rows, and nothing is reflected', async (setting, said) => {
    const one = mysql.createPool({ uri: database.url, connectionLimit: 1 })
    try {
      await one.query(`set ${setting}`)
      const reflected = pillion(mysql2Host(one))
      await expect(reflected).rejects.toMatchObject({ code: 'REFLECT_FAILED', message: expect.stringMatching(said) })
    } finally {
      await one.end()
    }
  })

  it('set character_set_results = null changes none: each text comes as it is kept', async () => {
    const one = mysql.createPool({ uri: database.url, connectionLimit: 1 })
    await one.query(`set character_set_results = null, time_zone = '+00:00'`)
    expect(await answers(await pillion(mysql2Host(one)))).toEqual(usual)
    await one.end()
  })
})
