/**
 * Where a schema is read from: a database of its own connection, or a host that has one.
 *
 * @module
 */
import type { Host } from 'pillion'
import {
  type Catalog,
  type ReflectOptions,
  type Read,
  reflectMysql,
  reflectPostgres,
  reflectSqlite,
} from 'pillion/schema'
import { mysql } from './drivers/mysql.js'
import { postgres } from './drivers/postgres.js'
import { sqlite } from './drivers/sqlite.js'
import type { Driver } from './drivers/driver.js'
import { ConnectionError, explain, type ExitError, UsageError } from './failure.js'

/** A database that can be read. */
export interface Source {
  /** What it is called in messages. */
  readonly shown: string
  reflect(options: ReflectOptions): Promise<Catalog>
}

const drivers: readonly Driver[] = [postgres, mysql, sqlite]

const reflections = { postgres: reflectPostgres, mysql: reflectMysql, sqlite: reflectSqlite }

/** Connects, does the work, and closes, however the work ends. */
export async function withUrl<T>(url: string, work: (source: Source) => Promise<T>): Promise<T> {
  const driver = drivers.find(each => each.matches(url))
  if (driver === undefined)
    throw UsageError(
      'the database URL is of none of the forms postgres://user:password@host:5432/database, mysql://user:password@host:3306/database and sqlite:file',
    )
  const shown = driver.shown(url)
  const connection = await driver.open(url).catch((error: unknown) => {
    if (isTold(error)) throw error
    throw ConnectionError(`cannot connect to ${shown}: ${reason(error)}`)
  })
  try {
    return await work(sourceOf(shown, driver.dialect, connection.read))
  } finally {
    await connection.close()
  }
}

/** Rides on a host, and leaves it as it is. */
export function sourceOfHost(host: Host): Source {
  const read: Read = async (text, values = []) => (await host.run(undefined, { text, values }, {})).rows
  return sourceOf(`the ${host.name} host`, host.dialect, read)
}

function sourceOf(shown: string, dialect: Driver['dialect'], read: Read): Source {
  return { shown, reflect: options => reflections[dialect](read, options) }
}

const isTold = (error: unknown): error is ExitError => (error as Partial<ExitError>).exitCode !== undefined

/** A refused connection comes as one error an address, without a message of its own. */
function reason(error: unknown): string {
  const { errors = [] } = error as { readonly errors?: readonly unknown[] }
  return explain(error) || errors.map(explain).join(', ')
}
