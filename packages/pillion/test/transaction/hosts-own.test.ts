/**
 * What hosts make of their own inside of a transaction: streams, savepoints, notifications, ends. None of it outlives the transaction,
 * and none keeps its end waiting.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import knexOf, { type Knex } from 'knex'
import {
  CompiledQuery,
  type Dialect,
  CamelCasePlugin,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  sql as kyselySql,
  SqliteDialect,
} from 'kysely'
import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { Client, Pool } from 'pg'
import Cursor from 'pg-cursor'
import { pillion } from 'pillion'
import { kyselyHost } from 'pillion/kysely'
import { transactions } from 'pillion/transaction'
import { Kysely as Kysely29, PostgresDialect as PostgresDialect29, SqliteDialect as SqliteDialect29 } from 'kysely-29'
import postgresJs, { type ISql, type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { createMysqlDatabase } from '../../../../test/support/mysql.js'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { createSqliteFile } from '../../../../test/support/sqlite.js'
import { prismaOn } from '../hosts/fixtures/prisma.js'
import { mysqlGrounds, numbersTo } from '../hosts/mysql-observer.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { outOf } from './servers.js'
import { failureIn, saying } from './suite.js'

/** A database of the test's own, with 20,000 rows in `item`: more than the buffers of a stream hold. */
interface Stage {
  readonly url: string
  read(sql: string): Promise<readonly object[]>
  close(): Promise<void>
}

/** A host of one connection. */
interface Opened {
  readonly root: object
  /** The rows of `item`, by a stream of the host's own. */
  stream(orm: unknown): AsyncIterable<unknown>
  /** The same of what PostgreSQL computes from them, and cannot where `n` is 50. */
  failing(orm: unknown): AsyncIterable<unknown>
  /** A statement of the host's own, that writes. */
  write(orm: unknown, sql: string): PromiseLike<unknown>
  /** How many connections are out of the pool, where the pool tells. */
  out?(): number
  close(): Promise<unknown>
}

const servers: Readonly<Record<string, () => Promise<Stage>>> = {
  async PostgreSQL() {
    const database = await createDatabase()
    const observer = new Client(database.url)
    await observer.connect()
    await observer.query('create table item (n int primary key); create table note (body text)')
    await observer.query('insert into item select generate_series(1, 20000)')
    return stageOf(
      database,
      async sql => (await observer.query(sql)).rows as object[],
      () => observer.end(),
    )
  },
  MariaDB: () => onMysql(createMariadbDatabase),
  MySQL: () => onMysql(createMysqlDatabase),
  async SQLite() {
    const { file, drop } = await createSqliteFile()
    const observer = new Sqlite(file)
    observer.pragma('journal_mode = wal')
    observer.exec('create table item (n int primary key); create table note (body text)')
    observer.exec(
      'insert into item with recursive s(n) as (select 1 union all select n + 1 from s where n < 20000) select n from s',
    )
    return {
      url: file,
      read: async sql => observer.prepare(sql).all() as object[],
      async close() {
        observer.close()
        await drop()
      },
    }
  },
}

async function onMysql(create: typeof createMysqlDatabase): Promise<Stage> {
  const database = await create()
  const observer = await createConnection(database.url)
  await observer.query('create table item (n int primary key)')
  await observer.query('create table note (body varchar(100))')
  await observer.query(`insert into item ${numbersTo(20_000)}`)
  return stageOf(
    database,
    async sql => (await observer.query(sql))[0] as object[],
    () => observer.end(),
  )
}

function stageOf({ url, drop }: Database, read: Stage['read'], end: () => Promise<void>): Stage {
  return {
    url,
    read,
    async close() {
      await end()
      await drop()
    },
  }
}

function postgresJsOn(url: string): Opened {
  const sql = postgresJs(url, { max: 1, onnotice: () => {} })
  return {
    root: sql,
    stream: orm => (orm as Sql)`select n from item order by n`.cursor(10),
    failing: orm => (orm as Sql)`select 1 / (50 - n) from item order by n`.cursor(10),
    write: (orm, text) => (orm as Sql).unsafe(text),
    close: () => sql.end({ timeout: 1 }),
  }
}

