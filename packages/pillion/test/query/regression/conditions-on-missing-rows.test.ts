/**
 * MariaDB and MySQL make a derived table or a CTE one with the query around it. Where a left join found no row of it, a condition on a column
 * that is an expression over several tables MariaDB took for what it is of NULLs, and so did the least and the most of any: a row that is
 * missing had a default. MySQL 9.7 took what it can tell beforehand, of columns that are never NULL, for told.
 */
import { coalesce, cte, derived, inner, left, max, min, or, relate, when } from 'pillion'
import { describe, expect, it } from 'vitest'
import { describeOpenedOnMysql } from '../opened-on-mysql.js'

const tables = `
create table person (id int primary key);
create table talk (id int primary key, speaker_id int not null, mark int, foreign key (speaker_id) references person (id));
insert into person values (1), (2);
insert into talk values (1, 1, 1), (2, 1, null)`

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describeOpenedOnMysql(tables, opened => {
  const tablesOf = (): Any => opened().db.tables

  /** Of one table, and of two. */
  const marked = (): Any => {
    const { talk } = tablesOf()
    return opened()
      .db.from(talk)
      .select({ id: talk.id, mark: coalesce(talk.mark, 0) })
  }
  const markedOfSpeakers = (): Any => {
    const { person } = tablesOf()
    const talk: Any = inner(person.talks)
    return opened()
      .db.from(person)
      .expand(talk)
      .select({ id: talk.id, mark: coalesce(talk.mark, 0) } as Any)
  }
  const withNext = (next: Any) => {
    const { talk } = tablesOf()
    const own: Any = left(relate(talk, next, (each: Any) => each.id.eq(talk.id.plus(1))))
    const query: Any = opened().db.from(talk).expand(own).select({ id: talk.id }).orderBy(talk.id.asc())
    return { own, query, talk }
  }

  describe.each([
    ['a derived table', derived],
    ['a CTE', cte],
  ] as const)('%s', (_, table) => {
    it.each([
      ['one table', marked],
      ['two tables', markedOfSpeakers],
      [
        'another',
        () => {
          const inside: Any = derived('inside', markedOfSpeakers())
          return opened().db.from(inside).select({ id: inside.id, mark: inside.mark })
        },
      ],
    ] as const)('of %s has no column where it has no row', async (_of, query) => {
      const next = withNext(table('next', query() as Any))
      const without = [{ id: 2 }]
      expect(await next.query.where(next.own.mark.isNull()).all()).toEqual(without)
      expect(await next.query.where(coalesce(next.own.mark, 7).eq(7)).all()).toEqual(without)
      expect(await next.query.where(or(next.own.mark.isNull(), next.own.mark.gt(7))).all()).toEqual(without)
      expect(await next.query.where(next.own.mark.isNull()).count()).toBe(1)
    })

    it.each([
      ['whether a key is there', (each: Any) => each.id.isNull()],
      ['a word for that', (each: Any) => when(each.id.isNull(), 'no').otherwise('yes')],
      ['one thing or the other', (each: Any) => or(each.id.isNull(), each.id.ne(each.id))],
    ] as const)('has no %s where it has no row, of one table and of two', async (_what, of) => {
      const { person, talk } = tablesOf()
      const given: Any = inner(person.talks)
      const queries: readonly Any[] = [
        opened()
          .db.from(talk)
          .select({ id: talk.id, mark: of(talk) }),
        opened()
          .db.from(person)
          .expand(given)
          .select({ id: given.id, mark: of(person) } as Any),
      ]
      for (const query of queries) {
        const { own, query: all } = withNext(table('next', query))
        const missing = all.where(own.mark.isNull())
        expect(await missing.all()).toEqual([{ id: 2 }])
        expect(await all.where(own.mark.isNotNull()).all()).toEqual([{ id: 1 }])
        expect(await missing.count()).toBe(1)
        const asked: Any = cte('asked', missing)
        expect(await opened().db.from(asked).select({ id: asked.id }).all()).toEqual([{ id: 2 }])
      }
    })

    it.each([
      ['one table', marked],
      ['two tables', markedOfSpeakers],
    ] as const)('of %s has no least and no most of none', async (_of, query) => {
      const { own, query: all, talk } = withNext(table('next', query()))
      const groups = all.groupBy(talk.id)
      expect(await groups.select({ most: max(own.mark), least: min(own.mark) }).all()).toEqual([
        { most: 0, least: 0 },
        { most: null, least: null },
      ])
      expect(await groups.having((max(own.mark) as Any).isNull()).all()).toEqual([{ id: 2 }])
    })
  })
})
