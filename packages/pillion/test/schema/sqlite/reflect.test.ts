import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'
import { type Catalog, codecOf, reflectSqlite } from '../../../src/schema/index.js'
import { torture } from './samples.js'
import { openSession, type Session } from './session.js'
import { partsOf } from '../known.js'

const lacking = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

describe.skipIf(lacking)('the torture schema', () => {
  let session: Session
  let catalog: Catalog

  beforeAll(async () => {
    session = await openSession(torture)
    catalog = await reflectSqlite(session.read)
  })
  afterAll(() => session.close())

  const { table, column } = partsOf(() => catalog)
  const odd = 'odd "table, (x)'

  it('comes in two statements', () => {
    expect(session.statements).toHaveLength(2)
  })

  it("has its tables and views, and nothing of SQLite's own", () => {
    expect(catalog).toMatchObject({ dialect: 'sqlite', defaultSchema: 'main', schemas: ['main'] })
    expect(catalog.tables.map(({ name, kind, options }) => [name, kind, options])).toEqual([
      ['alias_too', 'table', undefined],
      ['both', 'table', 'WITHOUT ROWID, STRICT'],
      ['copied', 'table', undefined],
      ['counted', 'table', 'AUTOINCREMENT'],
      ['every_type', 'table', undefined],
      ['found', 'virtual table', "USING fts5(title, body, tokenize = 'porter ascii')"],
      ['int_key', 'table', undefined],
      ['no_alias', 'table', undefined],
      ['no_rowid', 'table', 'WITHOUT ROWID'],
      ['null_key', 'table', undefined],
      [odd, 'table', undefined],
      ['over', 'view', undefined],
      ['plain', 'table', undefined],
      ['seen', 'view', undefined],
      ['strict_one', 'table', 'STRICT'],
    ])
  })

  it('has types by their declarations', () => {
    const types = table('every_type').columns.map(
      ({ sqlType, type }) => `${sqlType} = ${codecOf(type).ts} ${(type as { name: string }).name}`,
    )
    expect(types).toEqual([
      'INT = number int53',
      'INTEGER = number int53',
      'TINYINT = number int53',
      'BIGINT = bigint int8',
      'INT8 = bigint int8',
      'UNSIGNED BIG INT = bigint int8',
      'BOOLEAN = boolean bool',
      'VARCHAR(10) = string text',
      'NCHAR(5) = string text',
      'CLOB = string text',
      'TEXT = string text',
      'BLOB = Uint8Array bytea',
      'REAL = number float8',
      'FLOAT = number float8',
      'DOUBLE PRECISION = number float8',
      'DECIMAL(5,2) = string numeric',
      'NUMERIC = string numeric',
      'DATE = string date',
      'DATETIME = Date timestamptz',
      'TIMESTAMP = Date timestamptz',
      'TIME = string time',
      'JSON = p.Json json',
      'JSONB = p.Json json',
      'UUID = string uuid',
      ' = string | number | bigint | Uint8Array any',
      'MONEY = string | number | bigint | Uint8Array any',
      'Some "INT" type = number int53',
    ])
    expect(column('strict_one', 'b').type).toEqual({ kind: 'base', name: 'any' })
    expect(column('plain', 'd').type).toEqual({ kind: 'base', name: 'numeric', modifier: '10,2' })
  })

  it('knows where NULL can be', () => {
    const nullable = (name: string) => table(name).columns.flatMap(each => (each.nullable ? [each.name] : []))
    expect(nullable('plain')).toEqual(['b', 'c', 'd'])
    expect(nullable('strict_one')).toEqual(['b', 'c', 'e', 'f'])
    expect(nullable('no_rowid')).toEqual([])
    expect(nullable('both')).toEqual([])
    expect(nullable('null_key')).toEqual(['a', 'b'])
    expect(nullable('no_alias')).toEqual(['a'])
    expect(nullable('int_key')).toEqual(['a'])
    expect(nullable('alias_too')).toEqual([])
    expect(nullable('seen')).toEqual(['a', 'b', 'n', 'i'])
    // what it says, SQLite does
    const { database } = session
    for (const name of ['null_key', 'no_alias', 'int_key'])
      expect(database.prepare(`insert into ${name} (a) values (null) returning a`).get()).toEqual({ a: null })
    expect(database.prepare('insert into alias_too (a) values (null) returning a').get()).toEqual({ a: 1 })
    for (const name of ['strict_one', 'no_rowid', 'both'])
      expect(() => database.prepare(`insert into ${name} (a) values (null)`).run()).toThrow('NOT NULL')
  })

  it('knows which column is the row id', () => {
    const aliases = catalog.tables.flatMap(({ name, columns }) =>
      columns.flatMap(each => (each.identity === undefined ? [] : [`${name}.${each.name}`])),
    )
    expect(aliases).toEqual(['alias_too.a', 'counted.id', `${odd}.id`, 'plain.a'])
  })

  it('reads through quotes and comments', () => {
    expect(
      table(odd)
        .columns.map(({ name }) => name)
        .join(' | '),
    ).toBe('id | a "(b | back`tick | string name | check | g | h | sign | word | at | pid | tid')
    expect(column(odd, 'back`tick').collation).toBe('NOCASE')
    expect(column(odd, 'g').generated).toEqual({ kind: 'stored', expression: '"check" + (1)' })
    expect(column(odd, 'h').generated).toEqual({ kind: 'virtual', expression: 'lower("back`tick") || \',\'' })
    expect(column(odd, 'sign').default).toBe('-1')
    expect(column('plain', 'e').default).toBe("'it''s, (b) -- no'")
  })

  it('has checks, and names for those without', () => {
    expect(table(odd).checks.map(({ name, expression }) => [name, expression])).toEqual([
      ['named_check', '"check" IN (1, 2)'],
      [`${odd}_check`, 'id > 0'],
      [`${odd}_check_check`, '"check" <> 3 /* ) */'],
      [`${odd}_string name_check`, '"string name" > 0 AND \'a)b,\'\'c\' <> "back`tick"'],
    ])
  })

  it('has keys, and names for those without', () => {
    expect(table('counted').primaryKey).toEqual({ name: 'the_key', columns: ['id'] })
    expect(table('no_rowid').primaryKey).toEqual({ name: 'no_rowid_pkey', columns: ['a', 'b'] })
    expect(table(odd).uniques).toEqual([
      { name: `${odd}_pid_tid_key`, columns: ['pid', 'tid'] },
      { name: `${odd}_word_key`, columns: ['word'] },
      { name: 'two', columns: ['check', 'sign'] },
    ])
  })

  it('has foreign keys with the names and the deferral of the text', () => {
    expect(table(odd).foreignKeys).toEqual([
      {
        name: `${odd}_pid_fkey`,
        columns: ['pid'],
        target: 'main.plain',
        targetColumns: ['a'],
        onUpdate: 'set default',
        onDelete: 'set null',
        validated: true,
      },
      {
        name: `${odd}_pid_fkey1`,
        columns: ['pid'],
        target: 'main.plain',
        targetColumns: ['a'],
        onUpdate: 'no action',
        onDelete: 'no action',
        validated: true,
      },
      {
        name: `${odd}_pid_sign_fkey`,
        columns: ['pid', 'sign'],
        target: 'main.no_rowid',
        targetColumns: ['a', 'b'],
        onUpdate: 'no action',
        onDelete: 'cascade',
        validated: true,
        deferrable: 'immediate',
      },
      {
        name: 'the fk',
        columns: ['tid'],
        target: `main.${odd}`,
        targetColumns: ['id'],
        onUpdate: 'no action',
        onDelete: 'no action',
        validated: true,
        deferrable: 'deferred',
      },
    ])
  })

  it("has indexes: another collation than the column's is no key of it", () => {
    expect(table(odd).indexes.map(({ name, keys, unique, where }) => ({ name, keys, unique, where }))).toEqual([
      {
        name: 'by_expression',
        keys: [
          { expression: 'lower("back`tick") || \',x\'', descending: true },
          { expression: 'pid COLLATE NOCASE' },
          { column: 'id', descending: true },
          { column: 'check' },
        ],
        unique: false,
        where: "pid > 3 AND word <> 'WHERE'",
      },
      { name: 'in_binary', keys: [{ expression: '"back`tick" COLLATE BINARY' }], unique: true, where: undefined },
      { name: 'in_nocase', keys: [{ column: 'back`tick' }], unique: true, where: undefined },
      {
        name: expect.stringMatching(/^sqlite_autoindex/),
        keys: [{ expression: 'sign COLLATE NOCASE' }, { column: 'word' }],
        unique: true,
        where: undefined,
      },
    ])
  })

  it('has views and triggers', () => {
    expect(table('seen')).toMatchObject({ dependsOn: ['main.counted', 'main.plain'] })
    expect(table('seen').triggers.map(({ name }) => name)).toEqual(['through'])
    expect(table('over').definition).toMatch(/^WITH w AS \(SELECT a FROM seen\) SELECT a, 'AS' FROM w, /)
    expect(table('over').dependsOn).toEqual([`main.${odd}`, 'main.seen'])
    expect(table('over').columns.map(({ name }) => name)).toEqual(['one', 'two "2"'])
    const types = table('seen').columns.map(({ type }) => (type as { name: string }).name)
    expect(types).toEqual(['int53', 'text', 'any', 'int53'])
    expect(table('found').columns.map(({ name, hidden }) => [name, hidden ?? false])).toEqual([
      ['title', false],
      ['body', false],
      ['found', true],
      ['rank', true],
    ])
  })
})

