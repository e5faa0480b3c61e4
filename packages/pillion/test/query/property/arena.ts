/**
 * A database of a test file's own, refilled in one round trip, on a host that remembers what it was sent.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'
import { type Database, type Host, pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { createDatabase } from '../../../../../test/support/postgres.js'
import type { DB } from '../../support/interviews.gen.js'
import { asJson } from './data.js'
import type { Tables } from './small-world.js'

export interface Arena {
  readonly db: Database<DB>
  /** Replaces every row of every table. */
  fill(tables: Tables): Promise<void>
  /** What was sent since the last asking. */
  sent(): readonly string[]
  close(): Promise<void>
}

const names = ['department', 'user', 'interview', 'evaluation', 'comment', 'tag', 'interview_tag']

const refill = `
CREATE FUNCTION refill(data json) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  ${names
    .toReversed()
    .map(name => `DELETE FROM "${name}";`)
    .join('\n  ')}
  ${names.map(name => `INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", data->'${name}');`).join('\n  ')}
END $$`

/** Opens an empty one. */
export async function openArena(): Promise<Arena> {
  const database = await createDatabase()
  const pool = new Pool({ connectionString: database.url, max: 2 })
  await pool.query(await readFile(new URL('../../support/interviews.sql', import.meta.url), 'utf8'))
  await pool.query(refill)
  const log: string[] = []
  // No shape comes twice, so preparing them under names would only fill the server.
  const db = await pillion<DB>(remembering(pgHost(pool, { prepare: false }), log), { names: 'camel' })
  log.length = 0
  return {
    db,
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

function remembering(host: Host, log: string[]): Host {
  return {
    ...host,
    run(target, statement, options) {
      log.push(statement.text)
      return host.run(target, statement, options)
    },
    stream(target, statement, options) {
      log.push(statement.text)
      return host.stream(target, statement, options)
    },
  }
}
