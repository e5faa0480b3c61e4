import { expect, it } from 'vitest'
import {
  cast,
  count,
  cte,
  derived,
  type DerivedHandle,
  type Expr,
  first,
  float4,
  float8,
  fn,
  inner,
  int4,
  left,
  type Order,
  type Page,
  type PageRequest,
  param,
  pillion,
  some,
  sql,
  value,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import type { Interview } from '../support/interviews.gen.js'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  /** Every row by pages forth, and by pages back from the last. */
  async function walk<Row>(page: (request: PageRequest) => Promise<Page<Row>>, size: number) {
    const forth: Row[][] = []
    let after: string | null = null
    let last: Page<Row>
    do {
      last = await page({ size, after })
      forth.push(last.rows)
      after = last.next
    } while (after !== null)
    const back: Row[][] = [last.rows]
    for (let before = last.previous; before !== null; ) {
      const found: Page<Row> = await page({ size, before })
      back.unshift(found.rows)
      before = found.previous
    }
    return { forth: forth.flat(), back: back.flat() }
  }

  const orders: Record<string, (interview: Interview) => readonly Order[]> = {
    'no order': () => [],
    'the key': i => [i.id.desc()],
    'a nullable column, up': i => [i.budget.asc()],
    'a nullable column, down': i => [i.budget.desc()],
    'nulls first, up': i => [i.heldOn.asc({ nulls: 'first' })],
    'nulls last, down': i => [i.heldOn.desc({ nulls: 'last' })],
    ties: i => [i.departmentId.desc()],
    'a left joined column': i => [left(i.evaluations, e => e.userId.eq(1)).rating.desc({ nulls: 'last' })],
    'a key of a left joined row': i => [left(i.evaluations, e => e.userId.eq(1)).id.asc()],
    'a column of first': i => [first(i.evaluations, { orderBy: e => e.rating.desc() }).rating.asc(), i.title.desc()],
    'two nullable columns': i => [i.leadId.desc(), i.heldOn.asc({ nulls: 'first' })],
    'two sure columns, both ways': i => [i.departmentId.desc(), i.title.asc()],
    'an expression': i => [i.id.modulo(2).asc(), i.title.desc()],
    microseconds: i => [i.createdAt.asc()],
    'a count': i => [count(i.evaluations).asc()],
    'an enum': i => [i.status.desc()],
  }

  it.each(Object.entries(orders))(
    'J11: pages of every size, forth and back, give the rows of the query: %s',
    async (_, order) => {
      const { interview } = at.db.tables
      const query = at.db
        .from(interview)
        .select({ id: interview.id })
        .orderBy(...order(interview))
      const whole = await query.orderBy(interview.id.asc()).all()
      expect(whole).toHaveLength(4)
      for (const size of [1, 2, 3, 4, 5]) {
        const { forth, back } = await walk(request => query.page(request), size)
        expect(forth).toEqual(whole)
        expect(back).toEqual(whole)
      }
    },
  )

  it('J11: expanded handles break ties by their keys, also where they are absent', async () => {
    const { interview } = at.db.tables
    const e = left(interview.evaluations)
    const query = at.db.from(interview).expand(e).select({ id: interview.id, e: e.id }).orderBy(interview.status.asc())
    const whole = await query.orderBy(interview.id.asc(), e.id.asc()).all()
    expect(whole).toHaveLength(7)
    for (const size of [1, 2, 3]) {
      const { forth, back } = await walk(request => query.page(request), size)
      expect(forth).toEqual(whole)
      expect(back).toEqual(whole)
    }
  })

  it.skipIf(at.lacks('a pool of pg'))('J11: microseconds, bigint and numeric are kept exact in a cursor', async () => {
    await at.pool.query(`
    CREATE TABLE fine (id bigint PRIMARY KEY, at timestamptz NOT NULL, n numeric, f float8);
    INSERT INTO fine
      SELECT 9007199254740993 + i, '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 microsecond',
             12345678901234567890.000000000000000001 + i * 0.000000000000000001, 0.1 + i * 1e-16::float8
      FROM generate_series(0, 6) i;
  `)
    type Fine = DerivedHandle<{ id: bigint; at: Date; n: string; f: number }>
    const db = await pillion<{ fine: Fine }>(pgHost(at.pool))
    const { fine } = db.tables
    for (const key of [fine.id, fine.at, fine.n, fine.f]) {
      for (const order of [key.asc(), key.desc()]) {
        const query = db.from(fine).orderBy(order).select({ id: fine.id })
        const whole = await query.orderBy(fine.id.asc()).all()
        const { forth, back } = await walk(request => query.page(request), 2)
        expect(forth).toEqual(whole)
        expect(back).toEqual(whole)
      }
    }
  })

  it.skipIf(at.lacks('a pool of pg'))('J11: a cursor stands where it stood, whatever came or went', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).select({ id: interview.id }).orderBy(interview.title.asc())
    const page = await query.page({ size: 2 })
    expect(page.rows).toEqual([{ id: 2 }, { id: 3 }])
    const client = await at.pool.connect()
    try {
      await client.query(
        `BEGIN; INSERT INTO interview VALUES (90, 'aaa', 'open', 1, NULL, 2), (91, 'e', 'open', 1, NULL, 2)`,
      )
      const next = await query.on(client).page({ size: 2, after: page.next })
      expect(next.rows).toEqual([{ id: 91 }, { id: 1 }])
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })

  it('J11: the filters may change under a cursor, the order may not', async () => {
    const { interview } = at.db.tables
    const q = at.db.from(interview).select({ id: interview.id })
    const [usual, unusual] = at.lacks('NULLs as largest') ? (['first', 'last'] as const) : (['last', 'first'] as const)
    const { next } = await q.orderBy(interview.title.asc()).page({ size: 1 })
    const filtered = q.orderBy(interview.title.asc()).where(interview.id.ne(3))
    expect((await filtered.page({ size: 1, after: next })).rows).toEqual([{ id: 1 }])
    for (const other of [
      q.orderBy(interview.title.desc()),
      q.orderBy(interview.title.asc({ nulls: unusual })),
      q.orderBy(interview.budget.asc()),
      q.orderBy(interview.title.asc(), interview.budget.asc()),
      q,
    ]) {
      await expectRefusal(() => other.page({ size: 1, after: next }), 'CURSOR_INVALID', /another order/)
    }
    const renamed = q.orderBy(interview.title.asc({ nulls: usual }))
    expect((await renamed.page({ size: 1, after: next })).rows).toEqual([{ id: 3 }])
  })

  it('rows, next and previous at both ends', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    const one = await query.page({ size: 4 })
    expect([one.rows.length, one.next, one.previous]).toEqual([4, null, null])
    const begin = await query.page({ size: 3 })
    expect(begin.previous).toBeNull()
    const end = await query.page({ size: 3, after: begin.next })
    expect([end.rows, end.next]).toEqual([[{ id: 4 }], null])
    expect((await query.page({ size: 9, before: end.previous })).rows).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    const empty = await query.where(interview.id.lt(0)).page({ size: 3 })
    expect(empty).toEqual({ rows: [], next: null, previous: null })
    expect((await query.page({ size: 2, after: undefined, before: null })).rows).toHaveLength(2)
  })

  it('page and count come from one definition', async () => {
    const { interview } = at.db.tables
    const who = param<string>('who')
    const a = some(interview.evaluations)
    const query = at.db.from(interview).where(a.user.username.eq(who)).orderBy(interview.id.asc())
    expect(await query.count(who.is('ada'))).toBe(2)
    expect((await query.page({ size: 10 }, who.is('ada'))).rows).toHaveLength(2)
  })

  it('what cannot be paged is refused with the reason', async () => {
    const { interview, interviewSummary, evaluation } = at.db.tables
    for (const [query, why] of [
      [at.db.from(interview).distinct(), /DISTINCT/],
      [at.db.from(interview).distinctOn(interview.ownerId), /DISTINCT/],
      [at.db.from(interview).select({ id: interview.id }).groupBy(interview.id), /grouped/],
      [at.db.from(interviewSummary), /no unique key/],
      [at.db.from(cte('c', at.db.from(interview).select({ id: interview.id }))), /no unique key/],
    ] as const) {
      await expectRefusal(() => query.page({ size: 1 }), 'PAGE_KEY', why)
    }
    const grouped = derived(
      'grouped',
      at.db.from(evaluation).select({ user: evaluation.userId, n: count() }).groupBy(evaluation.userId),
    )
    const paged = at.db.from(grouped).orderBy(grouped.n.asc())
    const { forth } = await walk(request => paged.page(request), 2)
    expect(forth.map(row => row.user)).toEqual([1, 2, 3])
  })

  it('a size that is none, and both cursors, are refused', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview)
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
      await expectRefusal(() => query.page({ size }), 'QUERY_INVALID', /size/)
    }
    await expectRefusal(() => query.page(undefined as never), 'QUERY_INVALID', /size/)
    const { next } = await query.page({ size: 1 })
    await expectRefusal(
      () => query.page({ size: 1, after: next, before: next }),
      'QUERY_INVALID',
      /both after and before/,
    )
  })

  it('the limit and offset of the query itself do not bear on its pages', async () => {
    const { interview } = at.db.tables
    const query = at.db.from(interview).orderBy(interview.id.asc()).limit(1).offset(3)
    expect((await query.page({ size: 3 })).rows).toHaveLength(3)
  })

  it('a page of an inner join', async () => {
    const { interview } = at.db.tables
    const e = inner(interview.evaluations, each => each.rating.gt(3))
    const query = at.db.from(interview).expand(e).select({ e: e.id }).orderBy(e.rating.desc())
    const { forth, back } = await walk(request => query.page(request), 2)
    expect(forth.map(row => row.e)).toEqual([1n, 4n, 9007199254740993n, 3n])
    expect(back).toEqual(forth)
  })

  it('pages over expressions whose type the server knows better than what is said of them', async () => {
    const { interview: i } = at.db.tables
    const keys: readonly Expr<unknown>[] = [
      i.id.times(value(0.3)),
      cast(i.id, float4).dividedBy(value(3)),
      cast(i.id, float4).times(cast(value(0.1), float8)),
      sql`${i.id} * 0.1`,
      sql<number>(int4)`${i.id} / 3.0`,
      fn<number>('sqrt', int4, i.id),
    ]
    for (const key of keys) {
      const query = at.db.from(i).select({ id: i.id }).orderBy(key.desc())
      const rows = await query.all()
      for (const size of [1, 2, 3]) {
        const { forth, back } = await walk(request => query.page(request), size)
        expect([forth, back]).toEqual([rows, rows])
      }
    }
  })
})
