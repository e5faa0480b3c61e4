import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'
import { type Catalog, type Read, reflectSqlite } from '../../../src/schema/index.js'
import { torture } from './samples.js'
import { openSession, type Session } from './session.js'

const lacking = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

type Rows = Awaited<ReturnType<Read>>

describe.skipIf(lacking)('the torture schema of SQLite is the same through', () => {
  let session: Session
  let catalog: Catalog

  beforeAll(async () => {
    session = await openSession(torture)
    catalog = await reflectSqlite(session.read)
  })
  afterAll(() => session.close())

  it('better-sqlite3 with every integer a bigint', async () => {
    const read: Read = async sql => session.database.prepare(sql).safeIntegers(true).raw(true).all() as unknown as Rows
    expect(await reflectSqlite(read)).toEqual(catalog)
  })

  it('rows as objects, as sqlite3 gives them', async () => {
    const { default: sqlite3 } = await import('sqlite3')
    const database = new sqlite3.Database(session.file)
    const read: Read = sql =>
      new Promise((resolve, reject) => {
        database.all<Readonly<Record<string, string>>>(sql, (error, rows) =>
          error === null ? resolve(rows.map(row => Object.values(row))) : reject(error),
        )
      })
    // Its own SQLite may be another version, and may lack modules.
    expect(await reflectSqlite(read)).toEqual({ ...catalog, version: expect.any(Number) })
    await new Promise(resolve => database.close(resolve))
  })
})
