import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type Database } from '../../../../test/support/postgres.js'
import { plural, singular } from '../../src/schema/english.js'
import { type Catalog, type Overrides, reflectPostgres, withRelations } from '../../src/schema/index.js'
import { openSession, type Session } from './postgres/session.js'

let database: Database
let session: Session
let schemas = 0

beforeAll(async () => {
  database = await createDatabase()
  session = await openSession(database.url)
})

afterAll(async () => {
  await session?.close()
  await database?.drop()
})

/** Reflects tables made in a schema of their own. */
async function reflected(ddl: string, options: Parameters<typeof reflectPostgres>[1] = {}): Promise<Catalog> {
  const schema = `s${++schemas}`
  await session.run(`CREATE SCHEMA ${schema}; SET search_path = ${schema}; ${ddl}`)
  return reflectPostgres(session.read, { schemas: [schema], defaultSchema: schema, ...options })
}

/** `key: kind target`, with `?` where it may be missing. */
function relationsOf(catalog: Catalog, table: string): readonly string[] {
  const found = catalog.tables.find(({ name }) => name === table)
  return (found?.relations ?? []).map(({ key, kind, target, optional, through }) => {
    const by = through === undefined ? '' : ` through ${through.table.split('.')[1]}`
    return `${key}: ${kind}${optional ? '?' : ''} ${target.split('.')[1]}${by}`
  })
}

describe('ids of tables', () => {
  it('that dots make one of two are refused, unless one is left out', async () => {
    await session.run(`
      CREATE SCHEMA "dot"; CREATE SCHEMA "dot.ted";
      CREATE TABLE "dot.ted".spot (id integer PRIMARY KEY);
      CREATE TABLE "dot"."ted.spot" (id integer PRIMARY KEY, spot_id integer REFERENCES "dot.ted".spot)`)
    const options = { schemas: ['dot', 'dot.ted'] }
    await expect(reflectPostgres(session.read, options)).rejects.toThrow(
      /REFLECT_FAILED.*ted\.spot of the schema dot and spot of the schema dot\.ted/,
    )
    const { tables } = await reflectPostgres(session.read, { ...options, overrides: { exclude: ['spot'] } })
    expect(tables.map(({ schema, name }) => [schema, name])).toEqual([['dot', 'ted.spot']])
    const [alone] = (await reflectPostgres(session.read, { schemas: ['dot.ted'] })).tables
    expect(alone?.name).toBe('spot')
  })
})

