/**
 * The faults that pillion is held to be without, seen in others: each test runs on a library of a pinned version first, where it
 * shows the fault, and then on pillion over the same host, where it must not.
 */
import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { defineConfig, MikroORM, type SqlEntityManager } from '@mikro-orm/postgresql'
import { sql as raw } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Client, Pool } from 'pg'
import { transactions } from 'pillion/transaction'
import { DataSource, type EntityManager } from 'typeorm'
import {
  addTransactionalDataSource,
  initializeTransactionalContext,
  Propagation,
  runInTransaction,
  StorageDriver,
} from 'typeorm-transactional'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase } from '../../../../test/support/postgres.js'
import { breakingProxy } from './breaking-proxy.js'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { meeting } from './suite.js'

let database: Awaited<ReturnType<typeof createDatabase>>
let observer: Client
beforeAll(async () => {
  database = await createDatabase()
  observer = new Client(database.url)
  await observer.connect()
  await observer.query('create table note (id int generated always as identity primary key, body text not null)')
})
afterAll(async () => {
  await observer.end()
  await database.drop()
})
afterEach(async () => void (await observer.query('delete from note')))

const bodies = async (): Promise<string[]> =>
  (await observer.query<{ body: string }>('select body from note order by body')).rows.map(row => row.body)

/** In which transaction of the server a row is written. */
const writing = (body: string): string => `insert into note (body) values ('${body}') returning xmin::text as xid`

const require = createRequire(import.meta.url)
const versionOf = (name: string): string => {
  const [path] = require.resolve.paths(name)!.flatMap(folder => {
    try {
      return [readFileSync(`${folder}/${name}/package.json`, 'utf8')]
    } catch {
      return []
    }
  })
  return (JSON.parse(path as string) as { version: string }).version
}

describe('two independent transactions by Promise.all, inside of a third', () => {
  type Write = (body: string) => Promise<string>
  /** In which transactions each branch wrote its first and its second row. */
  const branches = async (requiresNew: (work: (write: Write) => Promise<string[]>) => Promise<string[]>) => {
    const meet = meeting(2)
    const branch = (name: string) =>
      requiresNew(async write => {
        const first = await write(`${name} 1`)
        await meet()
        const second = await write(`${name} 2`)
        await meet()
        return [first, second]
      })
    return Promise.all([branch('a'), branch('b')])
  }

  let dataSource: DataSource
  beforeAll(async () => {
    initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE })
    dataSource = await new DataSource({ type: 'postgres', url: database.url, extra: { max: 5 } }).initialize()
  })
  afterAll(() => dataSource.destroy())

  const writeBy =
    (manager: () => EntityManager): Write =>
    async body =>
      ((await manager().query(writing(body))) as [{ xid: string }])[0].xid

  test('typeorm-transactional 0.5.0 mixes them up', async () => {
    expect(versionOf('typeorm-transactional')).toBe('0.5.0')
    const tapped = addTransactionalDataSource(
      await new DataSource({ type: 'postgres', url: database.url, extra: { max: 5 } }).initialize(),
    )
    try {
      const [a, b] = await runInTransaction(
        () =>
          branches(work =>
            runInTransaction(() => work(writeBy(() => tapped.manager)), { propagation: Propagation.REQUIRES_NEW }),
          ),
        {},
      )
      expect([a![0] === a![1], b![0] === b![1]]).not.toEqual([true, true])
    } finally {
      await tapped.destroy()
    }
  })

  test('pillion keeps them apart', async () => {
    const tx = transactions(dataSource)
    const [a, b] = await tx.run(() =>
      branches(work => tx.run({ mode: 'requires_new' }, t => work(writeBy(() => t.orm)))),
    )
    expect(a![0]).toBe(a![1])
    expect(b![0]).toBe(b![1])
    expect(a![0]).not.toBe(b![0])
  })

  test('typeorm-transactional 0.5.0 commits what joined work left half done', async () => {
    const tapped = addTransactionalDataSource({
      name: 'joined',
      dataSource: await new DataSource({ type: 'postgres', url: database.url }).initialize(),
      patch: true,
    })
    try {
      await runInTransaction(
        async () => {
          await tapped.manager.query(writing('outer'))
          await runInTransaction(
            async () => {
              await tapped.manager.query(writing('inner'))
              throw new Error('half done')
            },
            { connectionName: 'joined' },
          ).catch(() => {})
        },
        { connectionName: 'joined' },
      )
      expect(await bodies()).toEqual(['inner', 'outer'])
    } finally {
      await tapped.destroy()
    }
  })

  test('pillion does not', async () => {
    const tx = transactions(dataSource)
    const outcome = tx.run(async t => {
      await t.orm.query(writing('outer'))
      await tx
        .run(async inner => {
          await inner.orm.query(writing('inner'))
          throw new Error('half done')
        })
        .catch(() => {})
    })
    await expect(outcome).rejects.toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await bodies()).toEqual([])
  })
})

