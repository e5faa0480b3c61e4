/**
 * A small database of interviews, evaluations and people, with every kind of relation: the ground of query tests.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'
import { type Database, type DatabaseOptions, pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../test/support/postgres.js'
import type { DB } from './interviews.gen.js'

export interface Interviews {
  readonly url: string
  readonly pool: Pool
  readonly db: Database<DB>
  close(): Promise<void>
}

const text = (name: string) => readFile(new URL(name, import.meta.url), 'utf8')

/** Makes the database, its rows unless `empty`, and rides on a pool of its own. */
export async function openInterviews(
  options: DatabaseOptions & { readonly empty?: boolean } = {},
): Promise<Interviews> {
  const { empty = false, ...rest } = options
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 5 })
  // sockets outlive pool.end(), and the database is dropped under them
  pool.on('error', () => {})
  await pool.query(await text('interviews.sql'))
  if (!empty) await pool.query(await text('interviews-data.sql'))
  const db = await pillion<DB>(pgHost(pool), { names: 'camel', ...rest })
  return {
    url: database.url,
    pool,
    db,
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}
