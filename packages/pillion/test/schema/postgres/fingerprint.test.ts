import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../../test/support/postgres.js'
import {
  type Catalog,
  changedSince,
  type Fingerprint,
  fingerprintPostgres,
  reflectPostgres,
  refreshPostgres,
} from '../../../src/schema/index.js'
import { openSession, type Session } from './session.js'

const schema = `
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TYPE pair AS (x integer, y integer);
  CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
  CREATE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 42';
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE SEQUENCE counter;
  CREATE TABLE hub (id integer PRIMARY KEY, name text, feeling mood);
  CREATE TABLE spoke (id integer PRIMARY KEY, hub_id integer NOT NULL REFERENCES hub, size positive, at pair,
    n integer DEFAULT nextval('counter'), m integer DEFAULT answer());
  CREATE TABLE lone (id integer PRIMARY KEY, amount integer, CONSTRAINT lone_amount CHECK (amount > 0));
  CREATE INDEX lone_index ON lone (amount);
  CREATE TABLE parted (id integer NOT NULL) PARTITION BY LIST (id);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
  CREATE TABLE loose (id integer NOT NULL);
  CREATE TABLE cut (id integer NOT NULL) PARTITION BY LIST (id);
  CREATE TABLE cut_1 PARTITION OF cut FOR VALUES IN (1);
  CREATE UNIQUE INDEX cut_ids ON ONLY cut (id);
  CREATE UNIQUE INDEX cut_1_ids ON cut_1 (id);
  CREATE TABLE parent (id integer NOT NULL);
  CREATE TABLE child () INHERITS (parent);
  CREATE TABLE holder (id integer, held hub);
  CREATE VIEW seen AS SELECT hub.id, hub.name FROM hub;
  CREATE VIEW seen_twice AS SELECT id, name FROM seen;
  CREATE VIEW all_parents AS SELECT id FROM parent;
  CREATE TRIGGER lone_stamp BEFORE INSERT ON lone FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE SCHEMA side;
  CREATE FUNCTION side.half(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n / 2';
  CREATE TABLE halved (id integer CHECK (side.half(id) > 0));
  CREATE POLICY lone_policy ON lone USING (amount > 1)`

/** DDL, and the entries whose fingerprint it changes; `+` for added, `-` for removed. */
const changes: readonly (readonly [ddl: string, entries: readonly string[]])[] = [
  ['ALTER TABLE lone ADD extra text', ['public.lone']],
  ['ALTER TABLE hub RENAME name TO title', ['public.hub']],
  ['ALTER TABLE lone DROP amount CASCADE', ['public.lone']],
  ['ALTER TABLE lone ALTER amount SET DEFAULT 7', ['public.lone']],
  ['ALTER TABLE spoke ALTER n SET DEFAULT 5', ['public.spoke']],
  ['ALTER TABLE spoke ALTER m DROP DEFAULT', ['public.spoke']],
  ["ALTER VIEW seen ALTER name SET DEFAULT 'nobody'", ['public.seen']],
  ['ALTER TABLE lone ALTER amount SET NOT NULL', ['public.lone']],
  ['ALTER TABLE hub ALTER name SET NOT NULL', ['public.hub']],
  ["ALTER TYPE mood ADD VALUE 'great'", ['type public.mood']],
  ["ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'", ['type public.mood']],
  ['CREATE INDEX lone_second ON lone (id, amount)', ['public.lone']],
  ['ALTER INDEX lone_index RENAME TO lone_renamed', ['public.lone']],
  ['DROP INDEX lone_index', ['public.lone']],
  ['ALTER TABLE lone ADD CONSTRAINT late CHECK (amount < 9) NOT VALID', ['public.lone']],
  [
    'ALTER TABLE lone ADD CONSTRAINT late CHECK (amount < 9) NOT VALID; ALTER TABLE lone VALIDATE CONSTRAINT late',
    ['public.lone'],
  ],
  ['ALTER TABLE lone RENAME CONSTRAINT lone_amount TO lone_sum', ['public.lone']],
  ["COMMENT ON TABLE lone IS 'alone'", ['public.lone']],
  ["COMMENT ON COLUMN lone.amount IS 'how much'", ['public.lone']],
  ["COMMENT ON CONSTRAINT lone_amount ON lone IS 'some'", ['public.lone']],
  ["COMMENT ON INDEX lone_index IS 'quick'", ['public.lone']],
  ['CREATE OR REPLACE VIEW seen AS SELECT id, upper(name) AS name FROM hub', ['public.seen']],
  ["CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 43'", ['routine public.answer()']],
  ['ALTER TABLE parted ATTACH PARTITION loose FOR VALUES IN (2)', ['public.loose']],
  ['ALTER TABLE parted DETACH PARTITION parted_1', ['public.parted_1']],
  ['ALTER TABLE child NO INHERIT parent', ['public.child', 'public.parent']],
  ['DROP TABLE child', ['-public.child', 'public.parent']],
  ['CREATE TABLE second () INHERITS (parent)', ['+public.second', 'public.parent']],
  ['ALTER INDEX cut_ids ATTACH PARTITION cut_1_ids', ['public.cut', 'public.cut_1']],
  ['ALTER SEQUENCE counter INCREMENT BY 5', ['sequence public.counter']],
  ['ALTER SEQUENCE counter OWNED BY lone.id', ['sequence public.counter']],
  ['ALTER TABLE hub RENAME TO centre', ['+public.centre', '-public.hub']],
  ['CREATE TRIGGER lone_second BEFORE UPDATE ON lone FOR EACH ROW EXECUTE FUNCTION stamp()', ['public.lone']],
  ['ALTER TABLE lone DISABLE TRIGGER lone_stamp', ['public.lone']],
  ['ALTER DOMAIN positive SET NOT NULL', ['type public.positive']],
  ['ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 9)', ['type public.positive']],
  ['ALTER TYPE pair ADD ATTRIBUTE z integer', ['type public.pair']],
  ['ALTER TYPE mood RENAME TO temper', ['+type public.temper', '-type public.mood']],
  ['ALTER TABLE lone ENABLE ROW LEVEL SECURITY', ['public.lone']],
  ['ALTER POLICY lone_policy ON lone USING (amount > 2)', ['public.lone']],
  ['ALTER TABLE lone ALTER amount SET STATISTICS 50', ['public.lone']],
  ['ALTER TABLE lone SET (fillfactor = 50)', ['public.lone']],
  ['ALTER FUNCTION answer() RENAME TO reply', ['+routine public.reply()', '-routine public.answer()']],
  [
    'ALTER SCHEMA side RENAME TO beside',
    ['+routine beside.half(23)', '+schema beside', '-routine side.half(23)', '-schema side'],
  ],
  ['CREATE TABLE fresh (id integer PRIMARY KEY, spoke_id integer REFERENCES spoke)', ['+public.fresh']],
  ['ALTER TABLE hub ADD extra text', ['public.hub']],
  ['DROP TABLE loose', ['-public.loose']],
  ['DROP VIEW seen_twice', ['-public.seen_twice']],
  ['ALTER TABLE spoke DROP CONSTRAINT spoke_hub_id_fkey', ['public.spoke']],
  ['CREATE TYPE size AS ENUM ()', ['+type public.size']],
  ['CREATE EXTENSION hstore', ['+extension hstore']],
]

