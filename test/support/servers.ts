/**
 * Vitest's global setup: the PostgreSQL servers of a run, started before its first test and gone after its last.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { type Postgres, startPostgres } from '@pillion/postgres'
import type { TestProject } from 'vitest/node'
import { skipAloud } from './skip.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres18: string
    readonly postgres15: string | undefined
  }
}

/** Where Debian puts it. */
const debian15 = '/usr/lib/postgresql/15/bin'

const settings = { max_connections: 300, autovacuum: 'off' }

export default async function servers(project: TestProject) {
  const { PILLION_TEST_POSTGRES_URL: given18, PILLION_TEST_POSTGRES15_URL: given15 } = process.env
  const [newest, older] = await Promise.all([
    given18 === undefined ? startPostgres({ settings }) : foreign(given18),
    given15 === undefined ? startDebian15() : foreign(given15),
  ])
  skipAloud('postgresql-15', older, 'install it, or name one by PILLION_TEST_POSTGRES15_URL')
  project.provide('postgres18', newest.url)
  project.provide('postgres15', older?.url)
  return () => Promise.all([newest.stop(), older?.stop()])
}

async function startDebian15(): Promise<Postgres | undefined> {
  return existsSync(debian15) ? startPostgres({ settings, binaries: debian15 }) : undefined
}

/** A server that is not ours to stop. */
function foreign(url: string): Postgres {
  return { url, stop: async () => {} }
}
