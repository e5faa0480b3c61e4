import { expect, it } from 'vitest'
import {
  array,
  arrayAgg,
  avg,
  boolAnd,
  boolOr,
  cast,
  count,
  derived,
  type Expr,
  float8,
  inner,
  int8,
  jsonAgg,
  left,
  list,
  max,
  min,
  mode,
  numeric,
  percentileCont,
  scalar,
  some,
  stringAgg,
  sum,
  unnest,
  value,
} from 'pillion'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('fold the rows of a query', async () => {
    const { evaluation } = at.db.tables
    const query = at.db.from(evaluation).select({
      rows: count(),
      rated: count(evaluation.rating),
      raters: count(evaluation.userId).distinct(),
      total: sum(evaluation.rating),
      mean: avg(evaluation.rating),
      least: min(evaluation.rating),
      most: max(evaluation.rating),
      last: max(evaluation.createdAt),
      all: boolAnd(evaluation.rating.gt(1)),
      any: boolOr(evaluation.rating.gt(8)),
    })
    expect(await query.all()).toEqual([
      {
        rows: 6,
        rated: 5,
        raters: 3,
        total: 31,
        mean: 6.2,
        least: 2,
        most: 9,
        last: new Date('2026-01-10T00:00:00Z'),
        all: true,
        any: true,
      },
    ])
  })

  it('the least and the greatest of truths, also beside DISTINCT, a filter, and around each row', async () => {
    const { evaluation } = at.db.tables
    const good = evaluation.rating.gt(8)
    const query = at.db.from(evaluation).select({
      least: min(good),
      most: max(good).distinct(),
      none: max(good).filter(evaluation.id.lt(0n)),
      some: min(good).filter(good),
    })
    expect(await query.all()).toEqual([{ least: false, most: true, none: null, some: true }])
    const around = at.db
      .from(evaluation)
      .select({ most: max(good).over({}) })
      .limit(1)
    expect(await around.all()).toEqual([{ most: true }])
  })

  it.skipIf(at.lacks('ordered sets'))('fold an ordered set', async () => {
    const { evaluation } = at.db.tables
    const query = at.db
      .from(evaluation)
      .select({ middle: percentileCont(0.5, evaluation.rating.asc()), often: mode(evaluation.rating) })
    expect(await query.all()).toEqual([{ middle: 8, often: 8 }])
  })

  it('of no rows: counts are 0, everything else is null', async () => {
    const { evaluation } = at.db.tables
    const query = at.db
      .from(evaluation)
      .where(evaluation.id.lt(0n))
      .select({
        rows: count(),
        rated: count(evaluation.rating),
        total: sum(evaluation.rating),
        mean: avg(evaluation.rating),
        most: max(evaluation.rating),
        names: stringAgg(evaluation.note, ', '),
      })
    expect(await query.all()).toEqual([{ rows: 0, rated: 0, total: null, mean: null, most: null, names: null }])
  })

  it('in the TypeScript type of what is summed, exactly', async () => {
    const { evaluation, interview } = at.db.tables
    const [ids] = await at.db
      .from(evaluation)
      .select({ sum: sum(evaluation.id), mean: avg(evaluation.id), max: max(evaluation.id) })
      .all()
    expect(ids).toMatchObject({ sum: 9007199254741008n, max: 9007199254740993n })
    expect(ids?.mean).toMatch(/^1501199875790168(\.0+)?$/)
    const [budgets] = await at.db
      .from(interview)
      .select({ sum: sum(interview.budget), max: max(interview.budget), f: sum(cast(interview.budget, float8)) })
      .all()
    expect(budgets).toEqual({ sum: '100000001020.49', max: '99999999999.99', f: 100000001020.49 })
  })

  it('a sum that is a number is refused past 2^53 rather than rounded; as bigint it is exact', async () => {
    const { evaluation } = at.db.tables
    const counted = derived(
      'counted',
      at.db.from(evaluation).select({ user: evaluation.userId, n: count() }).groupBy(evaluation.userId),
    )
    const times = (factor: number) => at.db.from(counted).select({ sum: sum(counted.n.times(factor)) })
    expect(await times(2 ** 50).all()).toEqual([{ sum: 6 * 2 ** 50 }])
    await expectRefusal(() => times(2 ** 52).all(), 'DECODE_FAILED', /2\^53/)
    const exact = at.db.from(counted).select({ sum: sum(cast(counted.n.times(2 ** 52), int8)) })
    expect(await exact.all()).toEqual([{ sum: 6n * 2n ** 52n }])
  })

  it('ordered and filtered', async () => {
    const { evaluation } = at.db.tables
    const query = at.db
      .from(evaluation)
      .select({
        user: evaluation.userId,
        notes: stringAgg(evaluation.note, '; ', { orderBy: [evaluation.id.asc()] }),
        high: count().filter(evaluation.rating.gt(5)),
        lowSum: sum(evaluation.rating).filter(evaluation.rating.lt(5)),
      })
      .groupBy(evaluation.userId)
      .orderBy(evaluation.userId.asc())
    expect(await query.all()).toEqual([
      { user: 1, notes: 'good; fair', high: 1, lowSum: 4 },
      { user: 2, notes: 'absent', high: 0, lowSum: 2 },
      { user: 3, notes: 'big', high: 2, lowSum: null },
    ])
  })

  it.skipIf(at.lacks('JSON in an order'))('ordered into JSON', async () => {
    const { evaluation } = at.db.tables
    const json = jsonAgg(evaluation.rating, { orderBy: [evaluation.id.desc()] })
    const byUser = at.db.from(evaluation).groupBy(evaluation.userId).orderBy(evaluation.userId.asc())
    expect((await byUser.select({ json }).all()).map(row => row.json)).toEqual([
      [4, 9],
      [null, 2],
      [8, 8],
    ])
  })

  it.skipIf(at.lacks('arrays'))('ordered and filtered into an array', async () => {
    const { evaluation } = at.db.tables
    const ratings = arrayAgg(evaluation.rating, { orderBy: [evaluation.rating.desc({ nulls: 'last' })] })
    const byUser = at.db.from(evaluation).groupBy(evaluation.userId).orderBy(evaluation.userId.asc())
    expect(await byUser.select({ ratings }).all()).toEqual([
      { ratings: [9, 4] },
      { ratings: [2, null] },
      { ratings: [8, 8] },
    ])
    expect(await at.db.from(evaluation).where(evaluation.id.lt(0n)).select({ ratings }).one()).toEqual({
      ratings: null,
    })
  })

  it('of a relation, each its own subquery, without fan-out', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({
        id: interview.id,
        n: count(interview.evaluations),
        high: count(interview.evaluations, e => e.rating.gt(5)),
        total: sum(interview.evaluations, e => e.rating),
        mean: avg(interview.evaluations, e => e.rating),
        least: min(interview.evaluations, e => e.user.username),
        most: max(
          interview.evaluations,
          e => e.rating,
          e => e.user.username.ne('ada'),
        ),
        tags: count(interview.tags),
      })
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, n: 2, high: 1, total: 11, mean: 5.5, least: 'ada', most: 2, tags: 2 },
      { id: 2, n: 2, high: 1, total: 12, mean: 6, least: 'ada', most: 8, tags: 1 },
      { id: 3, n: 2, high: 1, total: 8, mean: 8, least: 'bob', most: 8, tags: 0 },
      { id: 4, n: 0, high: 0, total: null, mean: null, least: null, most: null, tags: 0 },
    ])
  })

  it('in where, orderBy and inside other expressions', async () => {
    const { interview } = at.db.tables
    const query = at.db
      .from(interview)
      .select({ id: interview.id, n: count(interview.tags).plus(1) })
      .where(count(interview.evaluations).gt(0), sum(interview.evaluations, e => e.rating).gt(10))
      .orderBy(count(interview.tags).desc(), interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, n: 3 },
      { id: 2, n: 2 },
    ])
  })

  it('over a left handle: count of its key is 0 where it has no row', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    const query = at.db
      .from(interview)
      .expand(e)
      .select({ id: interview.id, n: count(e.id), rows: count(), total: sum(e.rating) })
      .groupBy(interview.id)
      .orderBy(interview.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, n: 2, rows: 2, total: 11 },
      { id: 2, n: 2, rows: 2, total: 12 },
      { id: 3, n: 2, rows: 2, total: 8 },
      { id: 4, n: 0, rows: 1, total: null },
    ])
  })

  it('J14: an aggregate over two multiplied handles is refused', async () => {
    const { interview } = at.db.tables
    const [e, t] = [left(interview.evaluations), left(interview.tags)]
    const query = at.db.from(interview).expand(e).expand(t, { allowCrossProduct: true }).groupBy(interview.id)
    for (const folded of [
      sum(e.rating),
      count(e.id),
      count(),
      avg(t.id),
      sum(e.rating.plus(1)).plus(1),
      arrayAgg(e.rating),
      stringAgg(e.note, ','),
    ]) {
      await expectRefusal(() => query.select({ folded }).all(), 'AGGREGATE_MULTIPLIED', /multiplies/)
    }
    const sorted = query.select({ id: interview.id }).orderBy(sum(e.rating).asc())
    await expectRefusal(() => sorted.all(), 'AGGREGATE_MULTIPLIED')
    await expectRefusal(
      () => query.select({ id: interview.id }).having(sum(e.rating).gt(1)).all(),
      'AGGREGATE_MULTIPLIED',
    )
  })

  it('J14: what repetition does not change is taken: min, max, bool, DISTINCT; and one multiplied handle', async () => {
    const { interview } = at.db.tables
    const [e, t] = [left(interview.evaluations), left(interview.tags)]
    const crossed = at.db
      .from(interview)
      .where(interview.id.eq(1))
      .expand(e)
      .expand(t, { allowCrossProduct: true })
      .groupBy(interview.id)
      .select({ most: max(e.rating), n: count(e.id).distinct(), any: boolOr(t.label.eq('senior')) })
    expect(await crossed.all()).toEqual([{ most: 9, n: 2, any: true }])
    const one = at.db
      .from(interview)
      .where(interview.id.eq(1))
      .expand(e)
      .groupBy(interview.id)
      .select({ total: sum(e.rating) })
    expect(await one.all()).toEqual([{ total: 11 }])
  })

  it('J14: over nested expansions, of the deepest it is sound, of the one above not', async () => {
    const { interview } = at.db.tables
    const e = inner(interview.evaluations)
    const c = inner(e.comments)
    const query = at.db.from(interview).expand(e).expand(c).groupBy(interview.id).orderBy(interview.id.asc())
    expect(await query.select({ id: interview.id, n: count(c.id) }).all()).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 1 },
    ])
    await expectRefusal(() => query.select({ total: sum(e.rating) }).all(), 'AGGREGATE_MULTIPLIED')
  })

  it('a semi handle in where leaves an aggregate whole', async () => {
    const { interview } = at.db.tables
    const a = some(interview.evaluations)
    const query = at.db
      .from(interview)
      .where(a.id.gt(0n))
      .select({ total: sum(cast(interview.id, numeric)) })
    expect(await query.all()).toEqual([{ total: '6' }])
  })

  it.skipIf(at.lacks('arrays'))('an array of counts and sums is read as each of them is', async () => {
    const { interview, evaluation, tag } = at.db.tables
    const counts = at.db.from(interview).select({
      agg: arrayAgg(count(interview.evaluations), { orderBy: [interview.id.asc()] }),
      ids: arrayAgg(
        sum(interview.evaluations, e => e.id),
        { orderBy: [interview.id.asc()] },
      ),
    })
    expect(await counts.one()).toEqual({ agg: [2, 2, 2, 0], ids: [3n, 7n, 9007199254740998n, null] })
    const pair = array(count(interview.evaluations), 7)
    const nested = list(tag.interviews, i => ({ pair: array(count(i.evaluations), 7) }), { orderBy: i => i.id.asc() })
    expect(await at.db.from(tag).where(tag.id.eq(2)).select({ nested }).one()).toEqual({ nested: [{ pair: [2, 7] }] })
    expect(await at.db.from(interview).where(interview.id.eq(4)).select({ pair }).one()).toEqual({ pair: [0, 7] })
    const each = unnest('each', scalar(at.db.from(evaluation).select({ all: array(count(), sum(evaluation.rating)) })))
    expect(await at.db.from(each).orderBy(each.value.asc()).all()).toEqual([{ value: 6 }, { value: 31 }])
  })

  it('one that mentions nothing but the query around it would fold the rows of that, and is refused', async () => {
    const { interview, tag } = at.db.tables
    const own = interview.ownerId
    const asked = (n: Expr<number | null>) =>
      at.db.from(interview).select({ id: interview.id, n }).orderBy(interview.id.asc())
    await expectRefusal(() => asked(sum(interview.evaluations, () => own)).all(), 'QUERY_INVALID', /sum .*around it/)
    await expectRefusal(
      () => asked(scalar(at.db.from(tag).select({ n: max(own.plus(1)) }))).all(),
      'QUERY_INVALID',
      /max .*around it/,
    )
    const multiplied = asked(sum(interview.evaluations, e => own.plus(e.userId.minus(e.userId))))
    expect((await multiplied.all()).map(row => row.n)).toEqual([2, 2, 6, null])
    expect((await asked(count(interview.evaluations).times(own)).all()).map(row => row.n)).toEqual([2, 2, 6, 0])
    const counted = asked(scalar(at.db.from(tag).select({ n: sum(value(1)) })))
    expect((await counted.all()).map(row => row.n)).toEqual([2, 2, 2, 2])
  })
})
