/**
 * MariaDB makes a derived table or a CTE one with the query around it, and a window function of it then took the column of a row that is
 * missing for what its expression would be there: a sum counted defaults of rows that there are not.
 */
import {
  coalesce,
  count,
  cte,
  derived,
  firstValue,
  int4,
  lag,
  lastValue,
  lead,
  left,
  max,
  min,
  relate,
  sum,
  value,
  values,
} from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'
import { describeOpenedOnMysql } from '../opened-on-mysql.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

everywhere(at => {
  it.each([
    ['a derived table', derived],
    ['a CTE', cte],
  ] as const)('a row of %s that is missing has no value', async (_, table) => {
    const { evaluation, user } = at.db.tables
    const rated = table(
      'rated',
      at.db
        .from(evaluation)
        .select({ user: evaluation.userId, rating: coalesce(evaluation.rating, 5), one: value(1) })
        .where(evaluation.id.eq(1n)),
    )
    const own: Any = left(relate(user, rated, each => each.user.eq(user.id)))
    const up = { orderBy: [user.id.asc()] }
    const down = { orderBy: [user.id.desc()] }
    const found = at.db
      .from(user)
      .expand(own)
      .select({
        id: user.id,
        sum: sum(own.rating).over(),
        count: (count(own.one) as Any).over(),
        most: max(own.rating).over({ partitionBy: [user.id] }),
        least: min(own.rating).over(),
        before: lag(own.rating).over(up),
        after: lead(own.one).over(up),
        first: firstValue(own.one).over(down),
        last: lastValue(own.rating).over(up),
      } as Any)
      .orderBy(user.id.asc())
    const all = { sum: 9, count: 1, least: 9, after: null }
    expect(await found.all()).toEqual([
      { id: 1, ...all, most: 9, before: null, first: null, last: 9 },
      { id: 2, ...all, most: null, before: 9, first: null, last: null },
      { id: 3, ...all, most: null, before: null, first: null, last: null },
      { id: 4, ...all, most: null, before: null, first: null, last: null },
    ])
  })

  it('nor has one that is missing in a query inside', async () => {
    const { evaluation, user } = at.db.tables
    const rated = derived(
      'rated',
      at.db
        .from(evaluation)
        .select({ user: evaluation.userId, one: value(1) })
        .limit(1000),
    )
    const plain = derived('plain', at.db.from(rated).select({ user: rated.user, one: coalesce(rated.one, 1) }))
    const own: Any = left(relate(user, plain, each => each.user.eq(user.id)))
    const joined = derived(
      'joined',
      at.db
        .from(user)
        .expand(own)
        .select({ id: user.id, one: own.one } as Any),
    ) as Any
    const found = at.db
      .from(joined)
      .select({ n: sum(joined.one).over(), id: joined.id } as Any)
      .orderBy(joined.id.desc())
      .limit(1)
    expect(await found.all()).toEqual([{ n: 6, id: 4 }])
  })

  it('nor has a row of values', async () => {
    const { user } = at.db.tables
    const marks = values('marks', { user: int4, mark: int4 }, [{ user: 2, mark: 7 }])
    const own: Any = left(relate(user, marks, each => each.user.eq(user.id)))
    const found = at.db
      .from(user)
      .expand(own)
      .select({ sum: sum(own.mark).over() } as Any)
      .limit(1)
    expect(await found.all()).toEqual([{ sum: 7 }])
  })
})

const tables = `
create table person (id int primary key);
create table note (id int primary key, person_id int not null, mark int);
create view marked as select person_id, coalesce(mark, 5) as mark from note;
insert into person values (1), (2);
insert into note values (1, 1, null)`

describeOpenedOnMysql(tables, opened => {
  it('nor has one of a view', async () => {
    const { db } = opened()
    const { person, marked } = db.tables as Any
    const own: Any = left(relate(person, marked, (each: Any) => each.person_id.eq(person.id)))
    const found = db
      .from(person)
      .expand(own)
      .select({ n: (count(own.mark) as Any).over() } as Any)
      .limit(1)
    expect(await found.all()).toEqual([{ n: 1 }])
  })
})