describe('names of relations', () => {
  it('come from the column, and the table in the plural', async () => {
    const catalog = await reflected(`
      CREATE TABLE "user" (id integer PRIMARY KEY);
      CREATE TABLE evaluation (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES "user")`)
    expect(relationsOf(catalog, 'evaluation')).toEqual(['user: one user'])
    expect(relationsOf(catalog, 'user')).toEqual(['evaluations: many evaluation'])
  })

  it('come from the target where the column says no more', async () => {
    const catalog = await reflected(`
      CREATE TABLE accounts (name text PRIMARY KEY);
      CREATE TABLE post (id integer PRIMARY KEY, written_by text REFERENCES accounts);
      CREATE TABLE note (id integer PRIMARY KEY, account text REFERENCES accounts);
      CREATE TABLE twice (a text REFERENCES accounts, b text REFERENCES accounts)`)
    expect(relationsOf(catalog, 'post')).toEqual(['account: one? accounts'])
    expect(relationsOf(catalog, 'note')).toEqual(['account_account: one? accounts'])
    expect(relationsOf(catalog, 'twice')).toEqual(['a_account: one? accounts', 'b_account: one? accounts'])
  })

  it('tell two keys between two tables apart', async () => {
    const catalog = await reflected(`
      CREATE TABLE account (id integer PRIMARY KEY);
      CREATE TABLE post (
        id integer PRIMARY KEY,
        author_id integer NOT NULL REFERENCES account,
        reviewer_id integer REFERENCES account)`)
    expect(relationsOf(catalog, 'post')).toEqual(['author: one account', 'reviewer: one? account'])
    expect(relationsOf(catalog, 'account')).toEqual(['posts_by_author: many post', 'posts_by_reviewer: many post'])
  })

  it('read well on a table that points to itself', async () => {
    const catalog = await reflected('CREATE TABLE node (id integer PRIMARY KEY, parent_id integer REFERENCES node)')
    expect(relationsOf(catalog, 'node')).toEqual(['nodes: many node', 'parent: one? node'])
  })

  it('are singular, and one, where the key is unique', async () => {
    const catalog = await reflected(`
      CREATE TABLE account (id integer PRIMARY KEY);
      CREATE TABLE profile (account_id integer PRIMARY KEY REFERENCES account);
      CREATE TABLE settings (id integer PRIMARY KEY, account_id integer UNIQUE REFERENCES account);
      CREATE TABLE badge (id integer PRIMARY KEY, account_id integer REFERENCES account);
      CREATE UNIQUE INDEX ON badge (account_id);
      CREATE TABLE draft (id integer PRIMARY KEY, live boolean, account_id integer REFERENCES account);
      CREATE UNIQUE INDEX ON draft (account_id) WHERE live;
      CREATE TABLE later (id integer PRIMARY KEY, account_id integer REFERENCES account UNIQUE DEFERRABLE)`)
    expect(relationsOf(catalog, 'account')).toEqual([
      'badge: one? badge',
      'drafts: many draft',
      'laters: many later',
      'profile: one? profile',
      'setting: one? settings',
    ])
    expect(relationsOf(catalog, 'profile')).toEqual(['account: one account'])
  })

  it('pass through junctions, which stay', async () => {
    const catalog = await reflected(`
      CREATE TABLE post (id integer PRIMARY KEY);
      CREATE TABLE label (id integer PRIMARY KEY);
      CREATE TABLE post_label (
        post_id integer NOT NULL REFERENCES post,
        label_id integer NOT NULL REFERENCES label,
        position integer,
        PRIMARY KEY (post_id, label_id))`)
    expect(relationsOf(catalog, 'post')).toEqual([
      'labels: many label through post_label',
      'post_labels: many post_label',
    ])
    expect(relationsOf(catalog, 'label')).toEqual([
      'post_labels: many post_label',
      'posts: many post through post_label',
    ])
    const labels = catalog.tables.find(({ name }) => name === 'post')?.relations[0]
    const [schema] = catalog.schemas
    expect(labels).toEqual({
      key: 'labels',
      kind: 'many',
      target: `${schema}.label`,
      columns: ['id'],
      targetColumns: ['id'],
      optional: false,
      constraint: `${schema}.post_label.post_label_post_id_fkey+${schema}.post_label.post_label_label_id_fkey`,
      through: { table: `${schema}.post_label`, columns: ['post_id'], targetColumns: ['label_id'] },
    })
  })

  it('take a unique for a junction, but not what is unique in itself, nor three keys', async () => {
    const catalog = await reflected(`
      CREATE TABLE a (id integer PRIMARY KEY);
      CREATE TABLE b (id integer PRIMARY KEY);
      CREATE TABLE c (id integer PRIMARY KEY);
      CREATE TABLE by_unique (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a, b_id integer NOT NULL REFERENCES b, UNIQUE (a_id, b_id));
      CREATE TABLE three (a_id integer REFERENCES a, b_id integer REFERENCES b, c_id integer REFERENCES c, PRIMARY KEY (a_id, b_id, c_id));
      CREATE TABLE partial (a_id integer REFERENCES a, c_id integer REFERENCES c);
      CREATE UNIQUE INDEX ON partial (a_id, c_id) WHERE a_id > 1`)
    expect(relationsOf(catalog, 'a')).toEqual([
      'bs: many b through by_unique',
      'by_uniques: many by_unique',
      'partials: many partial',
      'threes: many three',
    ])
  })

  it('tell the ends of a junction from a table to itself apart', async () => {
    const catalog = await reflected(`
      CREATE TABLE account (id integer PRIMARY KEY);
      CREATE TABLE follow (
        follower_id integer REFERENCES account,
        followee_id integer REFERENCES account,
        PRIMARY KEY (follower_id, followee_id))`)
    expect(relationsOf(catalog, 'account')).toEqual([
      'followees: many account through follow',
      'followers: many account through follow',
      'follows_by_followee: many follow',
      'follows_by_follower: many follow',
    ])
    const followees = catalog.tables.find(({ name }) => name === 'account')?.relations[0]
    expect(followees?.through).toMatchObject({ columns: ['follower_id'], targetColumns: ['followee_id'] })
  })

  it('join composite keys pair by pair', async () => {
    const catalog = await reflected(`
      CREATE TABLE regions (country text, code text, PRIMARY KEY (code, country));
      CREATE TABLE town (id integer PRIMARY KEY, c text NOT NULL, r text, FOREIGN KEY (r, c) REFERENCES regions)`)
    expect(relationsOf(catalog, 'town')).toEqual(['region: one? regions'])
    const region = catalog.tables.find(({ name }) => name === 'town')?.relations[0]
    expect([region?.columns, region?.targetColumns]).toEqual([
      ['r', 'c'],
      ['code', 'country'],
    ])
  })

  it('never equal a column, in either spelling', async () => {
    const ddl = `
      CREATE TABLE team (id integer PRIMARY KEY, "teamMembers" text, team_members text, members text);
      CREATE TABLE team_member (id integer PRIMARY KEY, team text, team_id integer NOT NULL REFERENCES team)`
    const database = await reflected(ddl)
    expect(relationsOf(database, 'team_member')).toEqual(['team_id_team: one team'])
    expect(relationsOf(database, 'team')).toEqual(['team_members_by_team: many team_member'])
    const camel = await reflected(ddl, { names: 'camel' })
    expect(relationsOf(camel, 'team_member')).toEqual(['teamIdTeam: one team'])
    expect(relationsOf(camel, 'team')).toEqual(['teamMembersByTeam: many team_member'])
  })

  it('are all different and no column, whatever the tables are called', async () => {
    const word = fc.constantFrom('a', 'b', 'a_id', 'as', 'b_id', 'a_a', 'as_by_a', 'a_id_a', 'as_by_b')
    const table = fc.record({
      columns: fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
      keys: fc.array(fc.tuple(fc.nat(), fc.constantFrom('a', 'b', 'as', 'b_id')), { maxLength: 5 }),
      rank: fc.boolean(),
    })
    const names = ['a', 'b', 'as', 'b_id']
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(table, table, table, table),
        fc.constantFrom('database', 'camel'),
        async (tables, style) => {
          const base = modelOf(
            tables.map(({ columns, keys, rank }, at) => ({ name: names[at] ?? '', columns, keys, rank })),
            style as 'database' | 'camel',
          )
          const catalog = withRelations(base)
          for (const { columns, relations } of catalog.tables) {
            const keys = [...columns.map(({ key }) => key), ...relations.map(({ key }) => key)]
            expect(new Set(keys).size).toBe(keys.length)
          }
          const backwards = withRelations({ ...base, tables: [...base.tables].reverse() })
          expect([...backwards.tables].reverse()).toEqual(catalog.tables)
        },
      ),
    )
  })
})

