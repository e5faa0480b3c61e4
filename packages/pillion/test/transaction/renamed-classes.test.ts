/**
 * A bundle that was made small has other names for classes: Kysely and MikroORM were no longer recognised there, and what mysql2 says
 * of a transaction that is over was not seen.
 *
 * @module
 */

import { MikroORM, PostgreSqlPlatform } from '@mikro-orm/postgresql'
import {
  Kysely,
  MssqlQueryCompiler,
  MysqlAdapter,
  MysqlDialect,
  PostgresAdapter,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
} from 'kysely'
import { PGliteDialect, Kysely as Kysely29 } from 'kysely-29'
import { transactions } from 'pillion/transaction'
import { afterEach, expect, test } from 'vitest'
import { isOutside } from '../../src/transaction/hosts/mysql.js'

const renamed: (() => void)[] = []

/** As a bundler does. */
function rename(type: { readonly name: string }): void {
  const { name } = type
  Object.defineProperty(type, 'name', { value: 'a' })
  renamed.push(() => void Object.defineProperty(type, 'name', { value: name }))
}

afterEach(() => {
  for (const undo of renamed.splice(0)) undo()
})

const opened = { pool: null as never, database: null as never }

test.each([
  [PostgresAdapter, new PostgresDialect(opened)],
  [MysqlAdapter, new MysqlDialect(opened)],
  [SqliteAdapter, new SqliteDialect(opened)],
])('Kysely is recognised by what it prints: %o', (adapter, dialect) => {
  rename(adapter)
  expect(() => transactions(new Kysely<unknown>({ dialect }))).not.toThrow()
})

test('one that prints in another way is refused, and one of a single connection to PostgreSQL', () => {
  const mssql = Object.assign(new PostgresDialect(opened), { createQueryCompiler: () => new MssqlQueryCompiler() })
  expect(() => transactions(new Kysely<unknown>({ dialect: mssql }))).toThrow(/HOST_SHAPE/)
  const pglite = new PGliteDialect({ pglite: null as never })
  expect(() => transactions(new Kysely29<unknown>({ dialect: pglite }))).toThrow(/HOST_SHAPE/)
})

test('MikroORM is recognised by the driver that it needs', async () => {
  rename(PostgreSqlPlatform)
  const orm = await MikroORM.init({ dbName: 'none', entities: [], discovery: { warnWhenNoEntities: false } })
  expect(() => transactions(orm)).not.toThrow()
})

test('what mysql2 says of a statement is known by what is in it', () => {
  const said = { fieldCount: 0, affectedRows: 0, insertId: 0, info: '', serverStatus: 2, warningStatus: 0 }
  expect(isOutside(said)).toBe(true)
  expect(isOutside({ ...said, serverStatus: 3 })).toBe(false)
  expect(isOutside([{ serverStatus: 2 }])).toBe(false)
})
