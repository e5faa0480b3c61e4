import { expect, it } from 'vitest'
import {
  array,
  fn,
  generateSeries,
  inner,
  int4,
  int8,
  interval,
  jsonb,
  left,
  param,
  relate,
  tableFunction,
  text,
  timestamptz,
  unnest,
  value,
  values,
  arrayOf,
  cast,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('VALUES as a table, typed, joined, with NULLs', async () => {
    const { interview } = at.db.tables
    const wanted = values<{ id: number; label: string | null; n: bigint }>(
      'wanted',
      { id: int4, label: text, n: int8 },
      [
        { id: 1, label: 'a', n: 2n ** 60n },
        { id: 3, label: null, n: 0n },
        { id: 9, label: "it's", n: -1n },
      ],
    )
    expect(await at.db.from(wanted).orderBy(wanted.id.asc()).all()).toEqual([
      { id: 1, label: 'a', n: 2n ** 60n },
      { id: 3, label: null, n: 0n },
      { id: 9, label: "it's", n: -1n },
    ])
    const found = left(relate(wanted, interview, i => i.id.eq(wanted.id)))
    const query = at.db.from(wanted).select({ label: wanted.label, title: found.title }).orderBy(wanted.id.asc())
    expect(await query.all()).toEqual([
      { label: 'a', title: 'engineer' },
      { label: null, title: 'dancer' },
      { label: "it's", title: null },
    ])
  })

  it.skipIf(at.lacks('rows of NULLs'))('J13: a left joined row of VALUES that is all NULL is a row', async () => {
    const { tag } = at.db.tables
    const nulls = values<{ x: string | null }>('nulls', { x: text }, [{ x: null }])
    const always = left(relate(tag, nulls, () => []))
    expect(await at.db.from(tag).expand(always).select({ always }).limit(1).all()).toEqual([{ always: { x: null } }])
    const never = left(relate(tag, nulls, n => n.x.eq('y')))
    expect(await at.db.from(tag).expand(never).select({ never }).limit(1).all()).toEqual([{ never: null }])
  })

  it('VALUES of no row or no column is refused', async () => {
    await expectRefusal(() => values<{ id: number }>('v', { id: int4 }, []), 'QUERY_INVALID', /VALUES/)
    await expectRefusal(() => values('v', {}, [{}]), 'QUERY_INVALID')
  })

  it('a row of VALUES without one of its columns is refused', async () => {
    await expectRefusal(
      () => values<{ id: number; label: string }>('v', { id: int4, label: text }, [{ id: 1 } as never]),
      'QUERY_INVALID',
    )
  })

  it.skipIf(at.lacks('functions in FROM'))('unnest of a value, a parameter and a column', async () => {
    const { interview } = at.db.tables
    const some = unnest('some', value([3, 1, 2], arrayOf(int4)))
    expect(await at.db.from(some).orderBy(some.value.asc()).all()).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }])
    const ids = param<number[]>('ids')
    const given = unnest('given', cast(ids, arrayOf(int4)))
    const joined = inner(relate(given, interview, i => i.id.eq(given.value as never)))
    const query = at.db.from(given).select({ title: joined.title }).orderBy(joined.id.asc())
    expect(await query.all(ids.is([4, 2, 77]))).toEqual([{ title: 'analyst' }, { title: 'poet' }])
    expect(await query.all(ids.is([]))).toEqual([])
  })

  it.skipIf(at.lacks('functions in FROM'))('a function over columns of the outer row stands lateral', async () => {
    const { interview } = at.db.tables
    const both = inner(relate(interview, unnest('both', array(interview.ownerId, interview.leadId)), () => []))
    const query = at.db
      .from(interview)
      .expand(both)
      .select({ id: interview.id, who: both.value })
      .where(interview.id.in([1, 2]))
      .orderBy(interview.id.asc(), both.value.asc())
    expect(await query.all()).toEqual([
      { id: 1, who: 1 },
      { id: 1, who: 2 },
      { id: 2, who: 1 },
      { id: 2, who: null },
    ])
  })

  it.skipIf(at.lacks('functions in FROM'))('series, and days without rows', async () => {
    const { interview } = at.db.tables
    const n = generateSeries('n', 3, 5)
    const hit = left(relate(n, interview, i => i.id.eq(n.value)))
    const query = at.db.from(n).select({ n: n.value, title: hit.title }).orderBy(n.value.asc())
    expect(await query.all()).toEqual([
      { n: 3, title: 'dancer' },
      { n: 4, title: 'poet' },
      { n: 5, title: null },
    ])
    await expectRefusal(() => generateSeries('n', 1, 1.5), 'VALUE_TYPE')
  })

  it.skipIf(at.lacks('functions in FROM'))('any set-returning function', async () => {
    const each = tableFunction<{ key: string; value: string }>(
      'each',
      fn('jsonb_each_text', text, cast(value('{"a": "1", "b": null}'), jsonb)),
      { key: text, value: text },
    )
    expect(await at.db.from(each).orderBy(each.key.asc()).all()).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: null },
    ])
    const days = tableFunction<{ at: Date }>(
      'days',
      fn(
        'generate_series',
        timestamptz,
        cast(value('2026-01-01Z'), timestamptz),
        cast(value('2026-01-03Z'), timestamptz),
        cast(value('1 day'), interval),
      ),
      { at: timestamptz },
    )
    expect(await at.db.from(days).count()).toBe(3)
  })
})