describe('keys of tables', () => {
  it('are different, even where two names are one in camel case', async () => {
    const catalog = await reflected(
      `CREATE TABLE user_account (id integer, "the-id" integer, the_id integer); CREATE TABLE "userAccount" (); CREATE TABLE user_role ();
       CREATE TABLE yet ("aBc" boolean, "aBC" text, a_b_c integer, ab_c integer)`,
      { names: 'camel' },
    )
    expect(catalog.tables.map(({ key }) => key)).toEqual(['userAccount', 'user_account', 'userRole', 'yet'])
    expect(catalog.tables[1]?.columns.map(({ key }) => key)).toEqual(['id', 'the-id', 'the_id'])
    // the own name of one is what another would be called
    expect(catalog.tables[3]?.columns.map(({ key }) => key)).toEqual(['aBc', 'aBC', 'a_b_c', 'abC'])
  })
})

describe('optional relations', () => {
  it('are those over a nullable or unproven key', async () => {
    const catalog = await reflected(`
      CREATE TABLE a (id integer PRIMARY KEY);
      CREATE TABLE sure (a_id integer NOT NULL REFERENCES a);
      CREATE TABLE unsure (a_id integer REFERENCES a);
      CREATE TABLE unproven (a_id integer NOT NULL);
      ALTER TABLE unproven ADD FOREIGN KEY (a_id) REFERENCES a NOT VALID`)
    expect(relationsOf(catalog, 'sure')).toEqual(['a: one a'])
    expect(relationsOf(catalog, 'unsure')).toEqual(['a: one? a'])
    expect(relationsOf(catalog, 'unproven')).toEqual(['a: one? a'])
  })
})

