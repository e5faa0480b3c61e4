/**
 * Which server answers, and which database the connection is in.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { type Read, textRows } from '../read.js'
import { assertPlainSession, sessionSettings } from './session.js'

export interface Server {
  readonly kind: 'mysql' | 'mariadb'
  /** 101119 for 10.11.19. */
  readonly version: number
  /** The database of the connection, if it is in one. */
  readonly database: string | undefined
  /** Do the names of two tables that differ in case alone mean one table? (`lower_case_table_names`) */
  readonly foldsNames: boolean
}

/** The oldest versions that are read. */
const oldest = { mysql: 80_400, mariadb: 100_600 } as const

/**
 * @throws REFLECT_FAILED when the server is older than pillion reads, or no MySQL at all; and where the session is told
 *   what would change rows.
 */
export async function serverOf(read: Read): Promise<Server> {
  const statement = `SELECT VERSION(), DATABASE(), @@lower_case_table_names, ${sessionSettings.join(', ')}`
  const [[text, database, folding, ...settings] = []] = await textRows(read(statement))
  const kind = /mariadb/i.test(text ?? '') ? 'mariadb' : 'mysql'
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(text ?? '') ?? []
  const version = Number(major) * 10_000 + Number(minor) * 100 + Number(patch)
  if (!(version >= oldest[kind]))
    throw new PillionError('REFLECT_FAILED', `the server calls itself version ${text}`, {
      hint: 'Reflection needs MySQL 8.4 or MariaDB 10.6, or later.',
    })
  assertPlainSession(settings)
  return { kind, version, database: database ?? undefined, foldsNames: folding !== '0' }
}
