/**
 * A database of a test file's own, refilled at little cost, on a host that remembers what it was sent: one for each
 * dialect.
 *
 * @module
 */
import type { Database } from 'pillion'
import type { DB } from '../../../support/interviews.gen.js'
import type { Manner } from '../manner.js'
import type { Tables } from '../small-world.js'
import { mysqlGrounds } from '../../../hosts/mysql-observer.js'
import { openMysqlArena } from './mysql.js'
import { openPostgresArena } from './postgres.js'
import { openSqliteArena } from './sqlite.js'

export interface Arena {
  readonly db: Database<DB>
  readonly manner: Manner
  /** Replaces every row of every table. */
  fill(tables: Tables): Promise<void>
  /** What was sent since the last asking. */
  sent(): readonly string[]
  close(): Promise<void>
}

/** A dialect to try laws on. */
export interface Ground {
  readonly dialect: string
  open(): Promise<Arena>
}

/** Every dialect at hand. */
export function grounds(): readonly Ground[] {
  return [
    { dialect: 'PostgreSQL', open: openPostgresArena },
    { dialect: 'SQLite', open: openSqliteArena },
    ...mysqlGrounds().map(({ name, create }) => ({ dialect: name, open: () => openMysqlArena(create) })),
  ]
}
