/**
 * The tables that queries are written on. They are module constants, so which database they are of is known before the
 * first query is built: `INTERVIEWS_DATABASE` names it.
 *
 * @module
 */
import type { EngineName } from './engine/engine.js'
import type * as Generated from './db/postgres.gen.js'

export type { DB, Department, Evaluation, Interview } from './db/postgres.gen.js'

/** Each written by pillion reflect; they differ in what the databases call their types. */
const generated: Readonly<Record<EngineName, () => Promise<unknown>>> = {
  postgres: () => import('./db/postgres.gen.js'),
  mariadb: () => import('./db/mariadb.gen.js'),
  sqlite: () => import('./db/sqlite.gen.js'),
}

const name = (process.env['INTERVIEWS_DATABASE'] ?? 'postgres') as EngineName

export const { tables } = (await generated[name]()) as typeof Generated
