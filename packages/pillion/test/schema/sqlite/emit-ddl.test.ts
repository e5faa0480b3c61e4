import { afterEach, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'
import {
  type Catalog,
  describeDiff,
  diffCatalogs,
  emitDdl,
  emitTypes,
  parseSnapshot,
  readEmittedTypes,
  reflectSqlite,
  writeSnapshot,
} from '../../../src/schema/index.js'
import { samples } from './samples.js'
import { openSession, type Session } from './session.js'

const lacking = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

describe.skipIf(lacking)('on SQLite', () => {
  const opened: Session[] = []
  afterEach(() => Promise.all(opened.splice(0).map(session => session.close())))

  async function fresh(script: string): Promise<Session> {
    const session = await openSession(script)
    opened.push(session)
    return session
  }

  const same = (before: Catalog, after: Catalog): void => {
    expect(describeDiff(diffCatalogs(before, after))).toBe('')
    expect(after).toEqual(before)
  }

  it.each(samples)('$name, emitted and loaded elsewhere, reflects as it was', async ({ script }) => {
    const catalog = await reflectSqlite((await fresh(script)).read)
    const again = await reflectSqlite((await fresh(emitDdl(catalog))).read)
    same(catalog, again)
    expect(emitDdl(again)).toBe(emitDdl(catalog))
  })

  it('attached databases, too, in their own', async () => {
    const attach = `attach ':memory:' as "side's";`
    const script = `
      create table "side's"."a (b" (id integer primary key, n text);
      create unique index "side's".by_n on "a (b" (n) where n > '';
      create view "side's".seen as select n from "a (b";
      create trigger "side's".touched after delete on "a (b" begin select 1; end;
      create virtual table "side's".found using fts5(n);
      create table here (id integer primary key);
    `
    const catalog = await reflectSqlite((await fresh(attach + script)).read)
    expect(catalog.tables.map(({ id }) => id)).toEqual(['main.here', "side's.a (b", "side's.found", "side's.seen"])
    same(catalog, await reflectSqlite((await fresh(attach + emitDdl(catalog))).read))
  })

  it('a script that leaves something out is not a fixed point', async () => {
    const catalog = await reflectSqlite((await fresh('create table a (b text); create index by_b on a (b)')).read)
    const copy = await fresh(emitDdl(catalog).replace(/CREATE INDEX.*;/, ''))
    expect(describeDiff(diffCatalogs(catalog, await reflectSqlite(copy.read)))).toBe('- index main.a.by_b')
  })

  it('how a CREATE is laid out is no difference', async () => {
    const one = await reflectSqlite((await fresh('create table a (b text check (b > 0), c int)')).read)
    const other = await reflectSqlite(
      (await fresh('create table "a"(b text CHECK (b > 0)); alter table a add c int')).read,
    )
    expect(diffCatalogs(one, other)).toEqual([])
  })

  it.each(samples)('$name comes back from its snapshot and from TypeScript as it was', async ({ script }) => {
    const catalog = await reflectSqlite((await fresh(script)).read)
    expect(parseSnapshot(writeSnapshot(catalog))).toEqual(catalog)
    expect(readEmittedTypes(emitTypes(catalog))).toEqual(catalog)
  })
})