describe('partitions', () => {
  it('leave their parent’s relations to it, and keep their own', async () => {
    const catalog = await reflected(`
      CREATE TABLE a (id integer PRIMARY KEY);
      CREATE TABLE b (id integer PRIMARY KEY);
      CREATE TABLE part (id integer NOT NULL, a_id integer REFERENCES a, PRIMARY KEY (id)) PARTITION BY LIST (id);
      CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
      CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
      ALTER TABLE part_2 ADD FOREIGN KEY (a_id) REFERENCES b;
      CREATE TABLE pointing (part_id integer REFERENCES part)`)
    expect(relationsOf(catalog, 'a')).toEqual(['parts: many part'])
    expect(relationsOf(catalog, 'b')).toEqual(['part_2: many part_2'])
    expect(relationsOf(catalog, 'part')).toEqual(['a: one? a', 'pointings: many pointing'])
    expect(relationsOf(catalog, 'part_1')).toEqual([])
    expect(relationsOf(catalog, 'part_2')).toEqual(['a: one? b'])
    expect(relationsOf(catalog, 'pointing')).toEqual(['part: one? part'])
  })
})

describe('an earlier pull', () => {
  it('keeps its names when a new key would take them', async () => {
    const before = await reflected(`
      CREATE TABLE account (id integer PRIMARY KEY);
      CREATE TABLE post (id integer PRIMARY KEY, author_id integer REFERENCES account)`)
    const [schema = ''] = before.schemas
    const options = { schemas: [schema], defaultSchema: schema }
    expect(relationsOf(before, 'account')).toEqual(['posts: many post'])
    await session.run('ALTER TABLE post ADD reviewer_id integer REFERENCES account')
    const fresh = await reflectPostgres(session.read, options)
    expect(relationsOf(fresh, 'account')).toEqual(['posts_by_author: many post', 'posts_by_reviewer: many post'])
    const kept = await reflectPostgres(session.read, { ...options, previous: before })
    expect(relationsOf(kept, 'account')).toEqual(['posts: many post', 'posts_by_reviewer: many post'])
    await session.run('ALTER TABLE account ADD posts text')
    const yielding = await reflectPostgres(session.read, { ...options, previous: before })
    expect(relationsOf(yielding, 'account')).toEqual(['posts_by_author: many post', 'posts_by_reviewer: many post'])
  })
})

describe('overrides', () => {
  const ddl = `
    CREATE TABLE account (id integer PRIMARY KEY, name text);
    CREATE TABLE post (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES account);
    CREATE TABLE label (id integer PRIMARY KEY);
    CREATE TABLE post_label (post_id integer REFERENCES post, label_id integer REFERENCES label, PRIMARY KEY (post_id, label_id));
    CREATE VIEW ranking AS SELECT account_id, count(*) FILTER (WHERE id > 1) AS posts FROM post GROUP BY account_id;
    CREATE TABLE audit_log (id integer PRIMARY KEY)`
  const withOverrides = async (overrides: (schema: string) => Overrides) => {
    const schema = `s${schemas + 1}`
    return reflected(ddl, { overrides: overrides(schema) })
  }

  it('rename both ways, and many-to-many', async () => {
    const catalog = await withOverrides(schema => ({
      relations: {
        [`${schema}.post.post_account_id_fkey`]: { to: 'author', from: 'written' },
        [`${schema}.post_label.post_label_post_id_fkey+${schema}.post_label.post_label_label_id_fkey`]: {
          to: 'tags',
          from: 'tagged',
        },
      },
    }))
    expect(relationsOf(catalog, 'post')).toEqual([
      'author: one account',
      'post_labels: many post_label',
      'tags: many label through post_label',
    ])
    expect(relationsOf(catalog, 'account')).toEqual(['written: many post'])
    expect(relationsOf(catalog, 'label')).toContain('tagged: many post through post_label')
  })

  it('add relations that no key declares', async () => {
    const catalog = await withOverrides(schema => ({
      virtual: [
        {
          name: 'ranked',
          table: `${schema}.ranking`,
          columns: ['account_id'],
          target: `${schema}.account`,
          targetColumns: ['id'],
          from: 'rank',
        },
      ],
    }))
    expect(relationsOf(catalog, 'ranking')).toEqual(['account: one? account'])
    expect(relationsOf(catalog, 'account')).toEqual(['posts: many post', 'rank: many ranking'])
  })

  it('correct nullability', async () => {
    const catalog = await withOverrides(schema => ({
      nullability: { [`${schema}.ranking.posts`]: 'not null', [`${schema}.account.id`]: 'null' },
    }))
    const nullable = (table: string) =>
      catalog.tables.find(({ name }) => name === table)?.columns.map(column => [column.name, column.nullable])
    expect(nullable('ranking')).toEqual([
      ['account_id', false],
      ['posts', false],
    ])
    expect(nullable('account')).toEqual([
      ['id', true],
      ['name', true],
    ])
  })

  it('correct the nullability of a table with a dot in its name', async () => {
    const catalog = await reflected('create table "dot.ted" (id int primary key, label text not null)', {
      overrides: { nullability: { [`s${schemas + 1}.dot.ted.label`]: 'null' } },
    })
    expect(catalog.tables[0]?.columns.map(column => column.nullable)).toEqual([false, true])
  })

  it('leave tables in and out by globs', async () => {
    const names = (catalog: Catalog) => catalog.tables.map(({ name }) => name)
    expect(names(await withOverrides(() => ({ exclude: ['audit_*', 'post?label'] })))).toEqual([
      'account',
      'label',
      'post',
      'ranking',
    ])
    expect(names(await withOverrides(schema => ({ include: [`${schema}.post*`], exclude: ['*_label'] })))).toEqual([
      'post',
    ])
    expect(names(await withOverrides(() => ({ include: ['elsewhere.*'] })))).toEqual([])
    const without = await withOverrides(() => ({ exclude: ['account'] }))
    expect(relationsOf(without, 'post')).toEqual([
      'labels: many label through post_label',
      'post_labels: many post_label',
    ])
  })

  it.each<[string, (schema: string) => Overrides]>([
    ['a key that is not there', () => ({ relations: { 'public.nothing.nothing_fkey': { to: 'x' } } })],
    ['a name that a column has', schema => ({ relations: { [`${schema}.post.post_account_id_fkey`]: { to: 'id' } } })],
    // as JSON may have it, which no compiler reads
    ['a word that is none of theirs', () => ({ exclude: [], excludeColumn: ['name'] }) as Overrides],
    ['a column that is not there', schema => ({ nullability: { [`${schema}.post.nothing`]: 'null' } })],
    [
      'a virtual relation to a column that is not there',
      schema => ({
        virtual: [
          { name: 'v', table: `${schema}.post`, columns: ['id'], target: `${schema}.label`, targetColumns: ['no'] },
        ],
      }),
    ],
  ])('refuse %s', async (_, overrides) => {
    await expect(withOverrides(overrides)).rejects.toMatchObject({ name: 'PillionError', code: 'OVERRIDE_INVALID' })
  })
})

