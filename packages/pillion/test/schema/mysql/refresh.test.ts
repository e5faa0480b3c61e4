import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Catalog,
  type Fingerprint,
  fingerprintMysql,
  reflectMysql,
  refreshMysql,
} from '../../../src/schema/index.js'
import { type Change, servers } from './servers.js'
import { openSession, type Session } from './session.js'

/** What both servers know; what each has of its own comes between, where there are an index and a function. */
const before: readonly Change[] = [
  ['alter table a add c int', { changed: ['main.a'] }],
  ['alter table a modify c int not null default 3', { changed: ['main.a'] }],
  ['alter table a alter c drop default', { changed: ['main.a'] }],
  ["alter table a modify c enum('x')", { changed: ['main.a'] }],
  ["alter table a modify c enum('x', 'y')", { changed: ['main.a'] }],
  ["alter table a modify c enum('x', 'y') comment 'c'", { changed: ['main.a'] }],
  ['alter table a change c d int', { changed: ['main.a'] }],
  ['alter table a drop d', { changed: ['main.a'] }],
  ["alter table a comment 'a'", { changed: ['main.a'] }],
  ['alter table a add constraint a_check check (n > 0)', { changed: ['main.a'] }],
  ['alter table a drop constraint a_check', { changed: ['main.a'] }],
  ['alter table b add constraint b_a foreign key (a_id) references a (id)', { changed: ['main.b'] }],
  ['alter table b drop foreign key b_a', { changed: ['main.b'] }],
  ['create view v as select id from a', { added: ['main.v'] }],
  ['create or replace view v as select id, n from a', { changed: ['main.v'] }],
  ['alter table a modify n bigint', { changed: ['main.a', 'main.v'] }],
  ['drop view v', { removed: ['main.v'] }],
  ['create trigger t before insert on a for each row set new.n = 1', { changed: ['main.a'] }],
  ['drop trigger t', { changed: ['main.a'] }],
  ['create index by_n on a (n)', { changed: ['main.a'] }],
  ['create function f() returns int no sql return 1', { added: ['routine main.f'] }],
]

const after: readonly Change[] = [
  ['drop index by_n on a', { changed: ['main.a'] }],
  ['drop function f', { removed: ['routine main.f'] }],
  ['create table c (id int)', { added: ['main.c'] }],
  ['rename table c to d', { added: ['main.d'], removed: ['main.c'] }],
  ['drop table d', { removed: ['main.d'] }],
  ['alter table a partition by hash (id) partitions 2', { changed: ['main.a'] }],
  ['alter table a engine = MyISAM remove partitioning', { changed: ['main.a'] }],
  ['alter table a convert to character set latin1', { changed: ['main.a'] }],
  ['insert into a (id, n) values (1, 1), (2, 2)', {}],
  ['analyze table a', {}],
  ['truncate a', {}],
  ['create temporary table passing (id int)', {}],
]

describe.each(servers)('a refresh on $name', server => {
  const { lacking } = server
  let session: Session
  let catalog: Catalog
  let fingerprint: Fingerprint

  beforeAll(async () => {
    if (lacking) return
    session = await openSession(server)
    await session.run(
      'create table a (id int primary key auto_increment, n int)',
      'create table b (id int primary key, a_id int, index (a_id))',
    )
    fingerprint = await fingerprintMysql(session.read)
    catalog = await reflectMysql(session.read)
  })
  afterAll(() => session?.close())

  it.skipIf(lacking).each([...before, ...server.changes, ...after])('%s', async (ddl, seen) => {
    await session.run(ddl)
    const refreshed = await refreshMysql(session.read, catalog, fingerprint)
    expect(refreshed.changes).toEqual({ added: [], removed: [], changed: [], ...seen })
    if (Object.keys(seen).length === 0) expect(refreshed.catalog).toBe(catalog)
    else expect(refreshed.catalog).toEqual(await reflectMysql(session.read))
    ;({ catalog, fingerprint } = refreshed)
  })
})
