import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withAmbient } from '../../src/hosts/ambient.js'
import { pillionAdapter, prismaHost } from '../../src/hosts/prisma.js'
import type { WireResult } from '../../src/run/host.js'
import { type DerivedHandle, type Handle, type Kind, pillion, sql } from 'pillion'
import { refusal } from '../query/refusal.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from './prisma-client.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { prisma as prismaFixture, prismaOn, prismaOnSqlite } from './fixtures/prisma.js'
import { wireOf } from './wire.js'

let generated: GeneratedPrisma
let generatedForSqlite: GeneratedPrisma
beforeAll(async () => {
  generated = await generatePrisma()
  generatedForSqlite = await generatePrisma('sqlite')
})
afterAll(async () => {
  await generated.remove()
  await generatedForSqlite.remove()
})

conforms(
  prismaFixture(() => generated),
  onPg,
  ['@prisma/client', '@prisma/adapter-pg'],
)
conforms(
  prismaOnSqlite(() => generatedForSqlite),
  onSqlite,
  ['@prisma/client', '@prisma/adapter-better-sqlite3'],
)

describe('Prisma alone', () => {
  const bodies = statement('select body from note order by id')
  const pid = statement('select pg_backend_pid()')
  let database: Awaited<ReturnType<typeof createDatabase>>
  let pool: pg.Pool
  let prisma: Prisma
  beforeAll(async () => {
    database = await createDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 5 })
    pool.on('error', () => {})
    prisma = prismaOn(pool, generated)
    await pool.query('create table note (id int generated always as identity primary key, body text not null)')
  })
  afterAll(async () => {
    await prisma.$disconnect()
    await pool.end()
    await database.drop()
  })
  const rollback = new Error('rollback')

  test('its own queries pass through the wrapped adapter', async () => {
    await prisma
      .$transaction(async tx => {
        await tx.note.create({ data: { body: 'mine' } })
        expect(await tx.note.findMany()).toMatchObject([{ body: 'mine' }])
        throw rollback
      })
      .catch(error => expect(error).toBe(rollback))
    expect(await prisma.note.findMany()).toEqual([])
  })

  test('a transaction that timed out gets not one more statement', async () => {
    const wire = wireOf(pool)
    for (const client of (pool as unknown as { _clients: object[] })._clients) wire.tap(client)
    const host = prismaHost(prisma)
    let late: string | undefined
    const timedOut = prisma.$transaction(
      async tx => {
        const inTime = await host.run(tx, pid, {})
        expect(inTime.rows).toHaveLength(1)
        // Ours fills the time: when it is done Prisma's ROLLBACK is next in line.
        const slow = host.run(tx, statement('select pg_sleep(0.4)'), {})
        const waiting = codeOf(host.run(tx, statement('select 5'), {}))
        await slow
        late = await waiting
        wire.clear()
        expect(await codeOf(host.run(tx, statement('select 6'), {}))).toBe('TRANSACTION_FINISHED')
      },
      { timeout: 100, maxWait: 20_000 },
    )
    await expect(timedOut).rejects.toMatchObject({ code: 'P2028' })
    expect(late).toBe('TRANSACTION_FINISHED')
    expect(wire.texts.filter(text => /select [56]/.test(text))).toEqual([])
  })

  test('a nested transaction that is over is refused though its connection is still in one', async () => {
    const host = prismaHost(prisma)
    await prisma.$transaction(async tx => {
      let kept: Prisma | undefined
      await tx.$transaction(async inner => {
        kept = inner
        expect(await codeOf(host.run(inner, pid, {}))).toBe('fulfilled')
      })
      expect(await codeOf(host.run(kept, pid, {}))).toBe('TRANSACTION_FINISHED')
      expect(await codeOf(host.run(tx, pid, {}))).toBe('fulfilled')
    })
  })

  test('a stream left open does not keep Prisma from ending a transaction', async () => {
    const host = prismaHost(prisma)
    const stream = host.stream(undefined, statement('select 1'), { batch: 1 })
    for await (const rows of stream) expect(rows).toEqual([['1']])
    const open = await prisma.$transaction(async tx => {
      const rows = host
        .stream(tx, statement('select generate_series(1, 100000)'), { batch: 10 })
        [Symbol.asyncIterator]()
      await rows.next()
      return rows
    })
    expect(await codeOf(open.next())).toBe('TRANSACTION_FINISHED')
    expect(pool.idleCount).toBe(pool.totalCount)
  })

  describe('the array form', () => {
    const count = statement('select count(*) from note')
    const first = async (asked: Promise<WireResult>): Promise<unknown> => (await asked).rows[0]?.[0]

    test('runs ours in its place, in the transaction of the array', async () => {
      const host = prismaHost(prisma)
      const results = await prisma.$transaction([
        host.promise(undefined, count, {}, first),
        prisma.note.create({ data: { body: 'array' } }),
        host.promise(undefined, count, {}, first),
        host.promise(undefined, bodies, {}, async asked => (await asked).rows),
      ])
      expect(results).toMatchObject(['0', { body: 'array' }, '1', [['array']]])
      await pool.query('delete from note')
    })

    test('rolls back with the array, whoever fails', async () => {
      const host = prismaHost(prisma)
      const failing = prisma.$transaction([
        prisma.note.create({ data: { body: 'lost' } }),
        host.promise(undefined, statement('select * from missing'), {}, first),
      ])
      expect(await codeOf(failing)).toBe('STATEMENT_FAILED')
      const theirs = prisma.$transaction([
        prisma.note.create({ data: { body: 'lost' } }),
        host.promise(undefined, bodies, {}, first),
        prisma.$executeRawUnsafe('select * from missing'),
      ])
      await expect(theirs).rejects.toMatchObject({ code: 'P2010' })
      expect(await prisma.note.findMany()).toEqual([])
    })

    test('names the line that asked for what failed in the server, and its statement', async () => {
      const db = await pillion<{ note: DerivedHandle<{ id: number; body: string }> }>(prismaHost(prisma), {
        origins: 'call',
      })
      const failing = db.from(db.tables.note).select({ x: sql`nonesuch()` })
      const here = () => /prisma\.test\.ts:\d+:/.exec(new Error().stack?.split('\n')[2] ?? '')?.[0]
      const [asked, line] = [failing.inBatch(), here()]
      const error = await refusal(() => prisma.$transaction([asked]))
      expect(error.code).toBe('STATEMENT_FAILED')
      expect(error.origin).toContain(line)
      expect(error.sql).toContain('nonesuch()')
    })

    test('begins nothing until it is wanted, and is a promise by itself', async () => {
      const wire = wireOf(pool)
      for (const client of (pool as unknown as { _clients: object[] })._clients) wire.tap(client)
      const promise = prismaHost(prisma).promise(undefined, statement('select 7'), {}, first)
      await prisma.$queryRawUnsafe('select 8')
      expect(wire.texts).not.toContain('select 7')
      expect(await promise).toBe('7')
      expect(await promise).toBe('7')
      expect(wire.texts.filter(text => text === 'select 7')).toHaveLength(1)
      expect(await promise.finally(() => {})).toBe('7')
    })

    test('is by itself in the ambient transaction, and in an array in that of the array', async () => {
      const work = prisma.$transaction(async tx => {
        await tx.note.create({ data: { body: 'ambient' } })
        const host = withAmbient(prismaHost(prisma), () => tx)
        expect(await host.promise(undefined, count, {}, first)).toBe('1')
        expect(await prisma.$transaction([host.promise(undefined, count, {}, first)])).toEqual(['0'])
        throw rollback
      })
      await expect(work).rejects.toBe(rollback)
    })
  })

  test('what may be of an array is by itself in the ambient transaction of where it is asked for, wherever it is awaited', async () => {
    const current = new AsyncLocalStorage<object>()
    const host = withAmbient(prismaHost(prisma), () => current.getStore())
    const db = await pillion<{ note: Handle<Kind, never, 'joined'> }>(host)
    const work = prisma.$transaction(async tx => {
      await tx.note.create({ data: { body: 'ambient' } })
      const asked = (): { rows: PromiseLike<unknown[]> } => ({ rows: db.from(db.tables.note).inBatch() })
      const [inside, outside] = [current.run(tx, asked), asked()]
      expect(await inside.rows).toHaveLength(1)
      expect(await current.run(tx, async () => outside.rows)).toEqual([])
      throw rollback
    })
    await expect(work).rejects.toBe(rollback)
  })

  describe('an extended client', () => {
    /** Row security as it is usually done: each query in a batch after `set_config`. */
    const forTenant = (tenant: string): Prisma =>
      prisma.$extends({
        query: {
          async $allOperations({ args, query }: { args: unknown; query: (args: unknown) => PromiseLike<unknown> }) {
            const [, result] = await prisma.$transaction([
              prisma.$executeRawUnsafe(`select set_config('app.tenant', '${tenant}', true)`),
              query(args),
            ])
            return result
          },
        },
      })
    const tenant = statement(`select current_setting('app.tenant', true)`)

    test('lends ours its session context, as the host and as the target', async () => {
      expect((await prismaHost(forTenant('a')).run(undefined, tenant, {})).rows).toEqual([['a']])
      expect((await prismaHost(prisma).run(forTenant('b'), tenant, {})).rows).toEqual([['b']])
      expect((await prismaHost(prisma).run(undefined, tenant, {})).rows).not.toEqual([['a']])
    })

    test('that is for models alone, or whose query leaves its own transaction, is to ours as to raw queries', async () => {
      const row = (client: Prisma) => client.$queryRawUnsafe(`select current_setting('app.tenant', true)`)
      type Operation = { args: unknown; operation: '$queryRawUnsafe'; query: (args: unknown) => PromiseLike<unknown> }
      const set = (client: Prisma) => client.$executeRawUnsafe(`select set_config('app.tenant', 'x', true)`)
      const inOwn = (ask: (tx: Prisma, operation: Operation) => PromiseLike<unknown>) => ({
        $allOperations: (operation: Operation) =>
          prisma.$transaction(async tx => {
            await set(tx)
            return ask(tx, operation)
          }),
      })
      const asked = inOwn((tx, { operation, args }) => tx[operation](...(args as [string])))
      const left = inOwn((_, { query, args }) => query(args))
      for (const [query, tenants] of [
        [asked, ['x']],
        [left, [null, '']],
        [{ $allModels: asked }, [null, '']],
      ] as const) {
        const client = prisma.$extends({ query })
        const ours = (await prismaHost(client).run(undefined, tenant, {})).rows[0]?.[0]
        expect(tenants).toContain(ours)
        expect(tenants).toContain(((await row(client)) as { current_setting: string | null }[])[0]?.current_setting)
      }
    })

    test('keeps ours in its transaction', async () => {
      const extended = prisma.$extends({ name: 'nothing' }).$extends({ model: { note: { nothing() {} } } })
      for (const host of [prismaHost(prisma), prismaHost(extended)]) {
        await extended
          .$transaction(async tx => {
            await tx.note.create({ data: { body: 'extended' } })
            expect((await host.run(tx, bodies, {})).rows).toEqual([['extended']])
            await tx.$transaction(async inner => {
              expect((await host.run(inner, bodies, {})).rows).toEqual([['extended']])
            })
            throw rollback
          })
          .catch(error => expect(error).toBe(rollback))
      }
    })

    test('that takes queries out of their transaction is refused', async () => {
      const aside = prisma.$extends({
        query: {
          $queryRawUnsafe: ({ args }: { args: [string, ...unknown[]] }) => prisma.$queryRawUnsafe(...args),
        },
      })
      for (const escaping of [forTenant('c'), aside]) {
        const outside = await escaping.$transaction(async tx => {
          const host = prismaHost(escaping)
          expect(await codeOf(host.run(tx, pid, {}))).toBe('TRANSACTION_FOREIGN')
          return host.run(undefined, pid, {})
        })
        expect(outside.rows).toHaveLength(1)
      }
    })
  })

  test('a client without the wrapped adapter is told how to have it', async () => {
    const bare = new generated.PrismaClient({ adapter: new PrismaPg(pool) })
    await expect(prismaHost(bare).run(undefined, pid, {})).rejects.toThrow(/HOST_SHAPE.*\n.*pillionAdapter/)
    await bare.$disconnect()
  })

  test('an adapter that stores moments as milliseconds is ridden on by a host that was told, and no other', async () => {
    const factory = new PrismaBetterSqlite3({ url: ':memory:' }, { timestampFormat: 'unixepoch-ms' })
    const client: Prisma = new generatedForSqlite.PrismaClient({ adapter: pillionAdapter(factory) })
    await client.$executeRawUnsafe('create table visit (id integer primary key, at datetime)')
    const moment = new Date('2026-01-01T00:00:00.123Z')
    // as its own queries would store it
    await client.$queryRawUnsafe('insert into visit (at) values (?) returning id', moment)
    const rows = 'select * from visit where at = 1767225600123'
    expect((await client.$queryRawUnsafe(rows)) as unknown[]).toHaveLength(1)
    await expect(pillion(prismaHost(client))).rejects.toThrow(/HOST_SHAPE.*milliseconds[^]*dates: 'epoch-ms'/)
    await client.$transaction(async tx => {
      expect(await codeOf(prismaHost(client).run(tx, statement('select 1'), {}))).toBe('HOST_SHAPE')
    })
    const db = await pillion(prismaHost(client, { dates: 'epoch-ms' }))
    const { visit } = db.tables as unknown as { visit: DerivedHandle<{ at: Date }> }
    expect(await db.from(visit).where(visit.at.eq(moment)).count()).toBe(1)
    await client.$disconnect()
  })

  test('what is no client or adapter of Prisma is refused', () => {
    expect(() => prismaHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => prismaHost({ $queryRawUnsafe: async () => [] })).toThrow(/HOST_SHAPE.*\n.*Prisma 7/)
    expect(() => pillionAdapter({ provider: 'sqlserver', connect: async () => ({}) })).toThrow('HOST_SHAPE')
  })
})
