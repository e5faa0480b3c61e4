/**
 * `kill -9` of what writes, in the middle of moves and of a load, and of an install, on servers of this file's own. PostgreSQL then ends all of its
 * sessions and recovers from its log; MariaDB is started again, and does; SQLite recovers when it is opened next.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, startPostgres } from '@pillion/postgres'
import BetterSqlite from 'better-sqlite3'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { findMariadb } from '../../../../tools/mariadb/index.js'
import { skipAloud } from '../../../../test/support/skip.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { installing } from '../../src/tree/ddl.js'
import {
  describeFault,
  installTree,
  loadTree,
  readTree,
  readTreeTable,
  type TreeSession,
  treeModel,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import { type MortalServer, startMortalMariadb } from './support/mariadb-server.js'
import { runSqlite } from './support/engines.js'

const source = Array.from({ length: 400 }, (_, i) => [String(i + 1), i === 0 ? null : String(Math.floor((i + 1) / 2))])
const table = 'create table node (id bigint primary key, parent_id bigint references node (id) on delete cascade)'

/** A session under which the server is killed before one of an install's statements. */
const killedBefore = (inner: TreeSession, statement: string, kill: () => unknown): TreeSession => ({
  dialect: inner.dialect,
  async run(sql, values) {
    if (sql === statement) await kill()
    return inner.run(sql, values)
  },
})

/** Some of them, the last too: they are many, and each costs a recovery. */
const some = (statements: readonly string[]): readonly string[] =>
  statements.filter((_, i) => (statements.length - 1 - i) % Math.ceil(statements.length / 5) === 0)

const asText = { getTypeParser: () => (text: string) => text }