describe('work beside an independent transaction', () => {
  let orm: MikroORM
  beforeAll(async () => {
    orm = await MikroORM.init(
      defineConfig({ clientUrl: database.url, entities: [NoteEntity], allowGlobalContext: true }),
    )
  })
  afterAll(() => orm.close())

  const xidOf = async (em: { execute(sql: string): Promise<unknown> }, body: string): Promise<string> =>
    ((await em.execute(writing(body))) as [{ xid: string }])[0].xid

  test('MikroORM 7.2.1 has no transaction left for it', async () => {
    expect(versionOf('@mikro-orm/core')).toBe('7.2.1')
    const meet = meeting(2)
    await orm.em
      .fork()
      .transactional(async given => {
        const em = given as SqlEntityManager
        const outer = await xidOf(em, 'outer')
        const [, beside] = await Promise.all([
          em.transactional(
            async inner => {
              await xidOf(inner as SqlEntityManager, 'inner')
              await meet()
              await meet()
            },
            { propagation: 'requires_new' as never },
          ),
          meet().then(async () => {
            const xid = await xidOf(em, 'beside')
            await meet()
            return xid
          }),
        ])
        expect(beside).not.toBe(outer)
        throw new Error('roll back')
      })
      .catch((error: Error) => expect(error.message).toBe('roll back'))
    // committed by itself, though its transaction was rolled back
    expect(await bodies()).toEqual(['beside', 'inner'])
  })

  test('pillion keeps it in the outer one', async () => {
    const tx = transactions(orm)
    const meet = meeting(2)
    const failing = tx.run(async t => {
      const em = t.orm as SqlEntityManager
      const outer = await xidOf(em, 'outer')
      const [, beside] = await Promise.all([
        tx.run({ mode: 'requires_new' }, async inner => {
          await xidOf(inner.orm as SqlEntityManager, 'inner')
          await meet()
          await meet()
        }),
        meet().then(async () => {
          const xid = await xidOf(em, 'beside')
          await meet()
          return xid
        }),
      ])
      expect(beside).toBe(outer)
      throw new Error('roll back')
    })
    await expect(failing).rejects.toThrow('roll back')
    expect(await bodies()).toEqual(['inner'])
  })
})

describe('Drizzle 0.45.4', () => {
  let pool: Pool
  beforeAll(() => {
    expect(versionOf('drizzle-orm')).toBe('0.45.4')
    pool = new Pool({ connectionString: database.url, max: 5 })
    pool.on('error', () => {})
  })
  afterAll(() => pool.end())
  const insert = (body: string) => raw.raw(`insert into note (body) values ('${body}')`)

  /** The first to fail takes along what the other has written. */
  const siblings = async (
    nested: (work: (insertInto: (body: string) => Promise<unknown>) => Promise<void>) => Promise<unknown>,
  ) => {
    const meet = meeting(2)
    const [good, bad] = await Promise.allSettled([
      nested(async write => {
        await meet()
        await write('good')
      }),
      nested(async write => {
        await meet()
        await write('bad')
        throw new Error('bad')
      }),
    ])
    return [good.status, bad.status]
  }

  test('loses the good one of two nested siblings', async () => {
    await drizzle(pool)
      .transaction(async tx => siblings(work => tx.transaction(inner => work(body => inner.execute(insert(body))))))
      .catch(() => {})
    expect(await bodies()).not.toContain('good')
  })

  test('pillion does not', async () => {
    const tx = transactions(drizzle(pool))
    await tx.run(async () => {
      const branch = (body: string, fails: boolean) =>
        tx.run({ mode: 'nested' }, async t => {
          await t.orm.execute(insert(body))
          if (fails) throw new Error(body)
        })
      await Promise.allSettled([branch('good', false), branch('bad', true)])
    })
    expect(await bodies()).toEqual(['good'])
  })

  test.each([
    { who: 'Drizzle leaves its client out of the pool where BEGIN fails', pillion: false, out: 1 },
    { who: 'pillion does not', pillion: true, out: 0 },
  ])('$who', async ({ pillion, out }) => {
    const proxy = await breakingProxy(database.url)
    const only = new Pool({ connectionString: proxy.url, max: 1 })
    only.on('error', () => {})
    const orm = drizzle(only)
    only.on('connect', client => client.on('error', () => {}))
    await orm.execute(raw`select 1`)
    proxy.breakAt(pillion ? 'BEGIN' : 'begin', false)
    const outcome = pillion ? transactions(orm).run(async () => {}) : orm.transaction(async () => {})
    await expect(outcome).rejects.toThrow()
    expect(only.totalCount - only.idleCount).toBe(out)
    // what is out will never come back: the pool cannot be waited for
    void only.end()
    await proxy.close()
  })
})