function kyselyOn(dialect: Dialect, out?: () => number): Opened {
  const kysely = new Kysely<{ item: { n: number } }>({ dialect })
  return {
    root: kysely,
    stream: orm => (orm as typeof kysely).selectFrom('item').select('n').orderBy('n').stream(10),
    failing: orm =>
      (orm as typeof kysely).selectFrom('item').select(kyselySql`1 / (50 - n)`.as('it')).orderBy('n').stream(10),
    write: (orm, text) => (orm as typeof kysely).executeQuery(CompiledQuery.raw(text)),
    ...(out === undefined ? {} : { out }),
    close: () => kysely.destroy(),
  }
}

function knexOn(config: Knex.Config): Opened {
  const knex = knexOf({ ...config, pool: { min: 0, max: 1 } })
  const { pool } = knex.client as { pool: { numUsed(): number } }
  return {
    root: knex,
    stream: orm => (orm as Knex)('item').select('n').orderBy('n').stream(),
    failing: orm => (orm as Knex).raw('select 1 / (50 - n) from item order by n').stream(),
    write: (orm, text) => (orm as Knex).raw(text),
    out: () => pool.numUsed(),
    close: () => knex.destroy(),
  }
}

const onMysql2: readonly (readonly [name: string, open: (url: string) => Opened])[] = [
  [
    'Kysely',
    uri => {
      const pool = createPool({ uri, connectionLimit: 1 })
      return kyselyOn(new MysqlDialect({ pool }), () => outOf(pool))
    },
  ],
  ['Knex', connection => knexOn({ client: 'mysql2', connection })],
]

const hosts: readonly (readonly [name: string, server: string, open: (url: string) => Opened])[] = [
  ['postgres.js', 'PostgreSQL', postgresJsOn],
  [
    'Kysely',
    'PostgreSQL',
    url => {
      const pool = new Pool({ connectionString: url, max: 1 })
      return kyselyOn(new PostgresDialect({ pool, cursor: Cursor }), () => pool.totalCount - pool.idleCount)
    },
  ],
  ...mysqlGrounds().flatMap(({ name }) => onMysql2.map(([host, open]) => [host, name, open] as const)),
  ['Kysely', 'SQLite', url => kyselyOn(new SqliteDialect({ database: new Sqlite(url) }))],
  ['Knex', 'PostgreSQL', url => knexOn({ client: 'pg', connection: url })],
  [
    'Knex',
    'SQLite',
    url => knexOn({ client: 'better-sqlite3', connection: { filename: url }, useNullAsDefault: true }),
  ],
]

