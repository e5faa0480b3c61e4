/**
 * A file to be a SQLite database, a connection beside the host's, and what is run on the host's.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTransaction, Observer, Wire } from '../../src/testing/index.js'
import type { Ground } from './conforms.js'

/** What better-sqlite3 and Node have in common. */
export interface SyncDatabase {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  close(): unknown
}

interface Statement {
  all(...values: never[]): unknown[]
  iterate(...values: never[]): unknown
  run(...values: never[]): unknown
}

/** A file in a folder of its own. */
export async function createSqlite(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-sqlite-'))
  return { url: join(folder, 'test.db'), drop: () => rm(folder, { recursive: true }) }
}

/** A connection of its own, which sees what others have committed. */
export function observeSqlite(database: SyncDatabase): Observer {
  database.exec('pragma journal_mode = wal')
  return {
    async rows(sql) {
      if (sql.startsWith('select ')) return (database.prepare(sql).all() as object[]).map(row => Object.values(row))
      database.exec(sql)
      return []
    },
    close: async () => void database.close(),
  }
}

/** Listens to what is run on a connection. */
export function wireOn(database: SyncDatabase): Wire {
  const texts: string[] = []
  let bytes = 0
  const send = (text: string): void => {
    // what Node is asked before a statement runs for the first time: it touches no row
    if (text.startsWith('EXPLAIN ')) return
    texts.push(text)
    bytes += text.length
  }
  const { prepare, exec } = database
  database.prepare = sql => {
    const statement = prepare.call(database, sql)
    for (const name of ['all', 'iterate', 'run'] as const) {
      const method = statement[name] as (...values: unknown[]) => unknown
      Object.defineProperty(statement, name, {
        value: (...values: unknown[]) => {
          send(sql)
          return method.apply(statement, values)
        },
      })
    }
    return statement
  }
  database.exec = sql => {
    send(sql)
    return exec.call(database, sql)
  }
  return {
    texts,
    get bytes() {
      return bytes
    },
    clear() {
      texts.length = 0
    },
  }
}

/**
 * A transaction by hand on a connection, as an application has it that awaits within.
 *
 * @param target stands for it.
 */
export function transactionsOn(database: SyncDatabase, target: object = database) {
  const transactionOf = (depth: number): HostTransaction => ({
    target,
    execute: async sql => database.exec(sql),
    async nested(work) {
      database.exec(`savepoint nested_${depth}`)
      try {
        const result = await work(transactionOf(depth + 1))
        database.exec(`release nested_${depth}`)
        return result
      } catch (error) {
        database.exec(`rollback to nested_${depth}; release nested_${depth}`)
        throw error
      }
    },
  })
  return async function transaction<T>(work: (transaction: HostTransaction) => Promise<T>): Promise<T> {
    database.exec('begin')
    try {
      const result = await work(transactionOf(0))
      database.exec('commit')
      return result
    } catch (error) {
      database.exec('rollback')
      throw error
    }
  }
}

/** Changes what a database reads integers as, for all who ask. */
export function poisonSqlite(database: { defaultSafeIntegers(on?: boolean): unknown }): () => () => void {
  return () => {
    database.defaultSafeIntegers(true)
    return () => database.defaultSafeIntegers(false)
  }
}

const one = 'one connection'
const itself = 'the database stands for every transaction on it'

/** What no host over SQLite in the process has. */
export const sqliteLacks = {
  outside: one,
  concurrent: one,
  counters: one,
  ambient: 'with one connection the root is in whatever transaction is open',
  'own handle': itself,
  'aborting failures': 'a SELECT that fails leaves the transaction as it was',
  terminate: 'there is no server',
  cancel: 'a statement runs to its end before anything else can run',
  'session variables': 'SQLite has none',
  arrays: 'SQLite has none',
} as const
