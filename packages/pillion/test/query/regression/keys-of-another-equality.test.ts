/** A unique, or a foreign key, that tells rows apart by another equality than a join does: rows were repeated, or left out. */
import Sqlite from 'better-sqlite3'
import { type Column, type Handle, type Kind, pillion } from 'pillion'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { pgHost } from 'pillion/pg'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { createDatabase, postgresServers } from '../../../../../test/support/postgres.js'
import { skipAloud } from '../../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../../test/support/sqlite.js'

/** Any table, whose every relation to one is one of these, too. */
type Any = Handle<AnyKind, unknown, 'joined'> & { readonly id: Column<number, 'joined'> } & Relations
interface Relations {
  readonly [relation: string]: Any & Column<number, 'joined'>
}
interface AnyKind extends Kind {
  readonly row: { readonly id: number }
  readonly handle: Any
}
type Database = Awaited<ReturnType<typeof pillion<Record<string, Any>>>>

interface Case {
  readonly what: string
  readonly ddl: string
  /** As `table.relation: kind`, with `?` where there may be none. */
  readonly relations: readonly string[]
}

/** What is said of all relations, where each of those to one gives every row of its table once. */
async function relationsOf({ catalog, tables, from }: Database): Promise<readonly string[]> {
  const said: string[] = []
  for (const { name, key, relations } of catalog.tables)
    for (const { key: relation, kind, optional } of relations) {
      said.push(`${name}.${relation}: ${kind}${optional ? '?' : ''}`)
      if (kind !== 'one') continue
      const table = tables[key] as Any
      const all = from(table).select({ id: table.id }).orderBy(table.id.asc())
      const beside = all.select({ id: table.id, other: table[relation]!.id })
      expect((await beside.all()).map(({ id }) => id)).toEqual((await all.all()).map(({ id }) => id))
    }
  return said
}

const onPostgres: readonly Case[] = [
  {
    what: 'a foreign key that INHERITS children do not have',
    ddl: `
      CREATE TABLE target (id int PRIMARY KEY);
      CREATE TABLE par (id int NOT NULL, target_id int NOT NULL REFERENCES target);
      CREATE TABLE kid () INHERITS (par);
      INSERT INTO target VALUES (1); INSERT INTO par VALUES (1, 1); INSERT INTO kid VALUES (2, 99)`,
    relations: ['par.target: one?', 'target.pars: many'],
  },
  {
    what: 'a text that points to what is padded',
    ddl: `
      CREATE TABLE padded (id int NOT NULL, code char(3) PRIMARY KEY);
      CREATE TABLE kid (id int PRIMARY KEY, code text NOT NULL UNIQUE REFERENCES padded);
      INSERT INTO padded VALUES (1, 'a'); INSERT INTO kid VALUES (1, 'a'), (2, 'a  ')`,
    relations: ['kid.padded: one?', 'padded.kid: one?'],
  },
  {
    what: 'a unique index in another collation than the column',
    ddl: `
      CREATE COLLATION lax (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE named (id int PRIMARY KEY, name text COLLATE lax NOT NULL);
      CREATE UNIQUE INDEX ON named (name COLLATE "C");
      CREATE TABLE kid (id int PRIMARY KEY, name text COLLATE lax NOT NULL REFERENCES named (name));
      INSERT INTO named VALUES (1, 'a'), (2, 'A'); INSERT INTO kid VALUES (1, 'a')`,
    relations: ['kid.named: many', 'named.kids: many'],
  },
  {
    what: 'a unique index of a class whose equality is another',
    ddl: `
      CREATE TYPE amount AS (n numeric);
      CREATE TABLE priced (id int PRIMARY KEY, price amount NOT NULL);
      CREATE UNIQUE INDEX ON priced (price record_image_ops);
      CREATE TABLE kid (id int PRIMARY KEY, price amount NOT NULL);
      INSERT INTO priced VALUES (1, ROW(1.0)), (2, ROW(1.00)); INSERT INTO kid VALUES (1, ROW(1))`,
    relations: [],
  },
  {
    what: 'none of these, but other classes, orders and collations that tell the same apart',
    ddl: `
      CREATE TABLE named (id int PRIMARY KEY, name text NOT NULL);
      CREATE UNIQUE INDEX ON named (name COLLATE "C" text_pattern_ops DESC);
      CREATE TABLE kid (id int PRIMARY KEY, name varchar(9) NOT NULL REFERENCES named (name));
      INSERT INTO named VALUES (1, 'a'); INSERT INTO kid VALUES (1, 'a')`,
    relations: ['kid.named: one', 'named.kids: many'],
  },
]