describe.each(hosts)('a stream of %s on %s', { timeout: 5_000 }, (_, server, open) => {
  let stage: Stage
  let host: Opened
  beforeAll(async () => {
    stage = await servers[server]!()
    host = open(stage.url)
  })
  afterAll(async () => {
    await host.close()
    await stage.close()
  })

  const notes = (): Promise<readonly object[]> => stage.read('select body from note')
  const resting = async (): Promise<void> => {
    // there is one connection: this one would wait for ever for what was kept
    const tx = transactions(host.root)
    await tx.run(async t => void (await host.write(t.orm, 'delete from note')))
    expect(tx.active()).toEqual([])
    expect(host.out?.() ?? 0).toBe(0)
  }
  /** A stream with its first rows read. */
  const begunReading = async (orm: unknown): Promise<AsyncIterator<unknown>> => {
    const reader = host.stream(orm)[Symbol.asyncIterator]()
    expect((await reader.next()).done).not.toBe(true)
    return reader
  }
  const toItsEnd = async (reader: AsyncIterator<unknown>): Promise<void> => {
    while ((await reader.next()).done !== true);
  }

  test('that is read to its end gives every row', async () => {
    let rows = 0
    await transactions(host.root).run(async t => {
      for await (const read of host.stream(t.orm)) rows += Array.isArray(read) ? read.length : 1
    })
    expect(rows).toBe(20_000)
    await resting()
  })

  test('that its reader leaves is over', async () => {
    await transactions(host.root).run(async t => {
      for await (const _row of host.stream(t.orm)) break
      await host.write(t.orm, "insert into note values ('kept')")
    })
    expect(await notes()).toEqual([{ body: 'kept' }])
    await resting()
  })

  test('that is open at the commit ends with it, and its reader is told', async () => {
    const reader = await transactions(host.root).run(async t => {
      await host.write(t.orm, "insert into note values ('kept')")
      return { open: await begunReading(t.orm) }
    })
    expect(await notes()).toEqual([{ body: 'kept' }])
    expect(await failureIn(toItsEnd(reader.open))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    await resting()
  })

  test('that is open at the rollback ends with it, and its reader is told', async () => {
    const t = await transactions(host.root).begin()
    await host.write(t.orm, "insert into note values ('lost')")
    const reader = await begunReading(t.orm)
    await t.rollback()
    expect(await notes()).toEqual([])
    expect(await failureIn(toItsEnd(reader))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    await resting()
  })

  test('that is open at the timeout ends with it', async () => {
    const outcome = transactions(host.root).run({ timeout: 200 }, async t => {
      await host.write(t.orm, "insert into note values ('lost')")
      await begunReading(t.orm)
      await new Promise(() => {})
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_TIMED_OUT' })
    expect(await notes()).toEqual([])
    await resting()
  })

  test('that was made and never read keeps nothing', async () => {
    const t = await transactions(host.root).begin()
    host.stream(t.orm)
    await t.commit()
    await resting()
  })

  test('that fails keeps a commit from passing for one', async () => {
    // elsewhere a statement that fails leaves the transaction whole
    if (server !== 'PostgreSQL') return
    const outcome = transactions(host.root).run(async t => {
      await host.write(t.orm, "insert into note values ('lost')")
      const reading = toItsEnd(host.failing(t.orm)[Symbol.asyncIterator]())
      expect((await failureIn(reading)).message).toMatch('division by zero')
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await notes()).toEqual([])
    await resting()
  })

  test('that is made after the end is refused', async () => {
    const t = await transactions(host.root).begin()
    await t.commit()
    const reading = async (): Promise<void> => toItsEnd(host.stream(t.orm)[Symbol.asyncIterator]())
    expect(await failureIn(reading())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    await resting()
  })
})

test.each([
  ['0.28', Kysely, SqliteDialect],
  ['0.29', Kysely29, SqliteDialect29],
])(
  'a transaction of its own, which would end the one around it, is refused inside of one by Kysely %s',
  async (...kysely) => {
    const [, Instance, Dialect] = kysely as unknown as [
      string,
      typeof Kysely<{ item: { n: number } }>,
      typeof SqliteDialect,
    ]
    const database = new Sqlite(':memory:')
    database.exec('create table item (n int)')
    const root = new Instance({ dialect: new Dialect({ database }) })
    const outcome = transactions(root).run(async t => {
      await t.orm.insertInto('item').values({ n: 1 }).execute()
      for (const on of [t.orm, t.orm.withSchema('main'), t.orm.withoutPlugins()]) {
        const begun = async (): Promise<unknown> => on.startTransaction().execute()
        expect(saying(await failureIn(begun()))).toMatch(/TRANSACTION_UNSUPPORTED|not supported/)
        await on.insertInto('item').values({ n: 2 }).execute()
      }
      throw new Error('taken back')
    })
    expect((await failureIn(outcome)).message).toBe('taken back')
    expect(await root.selectFrom('item').selectAll().execute()).toEqual([])
    await root.destroy()
  },
)

test.each([
  ['0.28', Kysely, PostgresDialect],
  ['0.29', Kysely29, PostgresDialect29],
])('with another plugin, or for another schema, a transaction of Kysely %s is the same one', async (...kysely) => {
  const [, Instance, Dialect] = kysely as unknown as [
    string,
    typeof Kysely<{ item: { n: number } }>,
    typeof PostgresDialect,
  ]
  const stage = await servers['PostgreSQL']!()
  const pool = new Pool({ connectionString: stage.url, max: 2 })
  const root = new Instance({ dialect: new Dialect({ pool }) })
  const db = await pillion(kyselyHost(root, pool))
  const items = db.from((db.tables as never)['item'])
  const kept: object[] = []
  await transactions(root).run(async t => {
    await t.orm.insertInto('item').values({ n: 0 }).execute()
    kept.push(t.orm.withPlugin(new CamelCasePlugin()), t.orm.withSchema('public').withTables(), t.orm.withoutPlugins())
    for (const on of kept) expect(await items.on(on).count()).toBe(20_001)
    expect(pool.totalCount).toBe(1)
  })
  for (const on of kept) {
    expect(await failureIn(items.on(on).count())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
  }
  await root.destroy()
  await stage.close()
})

describe('what postgres.js has of its own', { timeout: 5_000 }, () => {
  let stage: Stage
  let sql: Sql
  beforeAll(async () => {
    stage = await servers['PostgreSQL']!()
    sql = postgresJs(stage.url, { max: 1, onnotice: () => {} })
  })
  afterAll(async () => {
    await sql.end({ timeout: 1 })
    await stage.close()
  })

  const notes = (): Promise<readonly object[]> => stage.read('select body from note order by body')
  const insert = (on: ISql, body: string): PromiseLike<unknown> => on`insert into note values (${body})`
  const cleared = async (): Promise<void> => {
    await transactions(sql).run(async t => void (await t.orm`delete from note`))
  }

  test('a notification is sent with the commit, and none after the end', async () => {
    const listener = new Client(stage.url)
    const heard: (string | undefined)[] = []
    listener.on('notification', ({ payload }) => heard.push(payload))
    await listener.connect()
    try {
      await listener.query('listen own')
      const t = await transactions(sql).begin()
      await t.orm.notify('own', 'within')
      await listener.query('select 1')
      expect(heard).toEqual([])
      await t.commit()
      expect(await failureIn(t.orm.notify('own', 'late'))).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      await sql.notify('own', 'last')
      await listener.query('select 1')
      expect(heard).toEqual(['within', 'last'])
    } finally {
      await listener.end()
    }
  })

  test('each tag tells its own line when it is used after the end, also when it was used before', async () => {
    const tags = [(on: ISql) => on`select 1 as n`, (on: ISql) => on`select 1 as n`]
    const lines: unknown[] = []
    for (let round = 0; round < 2; round++) {
      const ended = await transactions(sql).run(async t => {
        for (const tag of tags) await tag(t.orm)
        return t
      })
      for (const tag of tags) {
        const error = await failureIn(tag(ended.orm))
        expect(error).toMatchObject({ code: 'TRANSACTION_FINISHED' })
        lines.push(/query: .*hosts-own\.test\.ts:\d+:\d+/.exec(String((error as Error).message))?.[0])
      }
    }
    expect(new Set(lines).size).toBe(2)
    expect(lines).not.toContain(undefined)
    expect(lines.slice(2)).toEqual(lines.slice(0, 2))
  })

  test('a savepoint is taken back alone, and gives what its work gives', async () => {
    const given = await transactions(sql).run(async t => {
      const lost = t.orm.savepoint(async inner => {
        await insert(inner, 'lost')
        await inner`select 1 / 0`
      })
      expect((await failureIn(lost)).message).toBe('division by zero')
      await t.orm.savepoint(inner => insert(inner, 'kept'))
      return t.orm.savepoint('named', inner => [inner`select 1 as it`, inner`select 2 as it`])
    })
    expect(given).toEqual([[{ it: 1 }], [{ it: 2 }]])
    expect(await notes()).toEqual([{ body: 'kept' }])
    await cleared()
  })

  test('a savepoint in which a failure was caught is taken back, as postgres.js does it', async () => {
    await transactions(sql).run(async t => {
      const work = t.orm.savepoint(async inner => {
        await insert(inner, 'lost')
        await inner`select 1 / 0`.catch(() => {})
      })
      expect((await failureIn(work)).message).toBe('division by zero')
      await insert(t.orm, 'kept')
    })
    expect(await notes()).toEqual([{ body: 'kept' }])
    await cleared()
  })

  test('a text in a file, and one made of fragments, is looked at before it is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pillion-'))
    try {
      const [ending, harmless] = [join(folder, 'ending.sql'), join(folder, 'harmless.sql')]
      await writeFile(ending, "begin; insert into note values ('from a file'); commit")
      await writeFile(harmless, "insert into note values ('from a file')")
      const failed = transactions(sql).run(async t => {
        await insert(t.orm, 'lost')
        for (const query of [
          () => t.orm.file(ending),
          () => t.orm`${sql`commit`}`,
          () => t.orm`${sql.unsafe('commit')}`,
          () => t.orm`${[sql`select 1;`, sql`commit`]}`.simple(),
        ]) {
          expect(await failureIn(query())).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
        }
        expect(await failureIn(t.orm.file(join(folder, 'none.sql')))).toMatchObject({ code: 'ENOENT' })
        throw new Error('taken back')
      })
      expect((await failureIn(failed)).message).toBe('taken back')
      expect(await notes()).toEqual([])
      await transactions(sql).run(async t => {
        await t.orm.file(harmless)
        await t.orm`insert into note ${sql`values (${'by a fragment'})`}`
      })
      expect(await notes()).toEqual([{ body: 'by a fragment' }, { body: 'from a file' }])
      await cleared()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('a value that was never sent, whose error is caught, takes back the whole, of a nested one that alone', async () => {
    const tx = transactions(sql)
    const unsent = (on: ISql): Promise<Error> => failureIn(on`insert into note values (${undefined as never})`)
    const outcome = tx.run(async t => {
      await insert(t.orm, 'lost')
      expect(await unsent(t.orm)).toMatchObject({ code: 'UNDEFINED_VALUE' })
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'ROLLBACK_ONLY', cause: { code: 'UNDEFINED_VALUE' } })
    await tx.run(async t => {
      await insert(t.orm, 'kept')
      const nested = tx.run({ mode: 'nested' }, async n => {
        await insert(n.orm, 'lost')
        await unsent(n.orm)
      })
      expect(await failureIn(nested)).toMatchObject({ code: 'ROLLBACK_ONLY', cause: { code: 'UNDEFINED_VALUE' } })
    })
    expect(await notes()).toEqual([{ body: 'kept' }])
    await cleared()
  })

  test('an error with the code of a lost connection, on one that is there, is none', async () => {
    await transactions(sql).run(async t => {
      await insert(t.orm, 'kept')
      const nested = transactions(sql).run({ mode: 'nested' }, async n => {
        await n.orm.unsafe("do $$ begin raise exception 'elsewhere' using errcode = '08001'; end $$")
      })
      expect(await failureIn(nested)).toMatchObject({ code: '08001' })
      await insert(t.orm, 'kept')
    })
    expect(await notes()).toEqual([{ body: 'kept' }, { body: 'kept' }])
    await cleared()
  })

  test('a savepoint after the end is not sent', async () => {
    const t = await transactions(sql).begin()
    await t.commit()
    expect(await failureIn(t.orm.savepoint(inner => insert(inner, 'late')))).toMatchObject({
      code: 'TRANSACTION_FINISHED',
    })
    expect(await notes()).toEqual([])
  })

  test('a savepoint that outlives its transaction sends nothing into the next one', async () => {
    const tx = transactions(sql)
    const t = await tx.begin()
    let goOn = (): void => {}
    const pause = new Promise<void>(resolve => (goOn = resolve))
    let entered = (): void => {}
    const inside = new Promise<void>(resolve => (entered = resolve))
    const work = t.orm.savepoint(async inner => {
      await insert(inner, 'half done')
      entered()
      await pause
      await insert(inner, 'late')
    })
    await inside
    expect(await failureIn(t.commit())).toMatchObject({ code: 'TRANSACTION_NESTED' })
    await tx.run(async next => {
      await insert(next.orm, 'next')
      goOn()
      expect(await failureIn(work)).toMatchObject({ code: 'TRANSACTION_FINISHED' })
      await insert(next.orm, 'next')
    })
    expect(await notes()).toEqual([{ body: 'next' }, { body: 'next' }])
    await cleared()
  })

  test('a cursor whose callback never comes back ends with the commit, and who awaits it is told', async () => {
    const late = await transactions(sql).run(async t => {
      await insert(t.orm, 'kept')
      let entered = (): void => {}
      const inside = new Promise<void>(resolve => (entered = resolve))
      const stuck = (): unknown => {
        entered()
        return new Promise(() => {})
      }
      const reading = t.orm`select n from item`.cursor(10, stuck)
      const failed = failureIn(reading)
      await inside
      return { failed }
    })
    expect(await late.failed).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    expect(await notes()).toEqual([{ body: 'kept' }])
    await cleared()
  })

  test('a cursor with a callback gives every row, and its failure keeps a commit from passing for one', async () => {
    let rows = 0
    const tx = transactions(sql)
    await tx.run(t => t.orm`select n from item`.cursor(1_000, read => void (rows += read.length)))
    expect(rows).toBe(20_000)
    const outcome = tx.run(async t => {
      await insert(t.orm, 'lost')
      const reading = t.orm`select 1 / (50 - n) from item order by n`.cursor(10, () => {})
      expect((await failureIn(reading)).message).toBe('division by zero')
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await notes()).toEqual([])
  })

  test('what COPY gives is let by at the end, and its reader is told', async () => {
    const reader = await transactions(sql).run(async t => {
      await insert(t.orm, 'kept')
      const copy = await t.orm`copy (select repeat('x', 1000) from item) to stdout`.readable()
      const reading = copy[Symbol.asyncIterator]()
      expect((await reading.next()).done).toBe(false)
      return { reading }
    })
    const toItsEnd = async (): Promise<void> => {
      while ((await reader.reading.next()).done !== true);
    }
    expect(await failureIn(toItsEnd())).toMatchObject({ code: 'TRANSACTION_FINISHED' })
    expect(await notes()).toEqual([{ body: 'kept' }])
    await cleared()
  })

  test('what waits for more to copy is rolled back, and that is said', async () => {
    const outcome = transactions(sql).run(async t => {
      await insert(t.orm, 'lost')
      const copy = await t.orm`copy note (body) from stdin`.writable()
      copy.write('half\n')
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'ROLLBACK_ONLY' })
    expect(await notes()).toEqual([])
    await cleared()
  })

  test('nobody else prepares the transaction for a commit in two phases', async () => {
    await transactions(sql).run(async t => expect((t.orm as { prepare?: unknown }).prepare).toBeUndefined())
  })
})

describe('ends of the host itself are not with the work', { timeout: 5_000 }, () => {
  // it takes its time to start
  test('PGlite', { timeout: 60_000 }, async () => {
    const pglite = await PGlite.create()
    await pglite.exec('create table note (body text)')
    const told: string[] = []
    const outcome = transactions(pglite).run(async t => {
      t.afterCommit(() => told.push('committed'))
      await t.orm.query("insert into note values ('lost')")
      await t.orm.rollback()
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    await transactions(pglite).run(t => t.orm.query("insert into note values ('kept')"))
    expect((await pglite.query('select body from note')).rows).toEqual([{ body: 'kept' }])
    expect(told).toEqual([])
    await pglite.close()
  })

  test.each(['commit', 'rollback'] as const)('%s of Knex', async end => {
    const stage = await servers['PostgreSQL']!()
    const knex = knexOf({ client: 'pg', connection: stage.url, pool: { min: 0, max: 1 } })
    const tx = transactions(knex)
    const told: string[] = []
    const outcome = tx.run(async t => {
      t.afterCommit(() => told.push('committed'))
      await t.orm('note').insert({ body: 'lost' })
      const nested = tx.run({ mode: 'nested' }, inner => inner.orm[end]())
      expect(await failureIn(nested)).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
      await t.orm[end]()
    })
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    await tx.run(t => t.orm('note').insert({ body: 'kept' }))
    expect(await stage.read('select body from note')).toEqual([{ body: 'kept' }])
    expect(told).toEqual([])
    await knex.destroy()
    await stage.close()
  })
})

describe("Prisma's array", { timeout: 30_000 }, () => {
  let generated: GeneratedPrisma
  let stage: Stage
  let pool: Pool
  let prisma: Prisma
  beforeAll(async () => {
    generated = await generatePrisma()
    stage = await servers['PostgreSQL']!()
    await stage.read('drop table note')
    await stage.read('create table note (id int generated always as identity primary key, body text not null)')
    pool = new Pool({ connectionString: stage.url, max: 2 })
    prisma = prismaOn(pool, generated)
  })
  afterAll(async () => {
    await prisma.$disconnect()
    await pool.end()
    await stage.close()
    await generated.remove()
  })

  const notes = (): Promise<readonly object[]> => stage.read('select body from note')
  const batches: readonly (readonly [string, (t: Prisma) => Promise<unknown>])[] = [
    ['of the transaction', t => t.$transaction([t.note.create({ data: { body: 'lost' } })])],
    [
      'of the client, of an operation of the transaction',
      t => prisma.$transaction([t.note.create({ data: { body: 'lost' } })]),
    ],
  ]

  test('as Prisma sends it, is outside of the transaction that it is in', async () => {
    const outcome = prisma.$transaction(async t => {
      await t.$transaction([t.note.create({ data: { body: 'outside' } })])
      throw new Error('rolled back')
    })
    expect((await failureIn(outcome)).message).toBe('rolled back')
    expect(await notes()).toEqual([{ body: 'outside' }])
    await stage.read('delete from note')
  })

  test.each(batches)('%s is refused', async (_, batch) => {
    const outcome = transactions(prisma).run(t => batch(t.orm as unknown as Prisma))
    expect(await failureIn(outcome)).toMatchObject({ code: 'TRANSACTION_UNSUPPORTED' })
    expect(await notes()).toEqual([])
    expect(pool.totalCount - pool.idleCount).toBe(0)
  })

  test('is no other thing than operations one by one, or a function', async () => {
    await transactions(prisma).run(async t => {
      const orm = t.orm as unknown as Prisma
      await orm.$transaction(inner => inner.note.create({ data: { body: 'kept' } }) as Promise<unknown>)
    })
    expect(await notes()).toEqual([{ body: 'kept' }])
  })
})
