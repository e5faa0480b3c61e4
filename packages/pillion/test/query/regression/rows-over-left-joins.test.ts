/**
 * MariaDB 10.11 gave a row once for each that an EXISTS or IN of it finds, where a left join inside is on a constant for a key. Found by a law,
 * once the servers were told to believe anything of their tables.
 */
import { cte, derived, exists, left, or } from 'pillion'
import { expect, it } from 'vitest'
import { describeOpenedOnMysql } from '../opened-on-mysql.js'

const tables = `
create table person (id int primary key);
create table talk (id int primary key, speaker_id int not null, chair_id int, foreign key (speaker_id) references person (id),
  foreign key (chair_id) references person (id));
insert into person values (1), (2), (3);
insert into talk values (1, 1, 2), (2, 1, 1), (3, 2, 1), (4, 3, null)`

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describeOpenedOnMysql(tables, opened => {
  const tablesOf = (): Record<string, Any> => opened().db.tables
  const chairedFirst = (talk: Any): Any => left(talk.chair.talks_by_speaker, (each: Any) => each.id.eq(1))

  it.each([
    ['a query', (query: Any) => query],
    ['a derived table', (query: Any) => opened().db.from(derived('found', query))],
    ['a CTE', (query: Any) => opened().db.from(cte('found', query))],
  ] as const)('IN %s', async (_, of) => {
    const { db } = opened()
    const { talk } = tablesOf()
    const other = left(talk.speaker.talks_by_speaker) as Any
    const chaired = chairedFirst(other)
    const query = db.from(talk).expand(other).expand(chaired).select({ id: talk.id })
    const found = db
      .from(talk)
      .where(talk.id.in(of(query)))
      .select({ id: talk.id })
      .orderBy(talk.id.asc())
    const ids = [1, 2, 3, 4].map(id => ({ id }))
    expect(await found.all()).toEqual(ids)
    expect(await found.all()).toEqual(ids)
    expect(await found.count()).toBe(4)
    expect(JSON.stringify(await found.explain())).toContain('talk')
  })

  it('EXISTS', async () => {
    const { db } = opened()
    const { person } = tablesOf()
    const found = db
      .from(person)
      .where(
        exists(person.talks_by_speaker, (talk: Any) => {
          const chaired = chairedFirst(talk)
          return or(chaired.id.isNull(), chaired.id.gt(0))
        }),
      )
      .select({ id: person.id })
      .orderBy(person.id.asc())
    expect(await found.all()).toEqual([1, 2, 3].map(id => ({ id })))
  })
})