describe('English', () => {
  it.each([
    ['user', 'users'],
    ['city', 'cities'],
    ['day', 'days'],
    ['address', 'addresses'],
    ['status', 'statuses'],
    ['box', 'boxes'],
    ['branch', 'branches'],
    ['house', 'houses'],
    ['case', 'cases'],
    ['database', 'databases'],
    ['analysis', 'analyses'],
    ['person', 'people'],
    ['child', 'children'],
    ['movie', 'movies'],
    ['cache', 'caches'],
    ['series', 'series'],
    ['staff', 'staff'],
    ['user_account', 'user_accounts'],
    ['sales_person', 'sales_people'],
    ['userAccount', 'userAccounts'],
    ['Category', 'Categories'],
    ['measure_2020', 'measure_2020'],
  ])('%s → %s and back', (one, many) => {
    expect([plural(one), plural(many)]).toEqual([many, many])
    expect([singular(many), singular(one)]).toEqual([one, one])
  })
})

interface ModelTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly keys: readonly (readonly [column: number, target: string])[]
  readonly rank: boolean
}

/** A catalog made by hand, its tables joined by the keys asked for. */
function modelOf(tables: readonly ModelTable[], names: 'database' | 'camel'): Catalog {
  return {
    dialect: 'postgres',
    version: 180000,
    defaultSchema: 'public',
    names,
    schemas: ['public'],
    extensions: [],
    types: [],
    sequences: [],
    routines: [],
    tables: tables.map(({ name, columns, keys, rank }) => ({
      id: `public.${name}`,
      schema: 'public',
      name,
      key: name,
      kind: 'table',
      columns: columns.map((column, at) => ({
        name: column,
        key: names === 'camel' ? column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) : column,
        position: at + 1,
        type: { kind: 'base', name: 'int4' },
        sqlType: 'integer',
        nullable: false,
      })),
      uniques: rank ? [{ name: 'whole', columns: columns.slice(0, 2) }] : [],
      foreignKeys: keys.map(([column, target], at) => ({
        name: `${name}_${at}_fkey`,
        columns: [columns[column % columns.length] ?? ''],
        target: `public.${target}`,
        targetColumns: ['id'],
        onUpdate: 'no action',
        onDelete: 'no action',
        validated: true,
      })),
      checks: [],
      exclusions: [],
      indexes: [],
      triggers: [],
      policies: [],
      relations: [],
    })),
  }
}
