import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle } from 'drizzle-orm/node-postgres'
import { withReplicas } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drizzleHost } from '../../src/hosts/drizzle.js'
import { conforms } from './conforms.js'
import { onPg, onSqlite } from './grounds.js'
import { drizzleOnClient, drizzleOnPool, drizzleOnSqlite } from './fixtures/drizzle.js'

for (const fixture of [drizzleOnPool, drizzleOnClient]) conforms(fixture, onPg, ['drizzle-orm'])
conforms(drizzleOnSqlite, onSqlite, ['drizzle-orm', 'better-sqlite3'])

describe('on better-sqlite3, where transactions are synchronous', () => {
  const count = { text: 'select count(*) from note', values: [] }
  let database: Sqlite.Database
  beforeEach(() => {
    database = new Sqlite(':memory:')
    database.exec(`create table note (id integer primary key, body text not null)`)
  })
  afterEach(() => void database.close())

  test('ours is in the transaction it is given, nested ones too, and ends with it', () => {
    const orm = drizzleSqlite(database)
    const host = drizzleHost(orm)
    let kept: unknown
    const rollBack = (): unknown =>
      orm.transaction(tx => {
        kept = tx
        tx.run(sql`insert into note (body) values ('outer')`)
        tx.transaction(inner => {
          inner.run(sql`insert into note (body) values ('inner')`)
          expect(host.runSync(inner, count).rows).toEqual([[2n]])
        })
        expect(host.runSync(tx, count).rows).toEqual([[2n]])
        expect([...host.iterateSync(tx, count)]).toEqual([[2n]])
        tx.rollback()
      })
    expect(rollBack).toThrow('Rollback')
    expect(host.runSync(undefined, count).rows).toEqual([[0n]])
    expect(() => host.runSync(kept, count)).toThrow(/TRANSACTION_FINISHED/)
    expect(() => host.runSync({}, count)).toThrow(/HOST_UNKNOWN/)
  })

  test("another database's is refused", () => {
    const other = drizzleSqlite(new Sqlite(':memory:'))
    const host = drizzleHost(drizzleSqlite(database))
    other.transaction(tx => expect(() => host.runSync(tx, count)).toThrow(/TRANSACTION_FOREIGN/))
  })

  test('what is awaited is sent where it is called', async () => {
    const orm = drizzleSqlite(database)
    const host = drizzleHost(orm)
    const asked = orm.transaction(tx => {
      tx.run(sql`insert into note (body) values ('kept')`)
      return { rows: host.run(tx, count, {}) }
    })
    database.exec('delete from note')
    expect((await asked.rows).rows).toEqual([[1n]])
  })
})

describe('shapes', () => {
  test('replicas are ridden on by their primary', () => {
    const [primary, replica] = [drizzle(new pg.Pool()), drizzle(new pg.Pool())]
    expect(drizzleHost(withReplicas(primary, [replica]) as never).name).toBe('drizzle')
  })

  test('what is no database of Drizzle on node-postgres is refused', () => {
    expect(() => drizzleHost({} as never)).toThrow('HOST_UNKNOWN')
    expect(() => drizzleHost({ $client: {} })).toThrow(/HOST_SHAPE.*\n.*drizzle-orm 0\.45.*mysql2 or better-sqlite3/)
  })
})
