import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reflectMysql } from '../../../src/schema/index.js'
import { randomView } from './random-view.js'
import { servers } from './servers.js'
import { openSession, type Session } from './session.js'

describe.each(servers)('the nullability of views on $name', server => {
  const { lacking, provenText } = server
  let session: Session

  beforeAll(async () => {
    if (lacking) return
    session = await openSession(server)
    // Without ONLY_FULL_GROUP_BY, which is how MariaDB comes: a bare column beside an aggregate may be NULL of no rows.
    await session.run(
      "set sql_mode = 'ERROR_FOR_DIVISION_BY_ZERO'",
      'create table t (k int not null, n int)',
      'create table u (k int not null, n int)',
    )
  })
  afterAll(() => session?.close())

  const neverNull = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const { tables } = await reflectMysql(session.read)
    const views = tables.filter(({ kind }) => kind === 'view')
    return new Map(
      views.map(({ name, columns }) => [name, columns.filter(each => !each.nullable).map(each => each.name)]),
    )
  }

  it.skipIf(lacking)('follows a base column that drops its NOT NULL', async () => {
    await session.run('create table soft (x int not null)', 'create view soft_view as select x from soft')
    expect((await neverNull()).get('soft_view')).toEqual(['x'])
    await session.run('alter table soft modify x int')
    expect((await neverNull()).get('soft_view')).toEqual([])
    await session.run('drop view soft_view', 'drop table soft')
  })

  it.skipIf(lacking)('follows what is below a view below it, and a table made anew', async () => {
    await session.run(
      'create table soft (x int not null)',
      'create view below as select x from soft',
      'create view over_it as select x from below',
    )
    expect((await neverNull()).get('over_it')).toEqual(['x'])
    await session.run('drop table soft', 'create table soft (x int)')
    expect((await neverNull()).get('over_it')).toEqual([])
    await session.run('drop table soft', 'create table soft (x int not null)')
    expect((await neverNull()).get('over_it')).toEqual(['x'])
    await session.run('create or replace view below as select nullif(x, 1) as x from soft')
    expect((await neverNull()).get('over_it')).toEqual([])
    await session.run('drop view over_it, below', 'drop table soft')
  })

  it.skipIf(lacking)(
    'is that of a strict session, in which string functions may give NULL for malformed text',
    async () => {
      await session.run(
        'create table words (a varchar(9) not null)',
        "create view said as select a, concat(a, 'x') as b from words",
      )
      expect((await neverNull()).get('said')).toEqual(provenText)
      await session.run('drop view said', 'drop table words')
    },
  )

  it.skipIf(lacking)(
    'never says NOT NULL of a column that shows a NULL, in random views over random rows',
    async () => {
      const row = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.integer({ min: 1, max: 4 })))
      const data = fc.record({ t: fc.array(row, { maxLength: 4 }), u: fc.array(row, { maxLength: 4 }) })
      let provenColumns = 0
      await fc.assert(
        fc.asyncProperty(fc.array(randomView, { minLength: 25, maxLength: 25 }), data, async (views, { t, u }) => {
          for (const [name, rows] of Object.entries({ t, u })) {
            await session.run(`delete from ${name}`)
            for (const [k, n] of rows) await session.run(`insert into ${name} values (${k}, ${n})`)
          }
          await session.run(...views.map((sql, at) => `create or replace view v${at} as ${sql}`))
          for (const [name, proven] of await neverNull()) {
            if (proven.length === 0) continue
            provenColumns += proven.length
            const holes = await session.read(`select * from (select * from ${name}) w`)
            const columns = await session.read(
              'select column_name from information_schema.columns where table_schema = database() and table_name = ? order by ordinal_position',
              [name],
            )
            const nulls = columns.flatMap(([column], at) => (holes.some(cells => cells[at] === null) ? [column] : []))
            expect(
              proven.filter(column => nulls.includes(column)),
              `${views[Number(name.slice(1))]} says ${proven} NOT NULL`,
            ).toEqual([])
          }
        }),
        { numRuns: 12, endOnFailure: true },
      )
      // Not by saying nothing at all.
      expect(provenColumns).toBeGreaterThan(30)
    },
  )
})
