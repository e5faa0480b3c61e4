/** The server measured on, and databases of the bench's own on it. @module */
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface Server extends AsyncDisposable {
  readonly url: string
}

export interface Database extends AsyncDisposable {
  readonly url: string
}

/** The server of `PILLION_BENCH_URL`, or one started for this run with settings of its own. */
export async function openServer(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const url = process.env['PILLION_BENCH_URL']
  if (url !== undefined) return { url, [Symbol.asyncDispose]: async () => {} }
  const { startPostgres } = await import('@pillion/postgres')
  const server = await startPostgres({ settings })
  return { url: server.url, [Symbol.asyncDispose]: () => server.stop() }
}

/** A new database, filled by `statements`; dropped when disposed of. */
export async function createDatabase(
  server: Server,
  statements: Iterable<string>,
  signal: AbortSignal,
): Promise<Database> {
  const name = `pillion_bench_${randomBytes(5).toString('hex')}`
  await onClient(server.url, client => client.query(`create database ${name}`))
  const database: Database = {
    url: withDatabase(server.url, name),
    [Symbol.asyncDispose]: () => drop(server.url, name),
  }
  try {
    await onClient(database.url, async client => {
      for (const statement of statements) {
        signal.throwIfAborted()
        await client.query(statement)
      }
    })
    return database
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

/** What the server says it is: `15.20`. */
export async function serverVersion(url: string): Promise<string> {
  return onClient(url, async client => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`)
    return rows[0]!.version
  })
}

/** Lends a connection of its own to `use`, and closes it after. */
export async function onClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function drop(url: string, name: string): Promise<void> {
  try {
    await onClient(url, client => client.query(`drop database ${name} with (force)`))
  } catch (error) {
    console.error(`could not drop the database ${name}: ${String(error)}`)
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
