/** A database of a dialect with the table in it; gone when disposed of. @module */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import { findMariadb, startMariadb } from '../../../tools/mariadb/index.js'
import { createDatabase, openServer, serverVersion } from '../server.js'
import { type Dialect, setUp } from './table.js'

export interface Database extends AsyncDisposable {
  /** What a rider opens; nothing where there is no server. */
  readonly name: string | undefined
  /** `PostgreSQL 18.4`; or why there is none. */
  readonly version: string
}

/** How a database of a dialect is opened. */
export const databases: Readonly<Record<Dialect, () => Promise<Database>>> = {
  postgres,
  mariadb: () => mariadbWith(setUp.mariadb),
  sqlite: () => sqliteWith(setUp.sqlite),
}

async function postgres(): Promise<Database> {
  const server = await openServer()
  const database = await createDatabase(server, setUp.postgres, AbortSignal.timeout(600_000))
  return {
    name: database.url,
    version: `PostgreSQL ${await serverVersion(database.url)}`,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

type Settings = Readonly<Record<string, string | number>>

/** A database filled by `statements`, on the server that is named, or one started with settings of its own. */
export async function mariadbWith(statements: readonly string[], settings: Settings = {}): Promise<Database> {
  const server = await mariadbServer(settings)
  if (server === undefined) {
    const version = 'no MariaDB: install it, or name one by PILLION_BENCH_MARIADB_URL'
    return { name: undefined, version, [Symbol.asyncDispose]: async () => {} }
  }
  const connection = await mysql.createConnection({ uri: server.url })
  const name = `pillion_bench_${randomBytes(5).toString('hex')}`
  await connection.query(`create database ${name} character set utf8mb4`)
  await connection.query(`use ${name}`)
  for (const statement of statements) await connection.query(statement)
  const [[row]] =
    await connection.query<(mysql.RowDataPacket & { readonly version: string })[]>('select version() as version')
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return {
    name: url.href,
    version: `MariaDB ${row?.version.split('-')[0]}`,
    async [Symbol.asyncDispose]() {
      await connection.query(`drop database ${name}`)
      await connection.end()
      await server.stop()
    },
  }
}

async function mariadbServer(settings: Settings): Promise<{ readonly url: string; stop(): Promise<void> } | undefined> {
  const url = process.env['PILLION_BENCH_MARIADB_URL']
  if (url !== undefined) return { url, stop: async () => {} }
  return findMariadb() && startMariadb({ settings })
}

/** A file filled by `statements`. */
export async function sqliteWith(statements: readonly string[]): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-bench-'))
  const gone = (): Promise<void> => rm(folder, { recursive: true })
  const name = join(folder, 'ride.db')
  try {
    return { name, version: `SQLite ${filled(name, statements)}`, [Symbol.asyncDispose]: gone }
  } catch (error) {
    await gone()
    throw error
  }
}

/** Gives the version of SQLite. */
function filled(file: string, statements: readonly string[]): string | undefined {
  const database = new Sqlite(file)
  for (const statement of statements) database.exec(statement)
  const version = database.prepare<[], string>('select sqlite_version()').pluck().get()
  database.close()
  return version
}
