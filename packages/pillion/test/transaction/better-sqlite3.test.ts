import Database from 'better-sqlite3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import type { Server } from './servers.js'
import { transactionSuite } from './suite.js'

/** SQLite has neither sessions nor numbers of transactions: a transaction is told by the connection that is in one. */
const sqlite: Server = {
  name: 'SQLite',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'pillion-'))
    const file = join(folder, 'test.db')
    const observer = new Database(file)
    observer.pragma('journal_mode = wal')
    return {
      url: file,
      read: async sql => rowsOf(observer, sql),
      async close() {
        observer.close()
        await rm(folder, { recursive: true })
      },
    }
  },
  tables: [
    `create table note (id integer primary key, body text not null)`,
    `create table item (n int primary key)`,
    `create table strict (id int primary key, other int references strict deferrable initially deferred)`,
  ],
  whereabouts: `select 1 as pid, pillion_in_transaction() as xid`,
  inTransaction: 'select 1 as it where false',
  bad: 'select * from missing',
  abortsOnFailure: false,
  refusedAtCommit: 'insert into strict values (1, 2)',
  isolations: false,
  characteristics: false,
  sleeps: false,
  sleep: () => 'select 1',
  sleeping: 'select 1 as it where false',
  kill: () => 'select 1',
  session: () => 'select 1 as it where false',
}

function rowsOf(database: Database.Database, sql: string): Record<string, unknown>[] {
  const statement = database.prepare(sql)
  if (statement.reader) return statement.all() as Record<string, unknown>[]
  statement.run()
  return []
}

transactionSuite({
  name: 'better-sqlite3',
  server: sqlite,
  independent: false,
  countsConnections: false,
  cancels: false,
  namesUse: true,
  killable: false,
  async mount(file) {
    const database = new Database(file)
    database.pragma('foreign_keys = on')
    database.function('pillion_in_transaction', () => (database.inTransaction ? 'in one' : null))
    return {
      root: database,
      host: betterSqlite3Host(database),
      rows: async (orm, sql) => rowsOf(orm as Database.Database, sql),
      close: async () => void database.close(),
    }
  },
})