describe.each(postgresServers())('PostgreSQL $version', ({ url }) => {
  it.each(onPostgres)('$what', async ({ ddl, relations }) => {
    const database = await createDatabase(url)
    const pool = new Pool({ connectionString: database.url, max: 1 })
    // its socket outlives pool.end(), and the database is dropped under it
    pool.on('connect', client => client.on('error', () => {}))
    try {
      await pool.query(ddl)
      const db = await pillion<Record<string, Any>>(pgHost(pool))
      expect(await relationsOf(db)).toEqual(relations)
      const priced = db.catalog.tables.find(({ name }) => name === 'priced')
      if (priced !== undefined) expect(priced.indexes[0]?.keys).toEqual([{ expression: 'price record_image_ops' }])
    } finally {
      await pool.end()
      await database.drop()
    }
  })
})

const onSqlite: readonly Case[] = [
  {
    what: 'texts that are one number',
    ddl: `
      CREATE TABLE par (id integer PRIMARY KEY);
      CREATE TABLE kid (id integer PRIMARY KEY, par_id text UNIQUE NOT NULL REFERENCES par);
      INSERT INTO par VALUES (1); INSERT INTO kid VALUES (1, '1'), (2, '01'), (3, '1.0')`,
    relations: ['kid.par: one', 'par.kids: many'],
  },
  {
    what: 'numbers that point to texts',
    ddl: `
      CREATE TABLE par (id integer, code text PRIMARY KEY);
      CREATE TABLE kid (id integer PRIMARY KEY, code integer NOT NULL REFERENCES par);
      INSERT INTO par VALUES (1, '1'), (2, '01'); INSERT INTO kid VALUES (1, 1)`,
    relations: ['kid.par: many', 'par.kids: many'],
  },
  {
    what: 'a column of no type beside one of texts',
    ddl: `
      CREATE TABLE par (id integer PRIMARY KEY, code text UNIQUE NOT NULL);
      CREATE TABLE kid (id integer PRIMARY KEY, code UNIQUE NOT NULL REFERENCES par (code));
      INSERT INTO par VALUES (1, '1'); INSERT INTO kid VALUES (1, '1'), (2, 1)`,
    relations: ['kid.par: one?', 'par.kid: one?'],
  },
  {
    what: 'a primary key in another collation than its column',
    ddl: `
      CREATE TABLE par (id integer, code text COLLATE NOCASE NOT NULL, PRIMARY KEY (code COLLATE BINARY));
      CREATE TABLE kid (id integer PRIMARY KEY, code text COLLATE NOCASE NOT NULL REFERENCES par);
      INSERT INTO par VALUES (1, 'x'), (2, 'X'); INSERT INTO kid VALUES (1, 'x')`,
    relations: ['kid.par: many', 'par.kids: many'],
  },
  {
    what: 'none of these, where both ends are of one kind',
    ddl: `
      CREATE TABLE par (id integer PRIMARY KEY, code varchar(9) COLLATE NOCASE UNIQUE NOT NULL);
      CREATE TABLE kid (id bigint PRIMARY KEY NOT NULL REFERENCES par, code text COLLATE NOCASE NOT NULL REFERENCES par (code));
      INSERT INTO par VALUES (1, 'x'); INSERT INTO kid VALUES (1, 'X')`,
    relations: ['kid.code_par: one', 'kid.id_par: one', 'par.kid_by_par: one?', 'par.kids_by_par: many'],
  },
]

describe.skipIf(skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite'))('SQLite', () => {
  it.each(onSqlite)('$what', async ({ ddl, relations }) => {
    const database = new Sqlite(':memory:')
    try {
      database.pragma('foreign_keys = ON')
      database.exec(ddl)
      expect(await relationsOf(await pillion<Record<string, Any>>(betterSqlite3Host(database)))).toEqual(relations)
    } finally {
      database.close()
    }
  })
})
