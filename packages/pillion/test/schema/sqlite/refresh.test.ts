import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'
import {
  type Catalog,
  type Fingerprint,
  fingerprintSqlite,
  reflectSqlite,
  refreshSqlite,
} from '../../../src/schema/index.js'
import { openSession, type Session } from './session.js'

const lacking = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

/** DDL, and what of it a refresh sees. */
const changes: readonly (readonly [ddl: string, seen: Partial<Record<'added' | 'removed' | 'changed', string[]>>])[] = [
  ['alter table a add c int', { changed: ['main.a'] }],
  ['alter table a rename c to d', { changed: ['main.a'] }],
  ['alter table a drop d', { changed: ['main.a'] }],
  ['create index by_n on a (n)', { changed: ['main.a'] }],
  ['drop index by_n', { changed: ['main.a'] }],
  ['create view v as select id from a', { added: ['main.v'] }],
  ['drop view v', { removed: ['main.v'] }],
  ['create trigger t after insert on a begin select 1; end', { changed: ['main.a'] }],
  ['drop trigger t', { changed: ['main.a'] }],
  ['create table c (id int, a_id int references a)', { added: ['main.c'] }],
  ['alter table c rename to d', { added: ['main.d'], removed: ['main.c'] }],
  ['drop table d', { removed: ['main.d'] }],
  ['vacuum', {}],
  ['insert into a (n) values (1)', {}],
  ['analyze', {}],
  ['create temp table passing (id)', {}],
]

describe.skipIf(lacking)('a refresh on SQLite', () => {
  let session: Session
  let catalog: Catalog
  let fingerprint: Fingerprint

  beforeAll(async () => {
    session = await openSession('create table a (id integer primary key, n int)')
    fingerprint = await fingerprintSqlite(session.read)
    catalog = await reflectSqlite(session.read)
  })
  afterAll(() => session.close())

  it.each(changes)('%s', async (ddl, seen) => {
    session.database.exec(ddl)
    const refreshed = await refreshSqlite(session.read, catalog, fingerprint)
    expect(refreshed.changes).toEqual({ added: [], removed: [], changed: [], ...seen })
    if (Object.keys(seen).length === 0) expect(refreshed.catalog).toBe(catalog)
    else expect(refreshed.catalog).toEqual(await reflectSqlite(session.read))
    ;({ catalog, fingerprint } = refreshed)
  })

  it('is one statement where nothing changed', async () => {
    const before = session.statements.length
    await refreshSqlite(session.read, catalog, fingerprint)
    expect(session.statements.length - before).toBe(1)
  })

  it('looks at attached databases each time', async () => {
    session.database.exec("attach ':memory:' as side")
    const attached = await refreshSqlite(session.read, catalog, fingerprint)
    expect(attached.changes).toEqual({ added: ['schema side'], removed: [], changed: [] })
    session.database.exec('create table side.b (id)')
    const changed = await refreshSqlite(session.read, attached.catalog, attached.fingerprint)
    expect(changed.changes.added).toEqual(['side.b'])
    expect(changed.catalog).toEqual(await reflectSqlite(session.read))
  })
})