const unchanging: readonly string[] = [
  'INSERT INTO lone VALUES (1, 1); UPDATE lone SET amount = 2; DELETE FROM lone',
  'ANALYZE',
  'VACUUM',
  'VACUUM FREEZE',
  'VACUUM FULL pg_catalog.pg_class',
  "SELECT nextval('counter')",
  'CREATE TEMP TABLE passing (id integer)',
]

describe.each(postgresServers())('fingerprints on PostgreSQL $version', ({ url }) => {
  let template: Database
  let session: Session
  let catalog: Catalog
  let fingerprint: Fingerprint

  beforeAll(async () => {
    template = await createDatabase(url)
    session = await openSession(template.url)
    await session.run(schema)
    fingerprint = await fingerprintPostgres(session.read)
    catalog = await reflectPostgres(session.read)
  })

  afterAll(async () => {
    await session?.close()
    await template?.drop()
  })

  it.each(changes)('%s', async (ddl, expected) => {
    await session.run('BEGIN')
    try {
      await session.run(ddl)
      const refreshed = await refreshPostgres(session.read, catalog, fingerprint)
      const { added, removed, changed } = changedSince(fingerprint, refreshed.fingerprint)
      expect([...added.map(entry => `+${entry}`), ...removed.map(entry => `-${entry}`), ...changed]).toEqual(expected)
      expect(refreshed.catalog).toEqual(await reflectPostgres(session.read))
      expect(refreshed.fingerprint).toEqual(await fingerprintPostgres(session.read))
    } finally {
      await session.run('ROLLBACK')
    }
  })

  it('sees each row version, also of a transaction before', async () => {
    const other = await openSession(template.url)
    try {
      await other.run("COMMENT ON TABLE loose IS 'one'")
      const first = await refreshPostgres(session.read, catalog, fingerprint)
      expect(first.changes.changed).toEqual(['public.loose'])
      await other.run("COMMENT ON TABLE loose IS 'two'")
      const second = await refreshPostgres(session.read, first.catalog, first.fingerprint)
      expect(second.changes.changed).toEqual(['public.loose'])
      expect(second.catalog).toEqual(await reflectPostgres(session.read))
      await other.run('COMMENT ON TABLE loose IS NULL')
      const third = await refreshPostgres(session.read, second.catalog, second.fingerprint)
      expect(third.catalog).toEqual(catalog)
      fingerprint = third.fingerprint
    } finally {
      await other.close()
    }
  })

  it('sees a NOT NULL that does not hold yet, and when it does', async ({ skip }) => {
    skip(catalog.version < 180_000, 'lacks a NOT NULL that does not hold: PostgreSQL 18 has it')
    const other = await openSession(template.url)
    const column = (of: Catalog) => of.tables.find(({ id }) => id === 'public.lone')?.columns[1]
    try {
      await other.run('ALTER TABLE lone ADD CONSTRAINT filled NOT NULL amount NOT VALID')
      const unproven = await refreshPostgres(session.read, catalog, fingerprint)
      expect(unproven.changes.changed).toEqual(['public.lone'])
      expect(column(unproven.catalog)).toMatchObject({ name: 'amount', nullable: true })
      await other.run('ALTER TABLE lone VALIDATE CONSTRAINT filled')
      const proven = await refreshPostgres(session.read, unproven.catalog, unproven.fingerprint)
      expect(proven.changes.changed).toEqual(['public.lone'])
      expect(column(proven.catalog)).toMatchObject({ name: 'amount', nullable: false })
      expect(proven.catalog).toEqual(await reflectPostgres(session.read))
      await other.run('ALTER TABLE lone ALTER amount DROP NOT NULL')
      fingerprint = (await refreshPostgres(session.read, proven.catalog, proven.fingerprint)).fingerprint
    } finally {
      await other.close()
    }
  })

  it('brings nullability up from a child to its parent and its views', async () => {
    await session.run('BEGIN')
    try {
      const isEnforced = catalog.version >= 180_000
      await session.run(isEnforced ? 'ALTER TABLE child NO INHERIT parent' : 'ALTER TABLE child ALTER id DROP NOT NULL')
      const refreshed = await refreshPostgres(session.read, catalog, fingerprint)
      expect(refreshed.catalog).toEqual(await reflectPostgres(session.read))
      const seen = refreshed.catalog.tables.find(({ name }) => name === 'all_parents')
      expect(seen?.columns[0]?.nullable).toBe(!isEnforced)
    } finally {
      await session.run('ROLLBACK')
    }
  })

  it('reads nothing more, and gives the same catalog, where nothing changed', async () => {
    const before = session.statements.length
    const refreshed = await refreshPostgres(session.read, catalog, fingerprint)
    expect(session.statements.length - before).toBe(1)
    expect(refreshed.catalog).toBe(catalog)
  })

  it('keeps overrides through a refresh', async () => {
    const options = {
      overrides: {
        relations: { 'public.spoke.spoke_hub_id_fkey': { to: 'middle' } },
        nullability: { 'public.seen.id': 'null', 'public.child.id': 'null' },
        exclude: ['child', 'lone'],
        excludeColumns: ['public.hub.name'],
      },
    } as const
    const before = await reflectPostgres(session.read, options)
    await session.run('BEGIN')
    try {
      await session.run('ALTER TABLE hub ADD extra text; ALTER TABLE lone ADD extra text')
      const refreshed = await refreshPostgres(session.read, before, fingerprint, options)
      expect(refreshed.catalog).toEqual(await reflectPostgres(session.read, options))
      expect(refreshed.catalog.tables.map(({ name }) => name)).not.toContain('lone')
    } finally {
      await session.run('ROLLBACK')
    }
  })

  it('follows the default schema, and with it every key', async () => {
    await session.run('BEGIN')
    try {
      await session.run('ALTER SCHEMA public RENAME TO private; SET LOCAL search_path = private')
      const refreshed = await refreshPostgres(session.read, catalog, fingerprint)
      expect(refreshed.catalog).toEqual(await reflectPostgres(session.read))
      expect(refreshed.catalog.defaultSchema).toBe('private')
    } finally {
      await session.run('ROLLBACK')
    }
  })

  it('is left alone by transactions that pass, also where the server itself wrote the rows', async () => {
    const own = ['pg_catalog', 'information_schema']
    const before = await fingerprintPostgres(session.read, own)
    expect(before).toHaveProperty(['pg_catalog.pg_class'])
    await session.run('SELECT txid_current()')
    const other = await openSession(template.url)
    try {
      expect(await fingerprintPostgres(other.read, own)).toEqual(before)
      expect(await fingerprintPostgres(other.read)).toEqual(fingerprint)
    } finally {
      await other.close()
    }
  })

  it.each(unchanging)('is left alone by %s', async sql => {
    for (const statement of sql.split('; ')) await session.run(statement)
    expect(await fingerprintPostgres(session.read)).toEqual(fingerprint)
  })
})
