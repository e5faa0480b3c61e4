/**
 * Vitest's global setup: the database servers of a run, started before its first test and gone after its last.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { type Postgres, startPostgres } from '@pillion/postgres'
import type { TestProject } from 'vitest/node'
import { findMariadb, startMariadb } from '../../tools/mariadb/index.js'
import type { Server } from '../../tools/server/index.js'
import { skipAloud } from './skip.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres18: string
    readonly postgres15: string | undefined
    readonly mariadb: string | undefined
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
  } = process.env
  const [newest, older, mariadb] = await Promise.all([
    given18 === undefined ? startPostgres({ settings }) : foreign(given18),
    given15 === undefined ? startDebian15() : foreign(given15),
    givenMariadb === undefined ? startInstalledMariadb() : foreign(givenMariadb),
  ])
  skipAloud('postgresql-15', older, 'install it, or name one by PILLION_TEST_POSTGRES15_URL')
  skipAloud('mariadb', mariadb, 'install mariadb-server, or name one by PILLION_TEST_MARIADB_URL')
  project.provide('postgres18', newest.url)
  project.provide('postgres15', older?.url)
  project.provide('mariadb', mariadb?.url)
  return () => Promise.all([newest.stop(), older?.stop(), mariadb?.stop()])
}

async function startDebian15(): Promise<Postgres | undefined> {
  return existsSync(debian15) ? startPostgres({ settings, binaries: debian15 }) : undefined
}

async function startInstalledMariadb(): Promise<Server | undefined> {
  return findMariadb() && startMariadb({ settings: { max_connections: 300 } })
}

/** A server that is not ours to stop. */
function foreign(url: string): Server {
  return { url, stop: async () => {} }
}
