/**
 * MariaDB 10.11 gave a row once for each that an EXISTS or IN of it finds, where a left join inside is on a constant for a key. Found by a law,
 * once the servers were told to believe anything of their tables.
 * A left join of a view is one inside.
 */
import { cte, derived, exists, left, or } from 'pillion'
import { expect, it } from 'vitest'
import { describeOpenedOnMysql } from '../opened-on-mysql.js'

const tables = `
create table person (id int primary key);
create table talk (id int primary key, speaker_id int not null, chair_id int, foreign key (speaker_id) references person (id),
  foreign key (chair_id) references person (id));
insert into person values (1), (2), (3);
insert into talk values (1, 1, 2), (2, 1, 1), (3, 2, 1), (4, 3, null);
create view talk_found as select talk.id from talk join person on person.id = talk.speaker_id
  left join talk other on other.speaker_id = person.id left join person chair on chair.id = other.chair_id
  left join talk chaired on chaired.speaker_id = chair.id and chaired.id = 1;
create view talk_found_too as select id from talk_found;
create view talk_chaired as select id from talk where chair_id is not null`

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

  it.each(['talk_found', 'talk_found_too'])('IN and EXISTS over the view %s', async name => {
    const { db } = opened()
    const { talk, [name]: view } = tablesOf()
    const query = db.from(talk).select({ id: talk.id }).orderBy(talk.id.asc())
    const ids = [1, 2, 3, 4].map(id => ({ id }))
    expect(await query.where(talk.id.in(db.from(view).select({ id: view.id }))).all()).toEqual(ids)
    expect(await query.where(exists(db.from(view).where(view.id.eq(talk.id)) as Any)).all()).toEqual(ids)
  })

  it('but a view that joins nothing left is run by any plan', () => {
    const { db } = opened()
    const { talk, talk_chaired: view } = tablesOf()
    const query = db.from(talk).where(talk.id.in(db.from(view).select({ id: view.id })))
    expect(query.toSQL().sql).not.toContain('semijoin')
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
