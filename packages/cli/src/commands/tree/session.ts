/**
 * A session on whichever engine a URL names, open no longer than its work. Ctrl-C cancels the statement under way, what was
 * begun is undone, and the command ends; a second one ends it at once.
 *
 * @module
 */
import pg from 'pg'
import type { TreeRow, TreeSession } from 'pillion/tree'
import { ConnectionError, type ExitError, explain, UsageError } from '../../failure.js'

/** A session with what only the command needs. */
interface Opened extends TreeSession {
  /** Stops the statement under way, from elsewhere. */
  cancel(): Promise<void>
  close(): Promise<void>
}

/** Connects, does the work, and closes, however the work ends. */
export async function withSession<T>(
  url: string,
  work: (session: TreeSession, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const session = await open(url).catch((error: unknown) => {
    if ((error as Partial<ExitError>).exitCode !== undefined) throw error
    throw ConnectionError(`cannot connect to ${shown(url)}: ${explain(error)}`)
  })
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(new Error('interrupted'))
    session.cancel().catch(() => {})
  }
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', interrupt)
  try {
    return await work(session, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    throw Object.assign(new Error(`interrupted: ${explain(error).split('\n')[0]}`), { exitCode: 130 })
  } finally {
    process.off('SIGINT', interrupt)
    await session.close()
  }
}

function open(url: string): Promise<Opened> {
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url)
  if (/^(mysql|mariadb):/.test(url)) return openMariadb(url.replace(/^mariadb:/, 'mysql:'))
  if (/^(sqlite|file):/.test(url)) return openSqlite(url.replace(/^(sqlite|file):(\/\/)?/, ''))
  throw UsageError('the database URL begins with postgres://, mariadb://, mysql:// or sqlite:')
}

/** The URL as it may be shown, without a password. */
function shown(url: string): string {
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1@').replace(/\?.*/, '')
}

async function openPostgres(connectionString: string): Promise<Opened> {
  const client = new pg.Client({ connectionString, application_name: 'pillion', connectionTimeoutMillis: 15_000 })
  // a connection lost while idle is told by the next statement
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const asText = { getTypeParser: () => (text: string) => text }
  return {
    dialect: 'postgres',
    async run(text, values = []) {
      const result = await client.query<(string | null)[]>({
        text,
        values: [...values],
        rowMode: 'array',
        types: asText,
      })
      return result.rows
    },
    async cancel() {
      const other = new pg.Client({ connectionString })
      await other.connect()
      try {
        await other.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid])
      } finally {
        await other.end()
      }
    },
    close: () => client.end(),
  }
}

/** `mysql2/promise`, as far as it is used here. */
interface Mysql {
  createConnection(options: object): Promise<MysqlConnection>
}

interface MysqlConnection {
  readonly threadId: number
  query(sql: string, values?: readonly unknown[]): Promise<readonly [unknown, unknown]>
  end(): Promise<void>
}

async function openMariadb(uri: string): Promise<Opened> {
  const { createConnection } = await driver<Mysql>('mysql2/promise')
  const typeCast = (field: { string(): string | null }): string | null => field.string()
  const connection = await createConnection({ uri, rowsAsArray: true, typeCast })
  return {
    dialect: 'mariadb',
    async run(sql, values = []) {
      const [rows] = await connection.query(sql, values)
      return Array.isArray(rows) ? (rows as TreeRow[]) : []
    },
    async cancel() {
      const other = await createConnection({ uri })
      try {
        // refused where the session is gone by now
        await other.query(`KILL QUERY ${connection.threadId}`)
      } finally {
        await other.end()
      }
    },
    close: () => connection.end(),
  }
}

/** `better-sqlite3`, as far as it is used here. */
interface Sqlite {
  readonly default: new (path: string, options: object) => SqliteDatabase
}

interface SqliteDatabase {
  pragma(text: string): unknown
  prepare(sql: string): {
    readonly reader: boolean
    run(...values: readonly unknown[]): unknown
    raw(): { all(...values: readonly unknown[]): readonly (readonly (string | number | bigint | null)[])[] }
  }
  close(): void
}

async function openSqlite(path: string): Promise<Opened> {
  const { default: Database } = await driver<Sqlite>('better-sqlite3')
  const db = new Database(path, { fileMustExist: true })
  db.pragma('foreign_keys = ON')
  return {
    dialect: 'sqlite',
    async run(sql, values = []) {
      const statement = db.prepare(sql)
      if (statement.reader) {
        const rows = statement.raw().all(...values)
        return rows.map(row => row.map(value => (value === null ? null : String(value))))
      }
      statement.run(...values)
      return []
    },
    // it runs in this process: a signal is seen when the statement is over
    cancel: async () => {},
    close: async () => db.close(),
  }
}

/** Drivers other than PostgreSQL's are the user's own. */
async function driver<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T
  } catch (error) {
    throw UsageError(`this needs ${name.split('/')[0]}: npm install ${name.split('/')[0]} (${explain(error)})`)
  }
}
