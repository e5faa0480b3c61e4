/**
 * What the suite asks of a server: to say where a statement ran, what is committed, and to misbehave.
 *
 * @module
 */
import { PGlite } from '@electric-sql/pglite'
import Sqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { innodbTransactions } from '../../../../test/support/innodb.js'
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { createMysqlDatabase } from '../../../../test/support/mysql.js'
import { createDatabase } from '../../../../test/support/postgres.js'
import { createSqliteFile } from '../../../../test/support/sqlite.js'

/** A database of a test's own, and a session beside the host's. */
export interface Stage {
  readonly url: string
  read(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

/** Sends a statement, and gives its rows. */
export type Rows = (orm: unknown, sql: string) => Promise<readonly object[]>

export interface Server {
  readonly name: string
  /** Where the suite's own statements are said in another way. */
  speak?(rows: Rows): Rows
  open(): Promise<Stage>
  readonly tables: readonly string[]
  /** Session and transaction, as `pid` and `xid`. */
  readonly whereabouts: string
  /** Sessions of this database, not the observer's, that sit in a transaction. */
  inTransaction(read: Stage['read']): Promise<readonly unknown[]>
  /** Fails inside of the server. */
  readonly bad: string
  /** Statements that end the transaction in the server. */
  readonly endings: readonly string[]
  /** Statements that look like them. */
  readonly harmless: readonly string[]
  /** Once a statement has failed the transaction can only be rolled back. */
  readonly abortsOnFailure: boolean
  /** Violates a constraint that is looked at when COMMIT comes; `undefined` where there are none. */
  readonly refusedAtCommit: string | undefined
  /** Transactions that serialize fail where they would not have been in any order. */
  readonly serializes: boolean
  /** What an open transaction is, as the server has it; `undefined` where there are no isolation levels. */
  readonly characteristicsOf: ((ask: Stage['read'], beside: Stage['read']) => Promise<Found>) | undefined
  /** Tells, as `it`, whether a transaction is deferrable; `undefined` where none is. */
  readonly deferrable: string | undefined
  /** Work while new sessions of the database begin with other transactions; `undefined` where that is not a database's to say. */
  readonly withDefaults:
    | ((read: Stage['read'], defaults: Readonly<Record<string, string>>, work: () => Promise<void>) => Promise<void>)
    | undefined
  /** A statement may take its time while others run. */
  readonly sleeps: boolean
  sleep(seconds: number): string
  /** Is somebody asleep? */
  readonly sleeping: string
  /** Ends a session; `undefined` where there are none. */
  readonly kill: ((pid: number) => string) | undefined
  /** A session, if it is there still. */
  session(pid: number): string
}

/** What a transaction is. */
export interface Found {
  readonly isolation: unknown
  readonly readOnly: boolean
}

export const postgres: Server = {
  name: 'PostgreSQL',
  async open() {
    const database = await createDatabase()
    const observer = new pg.Client(database.url)
    observer.on('error', () => {})
    await observer.connect()
    return {
      url: database.url,
      read: async sql => (await observer.query(sql)).rows as Record<string, unknown>[],
      async close() {
        await observer.end()
        await database.drop()
      },
    }
  },
  tables: [
    `create table note (id int generated always as identity primary key, body text not null)`,
    `create table item (n int primary key)`,
    `create table strict (id int primary key, other int references strict deferrable initially deferred)`,
    `insert into item select generate_series(1, 100)`,
  ],
  whereabouts: 'select pg_backend_pid()::int as pid, pg_current_xact_id_if_assigned()::text as xid',
  inTransaction: read =>
    read(`select state, query from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`),
  bad: 'select 1 / 0',
  endings: ['commit', 'ROLLBACK WORK', '/* all of it */ end', 'abort', 'select 1; commit'],
  harmless: [
    "select 'commit; rollback' as end",
    'savepoint mine',
    'rollback to savepoint mine',
    'Rollback Work To mine',
    'release savepoint mine',
    'create table made (n int)',
    'drop table made',
  ],
  abortsOnFailure: true,
  refusedAtCommit: 'insert into strict values (1, 2)',
  serializes: true,
  async characteristicsOf(ask) {
    const [row] = await ask(
      `select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as reads`,
    )
    return { isolation: row!['isolation'], readOnly: row!['reads'] === 'on' }
  },
  deferrable: `select current_setting('transaction_deferrable') as it`,
  async withDefaults(read, defaults, work) {
    const [row] = await read('select quote_ident(current_database()) as database')
    const alter = `alter database ${String(row!['database'])}`
    for (const [name, value] of Object.entries(defaults))
      await read(`${alter} set default_transaction_${name} = '${value}'`)
    try {
      await work()
    } finally {
      for (const name of Object.keys(defaults)) await read(`${alter} reset default_transaction_${name}`)
    }
  },
  sleeps: true,
  sleep: seconds => `select pg_sleep(${seconds})`,
  sleeping: `select pid from pg_stat_activity
    where datname = current_database() and state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()`,
  kill: pid => `select pg_terminate_backend(${pid})`,
  session: pid => `select state from pg_stat_activity where pid = ${pid}`,
}

/** PGlite is its own server: it is observed by the connection that it has. */
export function pgliteServer(opened: (database: PGlite) => void): Server {
  return {
    ...postgres,
    kill: undefined,
    async open() {
      const database = await PGlite.create()
      opened(database)
      return {
        url: '',
        read: async sql => (await database.query(sql)).rows as Record<string, unknown>[],
        close: async () => {},
      }
    },
  }
}

export const mariadb: Server = {
  name: 'MariaDB',
  async open() {
    const database = await createMariadbDatabase()
    const observer = await createConnection(database.url)
    return {
      url: database.url,
      read: async sql => (await observer.query(sql))[0] as Record<string, unknown>[],
      async close() {
        await observer.end()
        await database.drop()
      },
    }
  },
  tables: [
    // versioned by transaction: InnoDB writes into each row which one it was that wrote it
    `create table note (
      id int auto_increment primary key, body varchar(100) not null,
      since bigint unsigned generated always as row start invisible,
      until bigint unsigned generated always as row end invisible,
      period for system_time (since, until)
    ) with system versioning`,
    `create table item (n int primary key)`,
    `insert into item select seq from seq_1_to_100`,
    `create procedure ending() commit`,
    `create procedure endingAndFailing() begin commit; select * from missing; end`,
    `create procedure reading() select n from item limit 1`,
  ],
  whereabouts: `select connection_id() as pid,
    if(@@in_transaction, (select cast(since as char) from note where id = last_insert_id()), null) as xid`,
  async inTransaction(read) {
    const [status] = await read('show engine innodb status')
    const ids = await read(
      'select id from information_schema.processlist where db = database() and id <> connection_id()',
    )
    const here = new Set(ids.map(({ id }) => Number(id)))
    return innodbTransactions(String(status!['Status'])).filter(({ session }) => here.has(session))
  },
  bad: 'select * from missing',
  endings: [
    'commit',
    '# all of it\nRollback',
    'begin',
    'create or replace table made (n int)',
    'truncate item',
    // what the text does not tell
    '/*! commit */',
    '/*M!100100 rollback */',
    'call ending()',
    'Call endingAndFailing()',
    "execute immediate 'commit'",
  ],
  harmless: [
    "select 'commit; rollback' as `end`",
    'savepoint mine',
    'rollback to savepoint mine',
    'release savepoint mine',
    'create or replace temporary table passing (n int)',
    'drop temporary table passing',
    'set @seen = 1',
    'analyze select 1',
    'call reading()',
    'select /*! 1 */ as one',
  ],
  abortsOnFailure: false,
  refusedAtCommit: undefined,
  serializes: false,
  // by what it sees: the table that tells it is behind the time while anybody asks, and MariaDB has no other
  async characteristicsOf(ask, beside) {
    const isRefused = (asked: Promise<unknown>): Promise<boolean> =>
      asked.then(
        () => false,
        () => true,
      )
    const readOnly = await isRefused(ask('update item set n = 1 where n = 1'))
    await ask('select n from item where n = 2')
    if (await isRefused(beside('select n from item where n = 2 for update nowait'))) {
      return { isolation: 'serializable', readOnly }
    }
    const sees = async (): Promise<boolean> =>
      Number((await ask('select count(*) as notes from note'))[0]!['notes']) > 0
    await sees()
    await beside('begin')
    await beside(`insert into note (body) values ('beside')`)
    const before = await sees()
    await beside('commit')
    const after = await sees()
    return { isolation: before ? 'read uncommitted' : after ? 'read committed' : 'repeatable read', readOnly }
  },
  deferrable: undefined,
  withDefaults: undefined,
  sleeps: true,
  sleep: seconds => `select sleep(${seconds})`,
  sleeping: `select id from information_schema.processlist
    where db = database() and info like '%sleep(%' and state = 'User sleep' and id <> connection_id()`,
  kill: pid => `kill ${pid}`,
  session: pid => `select command as state from information_schema.processlist where id = ${pid}`,
}

/** MySQL gives nothing back of what it inserts: the suite writes one row at a time. */
const unreturning =
  (rows: Rows): Rows =>
  async (orm, sql) => {
    const [, insert] = /^(insert .*) returning id$/.exec(sql) ?? []
    if (insert === undefined) return rows(orm, sql)
    await rows(orm, insert)
    return [{}]
  }

/** MySQL numbers transactions by session: one that is open, and more than its own statement. */
const openMysqlTransactions = `performance_schema.events_transactions_current
  join performance_schema.threads using (thread_id)`

export const mysql: Server = {
  ...mariadb,
  name: 'MySQL',
  async open() {
    const database = await createMysqlDatabase()
    const observer = await createConnection(database.url)
    const read = async (sql: string) => (await observer.query(sql))[0] as Record<string, unknown>[]
    return {
      url: database.url,
      async read(sql) {
        const [, from, columns] = /^delete (from .*) returning (.*)$/.exec(sql) ?? []
        if (from === undefined) return read(sql)
        await read('begin')
        const rows = await read(`select ${columns} ${from} for update`)
        await read(`delete ${from}`)
        await read('commit')
        return rows
      },
      async close() {
        await observer.end()
        await database.drop()
      },
    }
  },
  speak: unreturning,
  tables: [
    `create table note (id int auto_increment primary key, body varchar(100) not null)`,
    `create table item (n int primary key)`,
    `insert into item with recursive s (n) as (select 1 union all select n + 1 from s where n < 100) select n from s`,
    `create procedure ending() commit`,
    `create procedure endingAndFailing() begin commit; select * from missing; end`,
    `create procedure reading() select n from item limit 1`,
  ],
  whereabouts: `select connection_id() as pid, (select concat(thread_id, '-', event_id) from ${openMysqlTransactions}
    where processlist_id = connection_id() and state = 'ACTIVE' and autocommit = 'NO') as xid`,
  inTransaction: read =>
    read(`select processlist_id from ${openMysqlTransactions}
      where state = 'ACTIVE' and autocommit = 'NO' and processlist_db = database() and processlist_id <> connection_id()`),
  endings: [
    'commit',
    '# all of it\nRollback',
    'begin',
    'create table made (n int)',
    'truncate item',
    '/*! commit */',
    '/*!80000 rollback */',
    'call ending()',
    'Call endingAndFailing()',
  ],
  harmless: [
    "select 'commit; rollback' as `end`",
    'savepoint mine',
    'rollback to savepoint mine',
    'release savepoint mine',
    'create temporary table passing (n int)',
    'drop temporary table passing',
    'set @seen = 1',
    'explain select 1',
    'call reading()',
    'select /*! 1 */ as one',
  ],
}

/** The two servers of MySQL's protocol, one of which is there or not. */
export const mysqlServers = { MariaDB: mariadb, MySQL: mysql } as const

/** SQLite has neither sessions nor numbers of transactions: a transaction is told by the connection that is in one. */
export const sqlite: Server = {
  name: 'SQLite',
  async open() {
    const { file, drop } = await createSqliteFile()
    const observer = new Sqlite(file)
    observer.pragma('journal_mode = wal')
    return {
      url: file,
      read: async sql => rowsOf(observer, sql),
      async close() {
        observer.close()
        await drop()
      },
    }
  },
  tables: [
    `create table note (id integer primary key, body text not null)`,
    `create table item (n int primary key)`,
    `create table strict (id int primary key, other int references strict deferrable initially deferred)`,
  ],
  whereabouts: `select 1 as pid, pillion_in_transaction() as xid`,
  // who writes keeps others from it
  async inTransaction(read) {
    try {
      await read('begin immediate')
    } catch (error) {
      return [error]
    }
    await read('rollback')
    return []
  },
  bad: 'select * from missing',
  endings: ['commit', '-- all of it\nEnd Transaction', 'rollback'],
  harmless: [
    'savepoint mine',
    'rollback to savepoint mine',
    'release savepoint mine',
    'create table made (n int)',
    'drop table made',
  ],
  abortsOnFailure: false,
  refusedAtCommit: 'insert into strict values (1, 2)',
  serializes: false,
  characteristicsOf: undefined,
  deferrable: undefined,
  withDefaults: undefined,
  sleeps: false,
  sleep: () => 'select 1',
  sleeping: 'select 1 as it where false',
  kill: undefined,
  session: () => 'select 1 as it where false',
}

/**
 * SQLite, observed by the same copy of it as `sqlite3` has: locks of a file are a process's, so that two copies in one process do not
 * see each other's.
 */
export const sqlite3Server: Server = {
  ...sqlite,
  async open() {
    const { file, drop } = await createSqliteFile()
    // loaded where it is needed: it may not be there
    const { default: sqlite3 } = await import('sqlite3')
    const observer = new sqlite3.Database(file)
    const read: Stage['read'] = sql =>
      new Promise((resolve, reject) => {
        observer.all<Record<string, unknown>>(sql, (error, rows) => (error ? reject(error) : resolve(rows)))
      })
    await read('pragma journal_mode = wal')
    return {
      url: file,
      read,
      async close() {
        await new Promise<void>((resolve, reject) => observer.close(error => (error ? reject(error) : resolve())))
        await drop()
      },
    }
  },
}

function rowsOf(database: Sqlite.Database, sql: string): Record<string, unknown>[] {
  const statement = database.prepare(sql)
  if (statement.reader) return statement.all() as Record<string, unknown>[]
  statement.run()
  return []
}

/** Has a database tell, by SQL, whether it is in a transaction. */
export function tellingTransactions(database: Sqlite.Database): void {
  database.function('pillion_in_transaction', () => (database.inTransaction ? 'in one' : null))
}

/** Connections of mysql2's that are out of its pool. */
export function outOf(pool: object): number {
  const { _allConnections: all, _freeConnections: free } = pool as Record<string, { readonly length: number }>
  return all!.length - free!.length
}