describe('on PostgreSQL', () => {
  let server: Postgres

  beforeAll(async () => {
    server = await startPostgres({ settings: { restart_after_crash: 'on', synchronous_commit: 'on', fsync: 'on' } })
  })
  afterAll(() => server.stop())

  async function connect(): Promise<pg.Client> {
    for (;;) {
      const client = new pg.Client(server.url)
      client.on('error', () => {})
      try {
        await client.connect()
        return client
      } catch {
        // it recovers, and lets nobody in meanwhile
        await client.end().catch(() => {})
      }
    }
  }

  const sessionOn = (client: pg.Client): TreeSession => ({
    dialect: 'postgres',
    run: async (text, values = []) =>
      (await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array', types: asText })).rows,
  })

  const pidOf = async (client: pg.Client): Promise<number> =>
    (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0

  /** Kills a session's process. The server is down once it has ended another's, too: until then it lets people in, and ends them. */
  async function killerOf(client: pg.Client): Promise<() => Promise<unknown>> {
    const pid = await pidOf(client)
    const witness = await connect()
    const down = new Promise(resolve => witness.once('end', resolve))
    return () => {
      process.kill(pid, 'SIGKILL')
      return down
    }
  }

  async function plant(closure: string) {
    const client = await connect()
    await client.query(`drop table if exists node cascade; ${table}`)
    const session = sessionOn(client)
    const model = treeModel('postgres', await readTreeTable(session, 'node'), {
      parent: 'parent_id',
      closure,
      counts: true,
    })
    await installTree(session, model)
    return { client, session, model }
  }

  test('in the middle of moves, three times', async () => {
    const { client, session, model } = await plant('moved_link')
    await loadTree(session, model, source, { columns: ['id', 'parent_id'] })
    await client.end()
    for (let crash = 0; crash < 3; crash++) {
      const writers = await Promise.all([0, 1, 2, 3].map(connect))
      const victim = await pidOf(writers[crash] as pg.Client)
      let moves = 0
      const move = async (writer: pg.Client): Promise<void> => {
        for (;;) {
          const [a, b] = [2 + Math.floor(Math.random() * 399), 1 + Math.floor(Math.random() * 400)]
          await writer
            .query('update node set parent_id = $2 where id = $1', [a, b])
            .catch((error: { code?: string }) => {
              if (!['23514', '40P01'].includes(error.code ?? '')) throw error
            })
          if (++moves === 100) process.kill(victim, 'SIGKILL')
        }
      }
      const ended = await Promise.allSettled(writers.map(move))
      expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
      expect(moves).toBeGreaterThanOrEqual(100)
      for (const writer of writers) await writer.end().catch(() => {})
      const after = await connect()
      expect(await verifyTree(sessionOn(after), model)).toEqual([])
      await after.end()
    }
  }, 120_000)

  test('in the middle of an install: nothing is left of it', async () => {
    const first = await connect()
    await first.query(`drop table if exists node cascade; ${table}`)
    await first.query('insert into node select n, nullif(n / 2, 0) from generate_series(1, 400) as n')
    const everything = async (client: pg.Client): Promise<readonly unknown[]> =>
      (
        await client.query(
          `select relname as name from pg_class where relname like '%installed%' union all select proname from pg_proc where proname like 'installed%' union all select tgname from pg_trigger where tgname like 'installed%'`,
        )
      ).rows
    const options = { parent: 'parent_id', closure: 'installed_link', counts: true }
    const model = treeModel('postgres', await readTreeTable(sessionOn(first), 'node'), options)
    await first.end()
    for (const statement of some(installing(model))) {
      const client = await connect()
      const kill = await killerOf(client)
      await expect(installTree(killedBefore(sessionOn(client), statement, kill), model)).rejects.toThrow()
      await client.end().catch(() => {})
      const after = await connect()
      expect(await everything(after), statement).toEqual([])
      await after.end()
    }
    const last = await connect()
    expect(await installTree(sessionOn(last), model)).toBe(true)
    expect(await verifyTree(sessionOn(last), model)).toEqual([])
    await last.end()
  }, 120_000)

  test.each(['rows', 'links'] as const)(
    'in the middle of a load, at its %s',
    async step => {
      const { client, session, model } = await plant(`loaded_${step}`)
      const kill = await killerOf(client)
      let killed: Promise<unknown> | undefined
      const crash = (at: { readonly step: string; readonly rows: number }): void => {
        if (at.step === step && at.rows >= 200) killed ??= kill()
      }
      const load = loadTree(session, model, source, { columns: ['id', 'parent_id'], batch: 50, onProgress: crash })
      await expect(load).rejects.toThrow()
      await killed
      await client.end().catch(() => {})
      const after = await connect()
      const again = sessionOn(after)
      const [named] = await verifyTree(again, await readTree(again, `loaded_${step}`))
      expect(named && describeFault(named)).toMatch(/^load: interrupted after (200|250|400) rows/)
      await loadTree(again, model, source, { columns: ['id', 'parent_id'], batch: 50 })
      expect(await verifyTree(again, model)).toEqual([])
      expect((await after.query('select count(*)::int as n from node')).rows).toEqual([{ n: 400 }])
      await after.end()
    },
    60_000,
  )
})

describe.skipIf(skipAloud('mariadb', findMariadb(), 'install mariadb-server'))('on MariaDB', () => {
  let server: MortalServer

  beforeAll(async () => {
    server = await startMortalMariadb()
  }, 60_000)
  afterAll(() => server.stop())

  async function connect(database = 'forest'): Promise<Connection> {
    const { hostname: host, port, username: user, password } = new URL(server.url)
    const connection = await createConnection({ host, port: Number(port), user, password, database, rowsAsArray: true })
    // it is lost when the server is killed, and the next statement says so
    connection.on('error', () => {})
    return connection
  }

  const sessionOn = (connection: Connection): TreeSession => ({
    dialect: 'mariadb',
    async run(sql, values = []) {
      const [rows] = await connection.query<string[][] & RowDataPacket[]>({
        sql,
        values: [...values],
        typeCast: field => field.string(),
      })
      return Array.isArray(rows) ? rows : []
    },
  })

  async function found(nodes: string): Promise<void> {
    const first = await connect('mysql')
    await first.query('drop database if exists forest')
    await first.query('create database forest')
    await first.query('use forest')
    await first.query(nodes)
    await first.end()
  }

  async function plant(closure: string) {
    await found(
      'create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id))',
    )
    const connection = await connect()
    const session = sessionOn(connection)
    const model = treeModel('mariadb', await readTreeTable(session, 'node'), { parent: 'parent_id', closure })
    await installTree(session, model)
    return { connection, session, model }
  }

  test('in the middle of moves, three times', async () => {
    const { connection, session, model } = await plant('moved_link')
    await loadTree(session, model, source, { columns: ['id', 'parent_id'] })
    await connection.end()
    for (let crash = 0; crash < 3; crash++) {
      const writers = await Promise.all([0, 1, 2, 3].map(() => connect()))
      let moves = 0
      let killed: Promise<void> | undefined
      const move = async (writer: Connection): Promise<void> => {
        for (;;) {
          const [a, b] = [2 + Math.floor(Math.random() * 399), 1 + Math.floor(Math.random() * 400)]
          await writer
            .query('update node set parent_id = ? where id = ?', [b, a])
            .catch((error: { errno?: number }) => {
              if (![4025, 1213, 1205].includes(error.errno ?? 0)) throw error
            })
          if (++moves === 100) killed = server.kill()
        }
      }
      const ended = await Promise.allSettled(writers.map(move))
      expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
      await killed
      for (const writer of writers) writer.destroy()
      await server.revive()
      const after = await connect()
      expect(await verifyTree(sessionOn(after), model)).toEqual([])
      await after.end()
    }
  }, 120_000)

  test('in the middle of an install: it begins anew, over what was written since', async () => {
    await found(
      'create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id) on delete cascade)',
    )
    const first = await connect()
    await first.query('insert into node select seq, nullif(seq div 2, 0) from seq_1_to_400')
    const options = { parent: 'parent_id', closure: 'installed_link', counts: true }
    const model = treeModel('mariadb', await readTreeTable(sessionOn(first), 'node'), options)
    await first.end()
    // before the last all is there: that lets others in
    for (const [round, statement] of some(installing(model).slice(0, -1)).entries()) {
      const connection = await connect()
      const killed = killedBefore(sessionOn(connection), statement, () => server.kill())
      await expect(installTree(killed, model)).rejects.toThrow()
      connection.destroy()
      await server.revive()
      const after = await connect()
      const session = sessionOn(after)
      await after.query('update node set parent_id = ? where id = 4', [1 + (round % 3)])
      expect(await installTree(session, model), statement).toBe(true)
      expect(await verifyTree(session, model), statement).toEqual([])
      await uninstallTree(session, model)
      await after.end()
    }
  }, 120_000)

  test.each(['rows', 'links'] as const)(
    'in the middle of a load, at its %s',
    async step => {
      const { connection, session, model } = await plant(`loaded_${step}`)
      let killed: Promise<void> | undefined
      const crash = (at: { readonly step: string; readonly rows: number }): void => {
        if (at.step === step && at.rows >= 200) killed ??= server.kill()
      }
      const load = loadTree(session, model, source, { columns: ['id', 'parent_id'], batch: 50, onProgress: crash })
      await expect(load).rejects.toThrow()
      await killed
      connection.destroy()
      await server.revive()
      const after = await connect()
      const again = sessionOn(after)
      const [named] = await verifyTree(again, await readTree(again, `loaded_${step}`))
      expect(named && describeFault(named)).toMatch(/^load: interrupted after (200|250|400) rows/)
      await loadTree(again, model, source, { columns: ['id', 'parent_id'], batch: 50 })
      expect(await verifyTree(again, model)).toEqual([])
      expect(await again.run('select count(*) from node')).toEqual([['400']])
      await after.end()
    },
    120_000,
  )
})

describe('on SQLite', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-crash-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const addon = createRequire(import.meta.url).resolve('better-sqlite3')
  const mover = `
    const db = new (require(process.argv[1]))(process.argv[2], { timeout: 5000 })
    db.pragma('foreign_keys = ON')
    const move = db.prepare('update node set parent_id = ? where id = ?')
    for (let n = 1; ; n++) {
      try { move.run(1 + Math.floor(Math.random() * 400), 2 + Math.floor(Math.random() * 399)) } catch (error) { if (!/below itself|FOREIGN/.test(error.message)) throw error }
      if (n === 50) console.log('moving')
    }`

  /** A file with a tree, and a session on it. */
  async function plant() {
    const path = join(folder, 'tree.db')
    const db = new BetterSqlite(path)
    db.pragma('journal_mode = WAL')
    db.pragma('foreign_keys = ON')
    const session: TreeSession = {
      dialect: 'sqlite',
      run: async (sql, values = []) => runSqlite(db, sql, values),
    }
    db.exec(table)
    const model = treeModel('sqlite', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'link' })
    await installTree(session, model)
    return { path, db, session, model }
  }

  /** Loads half of the rows and some, and says so between two batches; then it waits for the end. */
  const loader = `
    const [addon, path, library, step] = process.argv.slice(1)
    const db = new (require(addon))(path, { timeout: 5000 })
    db.pragma('foreign_keys = ON')
    const session = {
      dialect: 'sqlite',
      async run(sql, values = []) {
        const statement = db.prepare(sql)
        if (statement.reader) return statement.raw().all(...values).map(row => row.map(cell => cell === null ? null : String(cell)))
        statement.run(...values)
        return []
      },
    }
    const rows = Array.from({ length: 400 }, (_, i) => [String(i + 1), i === 0 ? null : String(Math.floor((i + 1) / 2))])
    const onProgress = at => {
      if (at.step !== step || at.rows < 200) return
      require('node:fs').writeSync(1, 'loading')
      process.kill(process.pid, 'SIGKILL')
    }
    import(library).then(async ({ loadTree, readTree }) =>
      loadTree(session, await readTree(session, 'link'), rows, { columns: ['id', 'parent_id'], batch: 50, onProgress }))`
  const library = new URL('../../dist/tree/index.js', import.meta.url).href

  test.each(['rows', 'links'])(
    'in the middle of a load, at its %s',
    async step => {
      const { path, db, session, model } = await plant()
      const child = spawn(process.execPath, ['-e', loader, addon, path, library, step], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
      const [named] = await verifyTree(session, model)
      expect(named && describeFault(named)).toMatch(/^load: interrupted after (200|250|400) rows/)
      await loadTree(session, model, source, { columns: ['id', 'parent_id'], batch: 50 })
      expect(await verifyTree(session, model)).toEqual([])
      expect(await session.run('select count(*) from node')).toEqual([['400']])
      db.close()
    },
    60_000,
  )

  test('in the middle of moves', async () => {
    const { path, db, session, model } = await plant()
    await loadTree(session, model, source, { columns: ['id', 'parent_id'] })
    for (let crash = 0; crash < 3; crash++) {
      const child: ChildProcess = spawn(process.execPath, ['-e', mover, addon, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(child, 'exit')
      if (child.stdout) await once(child.stdout, 'data')
      child.kill('SIGKILL')
      expect(await ended).toEqual([null, 'SIGKILL'])
      expect(await verifyTree(session, model)).toEqual([])
    }
    db.close()
  }, 60_000)
})
