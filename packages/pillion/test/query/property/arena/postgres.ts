/**
 * The arena on PostgreSQL, refilled in one round trip.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'
import { pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../../../test/support/postgres.js'
import type { DB } from '../../../support/interviews.gen.js'
import { asJson } from '../data.js'
import { postgresManner } from '../manner.js'
import type { Arena } from './arena.js'
import { patienceWithOne } from './patience.js'
import { remembering } from './remembering.js'
import { tableNames } from './table-names.js'

const refill = `
CREATE FUNCTION refill(data json) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  ${tableNames
    .toReversed()
    .map(name => `DELETE FROM "${name}";`)
    .join('\n  ')}
  ${tableNames.map(name => `INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", data->'${name}');`).join('\n  ')}
END $$`

/** Opens an empty one. */
export async function openPostgresArena(): Promise<Arena> {
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 2, statement_timeout: patienceWithOne })
  await pool.query(await readFile(new URL('../../../support/interviews.sql', import.meta.url), 'utf8'))
  await pool.query(refill)
  const log: string[] = []
  // No shape comes twice, so preparing them under names would only fill the server.
  const db = await pillion<DB>(remembering(pgHost(pool, { prepare: false }), log), { names: 'camel' })
  log.length = 0
  return {
    db,
    manner: postgresManner,
    async fill(tables) {
      await pool.query('SELECT refill($1)', [asJson(tables)])
    },
    sent: () => log.splice(0),
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}
