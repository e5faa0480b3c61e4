import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PoolClient } from 'pg'
import {
  alias,
  arrayOf,
  cast,
  cte,
  type Database,
  derived,
  from,
  int4,
  isPillionError,
  left,
  param,
  pillion,
  sql,
  tables,
  text,
  value,
  values,
} from 'pillion'
import { pgHost } from 'pillion/pg'
import { seal } from '../../src/compile/page.js'
import { expectRefusal, refusal, shown } from '../query/refusal.js'
import { type TappedWire, wireOf } from '../hosts/wire.js'
import type { DB } from '../support/interviews.gen.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let at: Interviews
let wire: TappedWire
let counters: readonly number[]
beforeAll(async () => {
  at = await openInterviews()
  wire = wireOf()
  // one connection, so that the wire is that of every statement
  const client = await at.pool.connect()
  wire.tap(client)
  client.release()
})
afterAll(() => at.close())

const counted = () => [at.pool.totalCount, at.pool.idleCount, at.pool.waitingCount]
beforeEach(() => {
  wire.clear()
  counters = counted()
})

// whatever went wrong, no connection is out and the next query runs
afterEach(async () => {
  expect(at.pool.idleCount).toBe(at.pool.totalCount)
  expect(at.pool.waitingCount).toBe(0)
  const { tag } = at.db.tables
  expect(await at.db.from(tag).count()).toBe(2)
})

/** Refused before anything was sent, with the pool as it was. */
async function refusedUnsent(
  attempt: () => unknown,
  ...expected: [code: Parameters<typeof expectRefusal>[1], message?: RegExp]
) {
  wire.clear()
  const error = await expectRefusal(attempt, ...expected)
  expect(wire.texts).toEqual([])
  expect(counted()).toEqual(counters)
  return error
}

