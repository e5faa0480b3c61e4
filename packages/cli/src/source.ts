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
import type { Driver } from './drivers/driver.js'
import { connected, driverOf } from './drivers/find.js'
import { UsageError } from './failure.js'
import { interruptible, stoppable, unheard } from './interruption.js'

/** A database that can be read. */
export interface Source {
  /** What it is called in messages. */
  readonly shown: string
  reflect(options: ReflectOptions): Promise<Catalog>
}

const reflections = { postgres: reflectPostgres, mysql: reflectMysql, sqlite: reflectSqlite }

/** Connects, does the work, and closes, however the work ends. */
export async function withUrl<T>(url: string, work: (source: Source) => Promise<T>): Promise<T> {
  const driver = driverOf(url)
  const shown = driver.shown(url)
  const connection = await connected(shown, driver.open(url))
  const { read, cancel } = connection
  const over = (reading: Read): Promise<T> => work(sourceOf(shown, driver.dialect, reading))
  try {
    if (cancel === undefined) return await unheard(() => over(read))
    return await interruptible(stop => over(stoppable(read, cancel, stop)))
  } finally {
    await connection.close()
  }
}

/** Rides on a host, and leaves it as it is. Exit code 2 for what is none: a pool, a client of an ORM's. */
export function sourceOfHost(host: Host, signal: AbortSignal): Source {
  if (!isHost(host)) throw UsageError('what was given as a host is none: pgHost(pool) of pillion/pg makes one, say')
  const read: Read = async (text, values = []) => (await host.run(undefined, { text, values }, { signal })).rows
  return sourceOf(`the ${host.name} host`, host.dialect, read)
}

function isHost(value: Partial<Host> | undefined | null): boolean {
  return typeof value?.run === 'function' && value.dialect !== undefined && Object.hasOwn(reflections, value.dialect)
}

function sourceOf(shown: string, dialect: Driver['dialect'], read: Read): Source {
  return { shown, reflect: options => reflections[dialect](read, options) }
}
