/**
 * The example on a database of a test's own.
 *
 * @module
 */
import { Client } from 'pg'
import { type Database, pillion } from 'pillion'
import { createDatabase } from '../../../test/support/postgres.js'
import { interviewsApp } from '../src/app.js'
import { createInterviews } from '../src/database.js'
import type { DB } from '../src/db.js'
import { audible } from '../src/hearing.js'
import { postgres } from '../src/engine/postgres.js'
import { openOrm } from '../src/orm/open.js'
import type { Orm, OrmName } from '../src/orm/orm.js'
import { createTables } from '../src/orm/tables.js'

/** A database, and SQL by hand on a connection that is no ORM's. */
export interface Ground {
  readonly url: string
  sql<Row>(text: string, ...values: readonly unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** The tables with all their rows. */
export function interviews(): Promise<Ground> {
  return ground(url => createInterviews(postgres, url, () => {}, new AbortController().signal))
}

/** The tables without rows. */
export function emptyInterviews(): Promise<Ground> {
  return ground(url => createTables(postgres, url))
}

async function ground(make: (url: string) => Promise<void>): Promise<Ground> {
  const { url, drop } = await createDatabase()
  await make(url)
  const client = new Client(url)
  await client.connect()
  return {
    url,
    async sql<Row>(text: string, ...values: readonly unknown[]) {
      const { rows } = await client.query(text, [...values])
      return rows as Row[]
    },
    async drop() {
      await client.end()
      await drop()
    },
  }
}

/** The example over one ORM. */
export interface Example {
  readonly orm: Orm
  readonly db: Database<DB>
  readonly app: ReturnType<typeof interviewsApp>
  /** What the app could not answer. */
  readonly failures: readonly unknown[]
}

export async function openExample(name: OrmName, url: string): Promise<Example> {
  const orm = await openOrm(name, postgres, url)
  const db = await pillion<DB>(audible(orm.host), { names: 'camel', origins: 'clause' })
  const failures: unknown[] = []
  return { orm, db, app: interviewsApp(db, orm, error => failures.push(error)), failures }
}