/** The same in a transaction, which stays usable. */
async function inTransaction(attempt: (client: PoolClient) => Promise<void>) {
  const client = await at.pool.connect()
  try {
    await client.query('BEGIN')
    await attempt(client)
    const { tag } = at.db.tables
    expect(await at.db.on(client).from(tag).count()).toBe(2)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

it('parameters unbound, bound twice, or of another type', async () => {
  const { interview } = at.db.tables
  const me = param<number>('me')
  const query = at.db.from(interview).where(interview.ownerId.eq(me))
  const attempts = (q: typeof query) =>
    [
      [() => q.all(), 'PARAM_UNBOUND'],
      [() => q.all(me.is(70_001), me.is(70_002)), 'PARAM_CONFLICT'],
      [() => q.all(me.is('seventy-thousand' as never)), 'VALUE_TYPE'],
      [() => q.all(me.is(Number.NaN)), 'VALUE_TYPE'],
      [() => q.all(me.is(2 ** 31)), 'VALUE_TYPE'],
      [() => q.all(me.is([70_001] as never)), 'VALUE_TYPE'],
    ] as const
  for (const [attempt, code] of attempts(query)) {
    const error = await refusedUnsent(attempt, code, /me/)
    expect(shown(error)).not.toMatch(/7000\d|seventy-thousand|2147483648/)
  }
  await inTransaction(async client => {
    for (const [attempt, code] of attempts(query.on(client))) expect((await refusal(attempt)).code).toBe(code)
  })
})

it('a handle from another root', async () => {
  const { interview } = at.db.tables
  const other = alias(interview)
  const query = at.db.from(interview).select({ id: other.id })
  await refusedUnsent(() => query.all(), 'HANDLE_UNOWNED')
  await inTransaction(async client => {
    await expectRefusal(() => query.on(client).all(), 'HANDLE_UNOWNED')
  })
})

it('values that are not of the type of what they meet, wherever they stand', async () => {
  const { interview, evaluation } = at.db.tables
  const secret = 'tell-nobody'
  const attempts: (() => unknown)[] = [
    () => interview.id.eq(secret as never),
    () => interview.id.eq(1.5),
    () => interview.id.eq(Number.NaN),
    () => interview.id.eq(2 ** 31),
    () => interview.id.eq(Number.POSITIVE_INFINITY),
    () => interview.id.eq(true as never),
    () => interview.id.eq({} as never),
    () => interview.id.eq([1] as never),
    () => interview.id.eq(new Date() as never),
    () => interview.id.eq(Symbol('x') as never),
    () => interview.id.eq((() => 1) as never),
    () => interview.id.in([1, secret as never]),
    () => interview.id.in(secret as never),
    () => interview.id.notIn([1.5]),
    () => interview.id.between(1, secret as never),
    () => interview.id.between(secret as never, 1),
    () => interview.createdAt.gt(new Date(Number.NaN)),
    () => interview.createdAt.gt(secret as never),
    () => interview.title.eq(7 as never),
    () => interview.title.eq('a\0b'),
    () => interview.title.eq('\ud800'),
    () => interview.title.in(['fine', '\udfff']),
    () => interview.title.like('a\0%'),
    () => interview.status.eq('nonesuch' as never),
    () => interview.budget.eq('not a number'),
    () => evaluation.id.eq(2n ** 63n),
    () => evaluation.id.eq('1' as never),
    () => value(secret as never, int4),
    () => value([1, secret], arrayOf(int4)),
    () => values<{ id: number }>('v', { id: int4 }, [{ id: secret as never }]),
    () => values<{ id: number }>('v', { id: int4 }, [{ id: 1 }, { id: 1.5 }]),
    () => cast(interview.id, text).eq(1 as never),
  ]
  for (const attempt of attempts) {
    const error = await refusedUnsent(attempt, 'VALUE_TYPE').catch(failure => {
      throw new Error(String(attempt), { cause: failure })
    })
    expect(shown(error).replaceAll(/\(.*:\d+:\d+\)/g, '')).not.toContain(secret)
  }
})

it('the same places with values of the right type', async () => {
  const { interview, evaluation } = at.db.tables
  const q = at.db.from(interview)
  for (const condition of [
    interview.id.eq(2 ** 31 - 1),
    interview.id.in([1, 2]),
    interview.id.between(-(2 ** 31), 0),
    interview.createdAt.gt(new Date(0)),
    interview.title.eq('💥 ok'),
    interview.status.eq('open'),
    interview.budget.eq('1000.50'),
    interview.heldOn.eq('2026-02-01'),
    interview.id.in(
      at.db
        .from(evaluation)
        .where(evaluation.id.lt(2n ** 63n - 1n))
        .select({ id: evaluation.interviewId }),
    ),
  ]) {
    await q.where(condition).all()
  }
})

it('null and undefined beside an operator, with the way to say it', async () => {
  const { interview } = at.db.tables
  for (const attempt of [
    () => interview.leadId.eq(null as never),
    () => interview.leadId.eq(undefined as never),
    () => interview.leadId.gt(null as never),
    () => interview.leadId.in(undefined as never),
    () => interview.leadId.between(1, null as never),
  ]) {
    const error = await refusedUnsent(attempt, 'QUERY_INVALID')
    expect(error.hint).toMatch(/isNull/)
  }
  expect(await at.db.from(interview).where(interview.leadId.isNull()).count()).toBe(2)
})

it('things that are no expressions, handles, orders or selections', async () => {
  const { interview } = at.db.tables
  const q = at.db.from(interview)
  const wrong = [undefined, null, 1, 'title', true, {}, [], () => 1, Symbol('x'), new Date()] as never[]
  for (const each of wrong) {
    await refusedUnsent(() => q.where(each), 'QUERY_INVALID')
    await refusedUnsent(() => q.orderBy(each), 'QUERY_INVALID')
    await refusedUnsent(() => q.having(each), 'QUERY_INVALID')
    await refusedUnsent(() => q.expand(each), 'QUERY_INVALID')
    await refusedUnsent(() => q.require(each), 'QUERY_INVALID')
    await refusedUnsent(() => at.db.from(each), 'QUERY_INVALID')
    await refusedUnsent(() => left(each), 'QUERY_INVALID')
  }
  for (const each of wrong.filter(given => typeof given !== 'object' || given === null || Array.isArray(given))) {
    await refusedUnsent(() => q.select({ each }), 'QUERY_INVALID', /each cannot be selected/)
  }
})

it('limits and offsets that are no whole number from 0', async () => {
  const { interview } = at.db.tables
  const q = at.db.from(interview)
  for (const rows of [
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '5' as never,
    null as never,
    undefined as never,
  ]) {
    await refusedUnsent(() => q.limit(rows), 'QUERY_INVALID', /limit/)
    await refusedUnsent(() => q.offset(rows), 'QUERY_INVALID', /offset/)
  }
  const n = param<number>('n')
  await refusedUnsent(() => q.limit(n).all(n.is(1.5)), 'VALUE_TYPE', /n/)
  expect(await q.limit(0).all()).toEqual([])
})

it('names longer than the server keeps', async () => {
  const { interview } = at.db.tables
  const body = at.db.from(interview).select({ id: interview.id })
  await refusedUnsent(() => alias(interview, 'a'.repeat(70)), 'QUERY_INVALID')
  await refusedUnsent(() => cte('c'.repeat(70), body), 'QUERY_INVALID')
  await refusedUnsent(() => derived('d'.repeat(70), body), 'QUERY_INVALID')
})

it('cursors from another order, and damaged ones of every kind', async () => {
  const { interview } = at.db.tables
  const query = at.db
    .from(interview)
    .select({ id: interview.id })
    .orderBy(interview.budget.desc(), interview.title.asc())
  const { next } = await query.page({ size: 2 })
  const cursor = next as string
  wire.clear()
  await refusedUnsent(() => query.reorder(interview.id.asc()).page({ size: 2, after: cursor }), 'CURSOR_INVALID')
  const encode = (each: unknown) => Buffer.from(JSON.stringify(each)).toString('base64url')
  const [mark, sealed, ...keys] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as (string | null)[]
  for (const damaged of [
    '',
    ' ',
    'null',
    '....',
    cursor.slice(1),
    cursor.slice(0, -4),
    `${cursor}AAAA`,
    encode(null),
    encode({}),
    encode([]),
    encode([mark]),
    encode([mark, sealed]),
    ...[
      [...keys, 'more'],
      keys.slice(1),
      keys.map(() => 1),
      keys.map(() => ({})),
      [keys[0], keys[1], null],
      [keys[0], null, keys[2]],
    ].flatMap(edited => [encode([mark, sealed, ...edited]), encode([mark, seal(edited as string[]), ...edited])]),
    encode(['other', sealed, ...keys]),
    encode([mark, sealed, '9', ...keys.slice(1)]),
    7 as never,
    {} as never,
    [] as never,
  ]) {
    for (const request of [{ after: damaged }, { before: damaged }]) {
      await refusedUnsent(() => query.page({ size: 2, ...request }), 'CURSOR_INVALID').catch(failure => {
        throw new Error(JSON.stringify(damaged), { cause: failure })
      })
    }
  }
})

it('cursors whose keys were forged, and their seal reckoned: an error of pillion’s or a page, and never a value in it', async () => {
  const { interview } = at.db.tables
  const query = at.db
    .from(interview)
    .select({ id: interview.id })
    .orderBy(interview.budget.desc(), interview.createdAt.asc())
  const { next } = await query.page({ size: 1 })
  const [mark, sealed, ...keys] = JSON.parse(Buffer.from(next as string, 'base64url').toString()) as (string | null)[]
  expect(sealed).toBe(seal(keys))
  const forged = [
    'x',
    '',
    'NaN',
    'infinity',
    "' OR 1=1 --",
    '9'.repeat(400),
    '2026-01-01',
    '-1',
    '\ud800',
    'a\0b',
    '1e5000',
  ]
  for (let place = 0; place < keys.length; place++) {
    for (const value of forged) {
      const edited = keys.with(place, value)
      const after = Buffer.from(JSON.stringify([mark, seal(edited), ...edited])).toString('base64url')
      try {
        await query.page({ size: 1, after })
      } catch (error) {
        if (!isPillionError(error)) throw error
        expect(['CURSOR_INVALID', 'STATEMENT_FAILED', 'VALUE_TYPE']).toContain(error.code)
        if (value.length > 2) expect(shown(error)).not.toContain(value)
      }
    }
  }
})

it('raw SQL that is not one SELECT, or is given what is no plain value', async () => {
  const { interview } = at.db.tables
  const secret = 'tell-nobody'
  for (const attempt of [
    () => at.db.sql`select 1; select 2`.all(),
    () => at.db.sql`insert into tag values (3, ${secret})`.all(),
    () => at.db.sql`with d as (delete from tag returning *) select * from d`.all(),
    () => at.db.sql`update tag set label = ${secret}`.all(),
    () => at.db.sql`select * from tag for update`.all(),
    () => at.db.sql`select * into other from tag`.all(),
    () => at.db.sql`copy tag to stdout`.all(),
    () => at.db.sql``.all(),
  ]) {
    const error = await refusedUnsent(attempt, 'SQL_NOT_SELECT')
    expect(shown(error)).not.toContain(secret)
  }
  for (const given of [interview, interview.id, { secret }, undefined, Symbol('x'), () => 1] as never[]) {
    const error = await refusedUnsent(() => at.db.sql`select ${given}`.all(), 'QUERY_INVALID')
    expect(shown(error)).not.toContain(secret)
  }
  for (const given of ['a\0b', '\ud800', new Date(Number.NaN), 2n ** 70n, [1, 'x'], ['a\0b']] as never[]) {
    await refusedUnsent(() => at.db.sql`select ${given}::text`.all(), 'VALUE_TYPE').catch(failure => {
      throw new Error(`given a ${typeof given}`, { cause: failure })
    })
  }
  expect(await at.db.sql`select ${[1, 2.5, null]}::float8[] as a, ${[]}::int[] as b`.all()).toEqual([
    { a: [1, 2.5, null], b: [] },
  ])
  expect(await at.db.sql`select ${'plain'}::text as t, ${null}::int as n, ${[1, 2]}::int[] as a`.all()).toEqual([
    { t: 'plain', n: null, a: [1, 2] },
  ])
})

it('a fragment given a plain value', async () => {
  const secret = 'tell-nobody'
  const error = await refusedUnsent(() => sql`lower(${secret as never})`, 'QUERY_INVALID', /fragment/)
  expect(shown(error)).not.toContain(secret)
})

it('one() of none and of many', async () => {
  const { interview } = at.db.tables
  const q = at.db.from(interview).select({ id: interview.id })
  await expectRefusal(() => q.where(interview.id.eq(99)).one(), 'NO_ROW')
  await expectRefusal(() => q.one(), 'MANY_ROWS')
  expect(await q.where(interview.id.eq(2)).one()).toEqual({ id: 2 })
})

it('what the server refuses: the SQLSTATE, the SQL and the cause, and no value', async () => {
  const { interview } = at.db.tables
  const attempts: readonly [string, () => unknown][] = [
    [
      '22012',
      () =>
        at.db
          .from(interview)
          .select({ x: interview.id.dividedBy(0) })
          .all(),
    ],
    [
      '22P02',
      () =>
        at.db
          .from(interview)
          .where(sql(int4)`${value('tell-nobody')}::text::int`.eq(1))
          .all(),
    ],
    [
      '22003',
      () =>
        at.db
          .from(interview)
          .select({ x: interview.id.times(2_000_000_011) })
          .all(),
    ],
    [
      '42883',
      () =>
        at.db
          .from(interview)
          .select({ x: sql`nonesuch(${value('tell-nobody')})` })
          .all(),
    ],
    ['22008', () => at.db.from(interview).where(interview.heldOn.eq('2026-13-45')).all()],
    ['2201B', () => at.db.from(interview).where(interview.title.matches('tell-nobody(')).all()],
  ]
  for (const [state, attempt] of attempts) {
    const error = await refusal(attempt)
    expect(error.code).toBe('STATEMENT_FAILED')
    expect(error.message).toContain(`SQLSTATE ${state}`)
    expect(error.sql).toContain('SELECT')
    expect(error.origin).toMatch(/\/test\/.*\.ts:\d+/)
    expect((error.cause as { code: string }).code).toBe(state)
    expect(shown(error)).not.toMatch(/tell-nobody|2000000011|2026-13-45/)
    expect(counted()).toEqual(counters)
  }
})

it('R7: a failing statement aborts the transaction, unless a savepoint isolates it', async () => {
  const { tag } = at.db.tables
  const failing = at.db.from(tag).select({ x: tag.id.dividedBy(0) })
  const client = await at.pool.connect()
  try {
    await client.query('BEGIN')
    expect((await refusal(() => failing.on(client).all({ savepoint: true }))).code).toBe('STATEMENT_FAILED')
    expect(await at.db.on(client).from(tag).count()).toBe(2)
    expect((await refusal(() => failing.on(client).all())).code).toBe('STATEMENT_FAILED')
    const after = await expectRefusal(() => at.db.on(client).from(tag).count(), 'STATEMENT_FAILED', /25P02/)
    expect(after.hint).toContain('savepoint')
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
})

it('R3: a transaction that has ended gets not one statement more', async () => {
  const { tag } = at.db.tables
  const client = await at.pool.connect()
  await client.query('BEGIN')
  const query = at.db.from(tag).on(client)
  expect(await query.all()).toHaveLength(2)
  await client.query('COMMIT')
  await refusedUnsentOn(client, () => query.all())
  client.release()
  await refusedUnsentOn(client, () => query.all())

  async function refusedUnsentOn(tapped: PoolClient, attempt: () => unknown) {
    wire.tap(tapped)
    wire.clear()
    const error = await refusal(attempt)
    expect(error.code).toBe('TRANSACTION_FINISHED')
    expect(error.origin).toMatch(/\/test\/.*\.ts:\d+/)
    expect(wire.texts).toEqual([])
  }
})

it('a target that is no transaction', async () => {
  const { tag } = at.db.tables
  for (const target of [{}, 7, 'tx', null, [], () => 1]) {
    expect((await refusal(() => at.db.from(tag).on(target).all())).code).toBe('HOST_UNKNOWN')
  }
})

it('a connection lost under the statement, and the pool goes on', async () => {
  const pool = at.pool
  const { generateSeries } = await import('pillion')
  const slow = generateSeries('slow', 1, 1)
  const app = `lost-${process.pid}`
  const running = at.db
    .from(slow)
    .select({ x: sql`set_config('application_name', ${value(app)}, false) || pg_sleep(20)` })
    .all()
  const found = refusal(() => running)
  let killed = 0
  while (killed === 0) {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
    )
    killed = rowCount ?? 0
  }
  const error = await found
  expect(error.code).toBe('CONNECTION_LOST')
  expect(shown(error)).not.toContain(app)
})

it('an abort before and while it runs, and a timeout', async () => {
  const { tag } = at.db.tables
  const slow = at.db.from(tag).select({ x: sql`pg_sleep(20)` })
  const aborted = AbortSignal.abort('enough')
  wire.clear()
  const before = await refusal(() => slow.all({ signal: aborted }))
  expect(before.code).toBe('CANCELLED')
  expect(wire.texts).toEqual([])
  expect(before.cause).toBe('enough')

  const controller = new AbortController()
  const running = refusal(() => slow.all({ signal: controller.signal }))
  for (let seen = 0; seen === 0; ) {
    const { rows } = await at.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
    )
    seen = rows[0]?.n ?? 0
  }
  controller.abort()
  expect((await running).code).toBe('CANCELLED')
  expect((await refusal(() => slow.all({ timeout: 50 }))).code).toBe('TIMED_OUT')
  for (const error of [await running]) expect(error.origin).toMatch(/\/test\/.*\.ts:\d+/)
})

it('a query of no database', async () => {
  const detached = from(at.db.tables.tag)
  for (const attempt of [
    () => detached.all(),
    () => detached.first(),
    () => detached.one(),
    () => detached.count(),
    () => detached.exists(),
    () => detached.page({ size: 1 }),
    () => detached.explain(),
    () => detached.stream(),
    () => detached.inBatch(),
    () => detached.on({}),
  ]) {
    await refusedUnsent(attempt, 'NOT_ATTACHED')
  }
  expect(await detached.on(at.db).all()).toHaveLength(2)
})

it('the host takes no array of statements', async () => {
  const { tag } = at.db.tables
  await refusedUnsent(() => at.db.from(tag).inBatch(), 'HOST_SHAPE')
})

it('a query made over a catalogue from which the database has drifted', async () => {
  const old = tables<DB>(at.db.catalog)
  const live = (change: string): Promise<Database<DB>> =>
    drifted(change, async catalogOf => pillion<DB>(pgHost(at.pool), { catalog: await catalogOf() }))
  const titles = from(old.interview).select({ title: old.interview.title })
  const leads = from(old.interview).select({ lead: old.interview.lead.username })

  const lost = await live('ALTER TABLE comment RENAME TO remark')
  const comments = from(old.evaluation).where(left(old.evaluation.comments, c => c.id.eq(1)).id.eq(1))
  await refusedUnsent(() => comments.on(lost).all(), 'TABLE_MISSING', /public\.comment/)
  await refusedUnsent(() => from(old.comment).on(lost).all(), 'TABLE_MISSING')
  expect(await titles.on(lost).all()).toHaveLength(4)

  const renamed = await live('DROP VIEW interview_summary; ALTER TABLE interview RENAME title TO name')
  await refusedUnsent(() => titles.on(renamed).all(), 'COLUMN_MISSING', /interview\.title/)
  expect(await titles.on(renamed).count()).toBe(4)
  expect(await leads.on(renamed).all()).toHaveLength(4)

  const retyped = await live(
    'DROP VIEW interview_summary; ALTER TABLE interview ALTER title TYPE varchar USING title, ALTER id TYPE bigint',
  )
  await refusedUnsent(
    () => from(old.interview).select({ id: old.interview.id }).on(retyped).all(),
    'SCHEMA_DRIFTED',
    /int8|bigint/,
  )

  const loosened = await live('ALTER TABLE "user" ALTER username DROP NOT NULL')
  await refusedUnsent(() => leads.on(loosened).all(), 'SCHEMA_DRIFTED', /username/)

  const same = await live('SELECT 1')
  expect(await leads.on(same).all()).toHaveLength(4)

  /** A catalogue of the database as it would be after a change, which is not kept. */
  async function drifted<T>(
    change: string,
    then: (catalog: () => Promise<Database<DB>['catalog']>) => Promise<T>,
  ): Promise<T> {
    const client = await at.pool.connect()
    try {
      await client.query(`BEGIN; ${change}`)
      return await then(async () => (await pillion<DB>(pgHost(client), { names: 'camel' })).catalog)
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  }
})

it('a table dropped since it was reflected: the server’s word for it, with the hint to reflect', async () => {
  await at.pool.query('CREATE TABLE short_lived (id int PRIMARY KEY, x int)')
  const db = await pillion<{ short_lived: DB['tag'] }>(pgHost(at.pool))
  const { short_lived: gone } = db.tables
  const query = db.from(gone).select({ id: gone.id })
  expect(await query.all()).toEqual([])
  await at.pool.query('ALTER TABLE short_lived ALTER id TYPE bigint')
  await at.pool.query('DROP TABLE short_lived')
  const error = await expectRefusal(() => query.all(), 'STATEMENT_FAILED', /42P01/)
  expect(error.hint).toMatch(/reflect/)
})

it('a list of none, of a thousand, and of sixteen hundred columns', async () => {
  const { interview } = at.db.tables
  const q = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
  expect(await q.where(interview.id.in([])).all()).toEqual([])
  expect(await q.where(interview.id.notIn([])).all()).toHaveLength(4)
  const thousand = Array.from({ length: 1000 }, (_, i) => i - 997)
  const query = q.where(interview.id.in(thousand))
  expect(await query.all()).toEqual([{ id: 1 }, { id: 2 }])
  expect(query.toSQL().values).toHaveLength(1)
  const wide = Object.fromEntries(Array.from({ length: 1600 }, (_, i) => [`c${i}`, interview.id.plus(i)]))
  const [row] = await q.select(wide).limit(1).all()
  expect(Object.values(row as Record<string, number>)).toEqual(Array.from({ length: 1600 }, (_, i) => i + 1))
  const tooWide = Object.fromEntries(Array.from({ length: 1665 }, (_, i) => [`c${i}`, interview.id]))
  expect((await refusal(() => q.select(tooWide).all())).code).toBe('STATEMENT_FAILED')
})
