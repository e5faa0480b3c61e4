import { expect, it } from 'vitest'
import { count, left, list, nest, param, relate, some, sum } from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('nested rows in one statement; empty, never null, where there are none', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        notes: list(interview.evaluations, e => ({ by: e.user.username, rating: e.rating }), {
          orderBy: e => e.rating.desc({ nulls: 'last' }),
        }),
      })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      {
        id: 1,
        notes: [
          { by: 'ada', rating: 9 },
          { by: 'bob', rating: 2 },
        ],
      },
      {
        id: 2,
        notes: [
          { by: 'cyd', rating: 8 },
          { by: 'ada', rating: 4 },
        ],
      },
      {
        id: 3,
        notes: [
          { by: 'cyd', rating: 8 },
          { by: 'bob', rating: null },
        ],
      },
      { id: 4, notes: [] },
    ])
  })

  it.skipIf(at.lacks('decimals as written'))('values inside arrive as they would outside', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .where(interview.id.eq(3))
      .select({
        list: list(
          interview.evaluations,
          e => ({ id: e.id, at: e.createdAt, budget: e.interview.budget, on: e.interview.heldOn }),
          {
            where: e => e.note.eq('big'),
          },
        ),
      })
    expect(await query.all()).toEqual([
      {
        list: [{ id: 9007199254740993n, at: new Date('2026-01-10T00:00:00Z'), budget: '20.00', on: '2026-02-03' }],
      },
    ])
  })

  it('a single expression gives a list of values', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, ratings: list(interview.evaluations, e => e.rating, { orderBy: e => e.id.asc() }) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.ratings)).toEqual([[9, 2], [4, 8], [null, 8], []])
  })

  it('limit, order and condition hold inside, for each root row', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        top: list(interview.evaluations, e => ({ id: e.id, rating: e.rating }), {
          where: e => e.rating.isNotNull(),
          orderBy: e => [e.rating.desc(), e.id.asc()],
          limit: 1,
        }),
      })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.top)).toEqual([
      [{ id: 1n, rating: 9 }],
      [{ id: 4n, rating: 8 }],
      [{ id: 9007199254740993n, rating: 8 }],
      [],
    ])
  })

  it('lists in lists, objects in lists, whole rows in lists', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .where(interview.id.eq(1))
      .select({
        evaluations: list(
          interview.evaluations,
          e => ({
            who: { name: e.user.username, department: e.user.department },
            comments: list(e.comments, c => ({ body: c.body, author: c.author }), { orderBy: c => c.id.asc() }),
          }),
          { orderBy: e => e.id.asc() },
        ),
      })
    const science = { id: 2, name: 'science', parentId: 1 }
    expect(await query.all()).toEqual([
      {
        evaluations: [
          {
            who: { name: 'ada', department: science },
            comments: [
              { body: 'agreed', author: { id: 2, username: 'bob', email: null, departmentId: 2 } },
              { body: 'hm', author: null },
            ],
          },
          { who: { name: 'bob', department: science }, comments: [] },
        ],
      },
    ])
  })

  it('of many to many', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, tags: list(interview.tags, t => t.label, { orderBy: t => t.label.desc() }) })
      .orderBy(interview.id.asc())
    expect((await query.all()).map(row => row.tags)).toEqual([['senior', 'remote'], ['remote'], [], []])
  })

  it('counts and sums inside', async () => {
    const { user } = at.db.tables
    const query = at.db
      .from(user)
      .where(user.id.eq(1))
      .select({
        owned: list(
          user.interviewsByOwner,
          i => ({ id: i.id, n: count(i.evaluations), total: sum(i.evaluations, e => e.rating) }),
          { orderBy: i => i.id.asc() },
        ),
      })
    expect(await query.all()).toEqual([
      {
        owned: [
          { id: 1, n: 2, total: 11 },
          { id: 2, n: 2, total: 12 },
        ],
      },
    ])
  })

  it('an outer handle inside is correlated, a parameter inside is bound', async () => {
    const { interview } = at.db.tables
    const least = param<number>('least')
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        led: list(interview.evaluations, e => e.rating, {
          where: e => [e.userId.eq(interview.lead.id), e.rating.gte(least)],
        }),
      })
      .orderBy(interview.id.asc())
    expect((await query.all(least.is(5))).map(row => row.led)).toEqual([[], [], [8], []])
    expect((await query.all(least.is(0))).map(row => row.led)).toEqual([[2], [], [8], []])
  })

  it('over what hangs off a left handle, and off a relation made on the spot', async () => {
    const { interview } = at.db.tables
    const mine = left(interview.evaluations, e => e.userId.eq(1))
    const siblings = relate(interview, interview, other => [
      other.ownerId.eq(interview.ownerId),
      other.id.ne(interview.id),
    ])
    const query = at.db
      .from(interview)
      .select({
        comments: list(mine.comments, c => c.id, { orderBy: c => c.id.asc() }),
        siblings: list(siblings, s => s.title),
      })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { comments: [1, 2], siblings: ['analyst'] },
      { comments: [], siblings: ['engineer'] },
      { comments: [], siblings: [] },
      { comments: [], siblings: [] },
    ])
  })

  it('J13 holds inside a list: null by presence', async () => {
    const { evaluation } = at.db.tables
    const query = at.db
      .from(evaluation)
      .where(evaluation.id.eq(1n))
      .select({
        comments: list(evaluation.comments, c => ({ author: nest(c.author, a => ({ email: a.email })) }), {
          orderBy: c => c.id.asc(),
        }),
      })
    // the first author is there and has no email; the second comment has no author
    expect(await query.all()).toEqual([{ comments: [{ author: { email: null } }, { author: null }] }])
  })

  it('more than a hundred columns in a list', async () => {
    const { interview } = at.db.tables
    const wide = (n: number) =>
      list(
        interview.evaluations,
        e => Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${i}`, e.rating.plus(i)])),
        { orderBy: e => e.id.asc() },
      )
    for (const n of [1, 99, 100, 101, 200, 201, 1000]) {
      const [row] = await at.db
        .from(interview)
        .where(interview.id.eq(1))
        .select({ wide: wide(n) })
        .all()
      const expected = (rating: number) =>
        Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${i}`, rating + i]))
      expect(row?.wide, `${n} columns`).toEqual([expected(9), expected(2)])
    }
  })

  it('a semi handle is not listed, and its relations are asked for in where only', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations) as unknown as typeof at.db.tables.evaluation
    await expectRefusal(
      () =>
        at.db
          .from(interview)
          .select({ comments: list(a.comments, c => c.body) })
          .all(),
      'HANDLE_MISPLACED',
    )
  })

  it('a limit that is no whole number from 0 is refused', async () => {
    const { interview } = at.db.tables
    for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number]) {
      await expectRefusal(() => list(interview.evaluations, e => e.id, { limit }), 'QUERY_INVALID')
    }
    const none = at.db.from(interview).select({ none: list(interview.evaluations, e => e.id, { limit: 0 }) })
    expect((await none.all()).every(row => row.none.length === 0)).toBe(true)
  })
})
