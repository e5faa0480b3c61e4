/**
 * What the examples stand on: the database of interviews, and its tables by name.
 *
 * @module
 */
import type { Pool } from 'pg'
import type { Database } from 'pillion'
import type { Read } from 'pillion/schema'
import type { DB } from '../../packages/pillion/test/support/interviews.gen.js'
import { openInterviews } from '../../packages/pillion/test/support/interviews.js'

/** Every table under its name, beside the database and its pool. */
export type Ground = Database<DB>['tables'] & {
  readonly pool: Pool
  readonly db: Database<DB>
  /** One statement to rows of text, as `pillion/schema` reads. */
  readonly read: Read
  close(): Promise<void>
}

/** Makes the database, and names it in `DATABASE_URL` as an application would find it. */
export async function openGround(): Promise<Ground> {
  const { url, pool, db, close } = await openInterviews()
  process.env.DATABASE_URL = url
  const read: Read = async (text, values = []) => {
    const { rows } = await pool.query<(string | null)[]>({
      text,
      values: [...values],
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    })
    return rows
  }
  return { pool, db, read, close, ...db.tables }
}
