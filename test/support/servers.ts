/**
 * Vitest's global setup: the PostgreSQL servers of a run, started before its first test and gone after its last.
 *
 * @module
 */
import { startPostgres } from '@pillion/postgres'
import type { TestProject } from 'vitest/node'
import { skipAloud } from './skip.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres18: string
    readonly postgres15: string | undefined
  }
}

export default async function servers(project: TestProject) {
  const { PILLION_TEST_POSTGRES_URL: given, PILLION_TEST_POSTGRES15_URL: older } = process.env
  skipAloud('PostgreSQL 15', older, 'name one by PILLION_TEST_POSTGRES15_URL')
  project.provide('postgres15', older)
  if (given !== undefined) {
    project.provide('postgres18', given)
    return undefined
  }
  const { url, stop } = await startPostgres({ settings: { max_connections: 300, autovacuum: 'off' } })
  project.provide('postgres18', url)
  return stop
}