describe.skipIf(lacking)('beside the torture schema', () => {
  let session: Session

  beforeAll(async () => {
    session = await openSession('create table kept (id integer primary key)')
  })
  afterAll(() => session.close())

  it('a view that lost its table has no columns, and the others have theirs', async () => {
    session.database.exec(
      'create table gone (a); create view broken as select a from gone; create view whole as select id from kept; drop table gone',
    )
    const catalog = await reflectSqlite(session.read)
    expect(catalog.tables.map(({ name, kind, columns }) => [name, kind, columns.length])).toEqual([
      ['broken', 'view', 0],
      ['kept', 'table', 1],
      ['whole', 'view', 1],
    ])
    session.database.exec('drop view broken; drop view whole')
  })

  it("attached databases are schemas, temporary tables are nobody's", async () => {
    session.database.exec(`
      attach ':memory:' as "side's";
      create table "side's".note (id integer primary key, kept_id int references note);
      create temp table passing (id)
    `)
    const catalog = await reflectSqlite(session.read)
    expect(catalog.schemas).toEqual(['main', "side's"])
    expect(catalog.tables.map(({ id, key }) => [id, key])).toEqual([
      ['main.kept', 'kept'],
      ["side's.note", "side's.note"],
    ])
    expect(catalog.tables[1]?.foreignKeys[0]).toMatchObject({ target: "side's.note", targetColumns: ['id'] })
    expect((await reflectSqlite(session.read, { schemas: ['main'] })).schemas).toEqual(['main'])
    session.database.exec(`detach "side's"; drop table passing`)
  })
})
