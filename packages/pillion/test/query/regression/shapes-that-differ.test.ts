/**
 * Two queries of one shape share one text: what their text, or their refusal, hung on was left out of the shape, so that the second one got
 * the text of the first.
 */
import Sqlite from 'better-sqlite3'
import { bool, cast, coalesce, float8, fn, int4, max, some, pillionSync, sql, text, value, when } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'
import { expectRefusal } from '../refusal.js'

everywhere(at => {
  it('truths that decide whether a disjunction says what it asks for', async () => {
    const { interview } = at.db.tables
    const query = (otherwise: boolean) => {
      const s = some(interview.evaluations)
      return at.db
        .from(interview)
        .where(when(s.rating.gt(8), value(true)).otherwise(value(otherwise)))
        .select({ id: interview.id })
    }
    expect(await query(false).all()).toEqual([{ id: 1 }])
    await expectRefusal(() => query(true).all(), 'DISJUNCTION_MIXED')
  })

  it('values that decide whether an expression is what is grouped by', async () => {
    const { evaluation } = at.db.tables
    const query = (other: number) =>
      at.db
        .from(evaluation)
        .groupBy(coalesce(evaluation.rating, 0))
        .select({
          rated: coalesce(evaluation.rating, 0),
          other: coalesce(evaluation.rating, other),
          last: max(evaluation.id),
        })
    await query(0)
      .all()
      .catch(() => {})
    await expectRefusal(() => query(5).all(), 'UNGROUPED')
  })
})

it('types of calls and fragments', async () => {
  const sqlite = new Sqlite(':memory:')
  try {
    sqlite.exec('create table thing (id integer primary key, n int not null); insert into thing values (1, 2)')
    const db = pillionSync(betterSqlite3Host(sqlite))
    // oxlint-disable-next-line typescript/no-explicit-any
    const { thing }: any = db.tables
    // oxlint-disable-next-line typescript/no-explicit-any
    const from: any = db.from(thing)
    // oxlint-disable-next-line typescript/no-explicit-any
    const texts = (type: any) => from.select({ it: cast(fn('abs', type, thing.id), text) }).allSync()
    expect(texts(bool)).toEqual([{ it: 'true' }])
    expect(texts(int4)).toEqual([{ it: '1' }])
    // oxlint-disable-next-line typescript/no-explicit-any
    const halves = (type: any) =>
      from.select({ it: cast(sql(type)`${thing.n}`.dividedBy(thing.n.plus(thing.n)), float8) })
    expect(halves(int4).allSync()).toEqual([{ it: 0 }])
    expect(halves(float8).allSync()).toEqual([{ it: 0.5 }])
  } finally {
    sqlite.close()
  }
})
