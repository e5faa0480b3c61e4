/** A group by a unique column that may be NULL was held to be one row: of those without it, one gave its other columns for all. */
import Sqlite from 'better-sqlite3'
import { count, pillionSync } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { expect, it } from 'vitest'
import { expectRefusal } from '../refusal.js'

it('its other columns are refused, and of a unique one that is never NULL they are told', async () => {
  const sqlite = new Sqlite(':memory:')
  try {
    sqlite.exec(`create table mail (id integer primary key, address text unique, code text not null unique, label text not null);
      insert into mail values (1, null, 'x', 'a'), (2, null, 'y', 'b'), (3, 'q', 'z', 'c')`)
    const db = pillionSync(betterSqlite3Host(sqlite))
    // oxlint-disable-next-line typescript/no-explicit-any
    const { mail }: any = db.tables
    const by = (key: string) => db.from(mail).select({ label: mail.label, n: count() }).groupBy(mail[key])
    await expectRefusal(() => by('address').all(), 'UNGROUPED')
    expect(by('code').allSync()).toHaveLength(3)
  } finally {
    sqlite.close()
  }
})
