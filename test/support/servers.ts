/**
 * Vitest's global setup: the database servers of a run, started before its first test and gone after its last; and
 * SQLite's addons, which stay.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { type Postgres, startPostgres } from '@pillion/postgres'
import type { TestProject } from 'vitest/node'
import { findMariadb, startMariadb } from '../../tools/mariadb/index.js'
import { findMysql, startMysql } from '../../tools/mysql/index.js'
import type { Server } from '../../tools/server/index.js'
import { lackingAddons, lackingToCompile, provideAddon } from '../../tools/sqlite/addons.js'
import { skipAloud } from './skip.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres18: string
    readonly postgres15: string | undefined
    readonly mariadb: string | undefined
    readonly mysql: string | undefined
    readonly sqlite: true | undefined
  }
}

/** Where Debian puts it. */
const debian15 = '/usr/lib/postgresql/15/bin'

const settings = { max_connections: 300, autovacuum: 'off' }

export default async function servers(project: TestProject) {
  const {
    PILLION_TEST_POSTGRES_URL: given18,
    PILLION_TEST_POSTGRES15_URL: given15,
    PILLION_TEST_MARIADB_URL: givenMariadb,
    PILLION_TEST_MYSQL_URL: givenMysql,
  } = process.env
  const sqlite = await provideSqlite()
  const [newest, older, mariadb, mysql] = await Promise.all([
    given18 === undefined ? startPostgres({ settings }) : foreign(given18),
    given15 === undefined ? startDebian15() : foreign(given15),
    givenMariadb === undefined ? startInstalledMariadb() : foreign(givenMariadb),
    givenMysql === undefined ? startFetchedMysql() : foreign(givenMysql),
  ])
  skipAloud('postgresql-15', older, 'install it, or name one by PILLION_TEST_POSTGRES15_URL')
  skipAloud('mariadb', mariadb, 'install mariadb-server, or name one by PILLION_TEST_MARIADB_URL')
  skipAloud('mysql', mysql, 'fetch it by `npm run mysql`, or name one by PILLION_TEST_MYSQL_URL')
  skipAloud('sqlite', sqlite, 'install python3, make and g++, and run `npm run build:sqlite`')
  project.provide('postgres18', newest.url)
  project.provide('postgres15', older?.url)
  project.provide('mariadb', mariadb?.url)
  project.provide('mysql', mysql?.url)
  project.provide('sqlite', sqlite)
  return () => Promise.all([newest.stop(), older?.stop(), mariadb?.stop(), mysql?.stop()])
}

async function startDebian15(): Promise<Postgres | undefined> {
  return existsSync(debian15) ? startPostgres({ settings, binaries: debian15 }) : undefined
}

async function startInstalledMariadb(): Promise<Server | undefined> {
  return findMariadb() && startMariadb({ settings: { max_connections: 300 } })
}

async function startFetchedMysql(): Promise<Server | undefined> {
  return findMysql() === undefined ? undefined : startMysql({ settings: { max_connections: 300 } })
}

/** `npm ci` takes the addons away: the first run after it compiles them, or fetches what was compiled before it. */
async function provideSqlite(): Promise<true | undefined> {
  const addons = await lackingAddons()
  if (addons.length > 0 && lackingToCompile().length > 0) return undefined
  await Promise.all(addons.map(provideAddon))
  return true
}

/** A server that is not ours to stop. */
function foreign(url: string): Server {
  return { url, stop: async () => {} }
}
