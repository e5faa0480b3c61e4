import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../../test/support/postgres.js'
import { type Catalog, reflectPostgres } from '../../../src/schema/index.js'
import { openSession, type Session } from './session.js'
import { tortureScripts } from './torture.js'
import { partsOf } from '../known.js'

describe.each(postgresServers())('reflecting the torture schema on PostgreSQL $version', ({ url }) => {
  let database: Database
  let session: Session
  let catalog: Catalog
  let major: number

  beforeAll(async () => {
    database = await createDatabase(url)
    session = await openSession(database.url)
    major = Math.floor(Number((await session.read("SELECT current_setting('server_version_num')"))[0]?.[0]) / 10_000)
    for (const script of tortureScripts(major)) await session.run(script)
    catalog = await reflectPostgres(session.read)
  })

  afterAll(async () => {
    await session?.close()
    await database?.drop()
  })

  const { table, column } = partsOf(() => catalog)
  const everything = (name: string) => column('public.everything', name)
  const type = (id: string) => catalog.types.find(item => item.id === id)
  const since = (version: number) => major >= version

  it('takes the version and one statement', () => {
    expect(session.statements.filter(sql => /\bpg_class\b/.test(sql))).toHaveLength(1)
    expect(Math.floor(catalog.version / 10_000)).toBe(major)
  })

  it('lists schemas, extensions, kinds', () => {
    expect(catalog.schemas).toEqual(['Odd Names', 'public', 'side'])
    expect(catalog.extensions).toEqual(['btree_gist', 'citext'])
    expect(catalog.defaultSchema).toBe('public')
    const kind = (id: string) => table(id).kind
    expect(kind('public.everything')).toBe('table')
    expect(kind('public.documents_seen')).toBe('view')
    expect(kind('public.label_count')).toBe('materialized view')
    expect(kind('public.measure')).toBe('partitioned table')
    expect(kind('public.measure_south')).toBe('partitioned table')
    expect(kind('public.measure_south_old')).toBe('table')
    expect(kind('public.far_away')).toBe('foreign table')
    expect(table('public.far_away').server).toBe('elsewhere')
    expect(catalog.servers).toEqual([{ name: 'elsewhere', wrapper: 'elsewhere_wrapper' }])
    expect(table('public.no_columns').columns).toEqual([])
    expect(table('public.scratch').unlogged).toBe(true)
    expect(table('public.everything').comment).toBe("A table of 'everything',\non two lines.")
  })

  it('gives keys by schema, and odd names as they are', () => {
    expect(table('public.everything').key).toBe('everything')
    expect(table('side.region').key).toBe('side.region')
    expect(table('Odd Names.Sélect "from"').columns.map(({ name }) => name)).toEqual([
      'Primary Key',
      'constructor',
      '__proto__',
      'with space',
      'quote"d',
      'dash-ed',
      '2nd',
      'été',
    ])
  })

  it('reads types', () => {
    const point3 = {
      kind: 'composite',
      name: 'point3',
      schema: 'public',
      fields: [
        { name: 'x', type: { kind: 'base', name: 'float8' } },
        { name: 'y', type: { kind: 'base', name: 'float8' } },
        { name: 'label', type: { kind: 'base', name: 'varchar', modifier: '20' } },
      ],
    }
    const mood = { kind: 'enum', name: 'mood', schema: 'public', labels: ['sad', 'meh', 'ok', "it's great"] }
    const cases: readonly [string, string, unknown][] = [
      ['id', 'integer', { kind: 'base', name: 'int4' }],
      ['amount', 'numeric(12,2)', { kind: 'base', name: 'numeric', modifier: '12,2' }],
      ['free', 'numeric', { kind: 'base', name: 'numeric' }],
      ['code', 'character(3)', { kind: 'base', name: 'bpchar', modifier: '3' }],
      ['email', 'public.citext', { kind: 'base', name: 'citext', schema: 'public' }],
      ['single_char', '"char"', { kind: 'base', name: 'char' }],
      ['at', 'timestamp(3) with time zone', { kind: 'base', name: 'timestamptz', modifier: '3' }],
      [
        'short_span',
        'interval minute to second(2)',
        { kind: 'base', name: 'interval', modifier: 'minute to second(2)' },
      ],
      ['bits', 'bit varying(5)', { kind: 'base', name: 'varbit', modifier: '5' }],
      ['matrix', 'integer[]', { kind: 'array', element: { kind: 'base', name: 'int4' }, dimensions: 2 }],
      [
        'names',
        'character varying(10)[]',
        { kind: 'array', element: { kind: 'base', name: 'varchar', modifier: '10' }, dimensions: 1 },
      ],
      ['feeling', 'public.mood', mood],
      ['other_feeling', 'side.mood', { kind: 'enum', name: 'mood', schema: 'side', labels: ['other'] }],
      ['feelings', 'public.mood[]', { kind: 'array', element: mood, dimensions: 1 }],
      ['place', 'public.point3', point3],
      ['places', 'public.point3[]', { kind: 'array', element: point3, dimensions: 1 }],
      [
        'period',
        'tsrange',
        { kind: 'range', name: 'tsrange', schema: 'pg_catalog', subtype: { kind: 'base', name: 'timestamp' } },
      ],
      [
        'floats',
        'public.floatrange',
        { kind: 'range', name: 'floatrange', schema: 'public', subtype: { kind: 'base', name: 'float8' } },
      ],
    ]
    for (const [name, sqlType, expected] of cases) {
      expect(everything(name).sqlType, name).toBe(sqlType)
      expect(everything(name).type, name).toEqual(expected)
    }
    expect(everything('path').type).toMatchObject({
      fields: [{ name: 'a', type: point3 }, { name: 'b' }, { name: 'feeling', type: mood }],
    })
  })

  it('shares one object among the uses of one type', () => {
    expect(everything('feeling').type).toBe(column('public.document', 'feeling').type)
  })

  it('honours NOT NULL of columns and of domains, nested ones too', () => {
    expect(everything('title').nullable).toBe(false)
    expect(everything('body').nullable).toBe(true)
    expect(everything('count')).toMatchObject({ nullable: true, type: { kind: 'domain', notNull: false } })
    expect(everything('wanted')).toMatchObject({ nullable: false, type: { kind: 'domain', notNull: true } })
    expect(everything('wanted_nested')).toMatchObject({
      nullable: false,
      type: { kind: 'domain', name: 'required_nested', notNull: false, base: { kind: 'domain', notNull: true } },
    })
  })

  it('tells defaults, identity and generated columns apart', () => {
    expect(everything('id')).toMatchObject({ identity: 'always' })
    expect(everything('id')).not.toHaveProperty('default')
    expect(everything('by_default')).toMatchObject({ identity: 'by default', nullable: false })
    expect(everything('big').default).toBe("nextval('public.everything_big_seq'::regclass)")
    expect(everything('area')).toMatchObject({
      generated: { kind: 'stored', expression: '(area_width * area_height)' },
    })
    expect(everything('area')).not.toHaveProperty('default')
    expect(everything('since').default).toBe("'2020-01-01 00:00:00+00'::timestamp with time zone")
    expect(everything('feeling').default).toBe("'ok'::public.mood")
    expect(everything('body').collation).toBe('pg_catalog."C"')
    expect(everything('title')).not.toHaveProperty('collation')
    expect(everything('title').comment).toBe('has `backticks` and ${dollars} \\ back')
  })

  it('counts positions without gaps', () => {
    const { columns } = table('public.everything')
    expect(columns.map(({ position }) => position)).toEqual(columns.map((_, at) => at + 1))
    expect(columns.at(-1)?.name).toBe('after_drop')
  })

  it('lists named types with what DDL needs', () => {
    expect(type('public.mood')).toMatchObject({ comment: 'how one feels' })
    expect(type('public.positive')).toMatchObject({
      checks: [{ name: 'positive_check', expression: '(VALUE > 0)', validated: true }],
      comment: 'more than nothing',
    })
    expect(type('public.required_text')).toMatchObject({ default: "'none'::text" })
    expect(type('side.nested_positive')?.checks).toHaveLength(2)
    expect(type('public.floatrange')?.multirange).toBe(since(14) ? 'floatmultirange' : undefined)
    expect(catalog.types.map(({ id }) => id)).not.toContain('public.citext')
    expect(catalog.types.map(({ id }) => id)).not.toContain('public.document')
  })

  it('reads keys', () => {
    expect(table('public.account').uniques).toEqual([{ name: 'account_name_key', columns: ['name'], include: ['id'] }])
    expect(table('side.region').primaryKey).toEqual({ name: 'region_pkey', columns: ['country', 'code'] })
    const document = table('public.document')
    expect(document.uniques).toEqual([
      { name: 'document_once', columns: ['author_id', 'parent_id'], deferrable: 'deferred' },
    ])
    expect(document.foreignKeys).toEqual([
      {
        name: 'document_author_id_fkey',
        columns: ['author_id'],
        target: 'public.account',
        targetColumns: ['id'],
        onUpdate: 'no action',
        onDelete: 'cascade',
        validated: true,
      },
      {
        name: 'document_parent_id_fkey',
        columns: ['parent_id'],
        target: 'public.document',
        targetColumns: ['id'],
        onUpdate: 'no action',
        onDelete: 'no action',
        validated: true,
        deferrable: 'deferred',
      },
      {
        name: 'document_region_fkey',
        columns: ['country', 'region'],
        target: 'side.region',
        targetColumns: ['country', 'code'],
        onUpdate: 'restrict',
        onDelete: 'set default',
        match: 'full',
        validated: true,
        deferrable: 'immediate',
        comment: 'where it was written',
      },
      {
        name: 'document_reviewer_id_fkey',
        columns: ['reviewer_id'],
        target: 'public.account',
        targetColumns: ['id'],
        onUpdate: 'cascade',
        onDelete: 'set null',
        validated: true,
      },
    ])
    expect(table('public.loose').foreignKeys[0]?.validated).toBe(false)
  })

  it('reads checks and exclusions', () => {
    expect(table('public.everything').checks).toEqual([
      {
        name: 'area_positive',
        expression: '((area_width > 0) AND (area_height > 0))',
        validated: true,
        comment: 'no empty areas',
      },
      { name: 'late_check', expression: '(amount >= (0)::numeric)', validated: false },
    ])
    expect(table('public.booking').exclusions).toEqual([
      {
        name: 'booking_no_overlap',
        definition: 'EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((room > 0))',
      },
    ])
  })

  it('reads the indexes that no constraint made', () => {
    expect(table('public.account').indexes).toEqual([])
    expect(table('public.booking').indexes).toEqual([])
    expect(table('public.document').indexes).toEqual([
      {
        name: 'document_expression',
        keys: [{ expression: 'lower(region)' }, { expression: '((author_id + 1))' }],
        include: ['country'],
        unique: true,
        method: 'btree',
        where: '(parent_id IS NULL)',
        definition:
          'CREATE UNIQUE INDEX document_expression ON public.document USING btree (lower(region), ((author_id + 1))) INCLUDE (country) WHERE (parent_id IS NULL)',
      },
      {
        name: 'document_plain',
        keys: [{ column: 'author_id' }, { column: 'reviewer_id' }],
        unique: false,
        method: 'btree',
        definition:
          'CREATE INDEX document_plain ON public.document USING btree (author_id, reviewer_id DESC NULLS LAST)',
        comment: 'for lists',
      },
    ])
  })

  it('reads partitions, with what they have of their own', () => {
    expect(table('public.measure').partitionKey).toBe('LIST (region)')
    expect(table('public.measure_south')).toMatchObject({
      partitionKey: 'RANGE (at, id)',
      partitionOf: { table: 'public.measure', bounds: "FOR VALUES IN ('south')" },
    })
    expect(table('public.measure_south_old').partitionOf).toEqual({
      table: 'public.measure_south',
      bounds: "FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2020-01-01', 500)",
    })
    expect(table('public.measure_rest').partitionOf?.bounds).toBe('DEFAULT')
    expect(table('public.hashed_0').partitionOf?.bounds).toBe('FOR VALUES WITH (modulus 2, remainder 0)')
    const north = table('public.measure_north')
    expect(north).not.toHaveProperty('inherits')
    expect(north.primaryKey?.inherited).toBe(true)
    expect(north.foreignKeys.map(({ name, inherited }) => [name, inherited])).toEqual([
      ['measure_account_id_fkey', true],
      ['measure_north_own_fkey', undefined],
    ])
    expect(north.indexes).toMatchObject([{ name: 'measure_north_value_idx', inherited: true }])
    expect(north.triggers).toEqual([])
    expect(table('public.measure').triggers).toHaveLength(1)
  })

  it('reads inheritance', () => {
    expect(table('public.guide_dog').inherits).toEqual(['public.dog'])
    expect(table('public.dog').inheritedBy).toEqual(['public.guide_dog'])
    expect(table('public.guide_dog')).not.toHaveProperty('inheritedBy')
    expect(table('public.measure')).not.toHaveProperty('inheritedBy')
    expect(table('public.guide_dog').columns.map(({ name, inherited }) => [name, inherited])).toEqual([
      ['id', true],
      ['name', true],
      ['breed', true],
      ['owner', undefined],
    ])
    expect(table('public.dog').checks).toMatchObject([{ name: 'animal_name_check', inherited: true }])
  })

  it('reads triggers and policies', () => {
    expect(table('public.everything').triggers).toEqual([
      {
        name: 'everything_stamp',
        function: 'public.stamp',
        enabled: 'origin',
        definition: expect.stringMatching(
          /^CREATE TRIGGER everything_stamp BEFORE INSERT OR UPDATE OF title ON public/,
        ),
      },
    ])
    expect(table('public.document').triggers).toMatchObject([{ name: 'document_stamp', enabled: 'disabled' }])
    expect(table('public.document').policies).toEqual([
      { name: 'document_read', command: 'select', permissive: true, roles: ['public'], using: '(author_id > 0)' },
      {
        name: 'document_write',
        command: 'update',
        permissive: false,
        roles: ['pg_monitor', 'pg_read_all_stats'],
        using: '(parent_id IS NULL)',
        check: '(region IS NOT NULL)',
      },
    ])
    expect(table('public.document').rowSecurity).toBe('enabled')
    expect(table('public.account').rowSecurity).toBe('forced')
    expect(table('public.label')).not.toHaveProperty('rowSecurity')
  })

  it('reads sequences exactly', () => {
    expect(catalog.sequences.map(({ id, ownedBy }) => [id, ownedBy])).toEqual([
      ['public.everything_big_seq', 'public.everything.big'],
      ['public.everything_by_default_seq', 'public.everything.by_default'],
      ['public.everything_id_seq', 'public.everything.id'],
      ['public.huge', undefined],
      ['side.ticket', undefined],
    ])
    expect(catalog.sequences.find(({ id }) => id === 'public.huge')).toMatchObject({
      start: '9007199254740993',
      max: '9223372036854775807',
      comment: 'past what a number holds',
    })
    expect(catalog.sequences.find(({ id }) => id === 'side.ticket')).toMatchObject({
      type: 'smallint',
      increment: '5',
      min: '5',
      cache: '3',
      cycle: true,
    })
  })

  it('reads routines of every kind, and none of an extension', () => {
    expect(catalog.routines.map(({ id, kind, volatility }) => [id, kind, volatility])).toEqual([
      ['public.answer()', 'function', 'immutable'],
      ['public.do_nothing(INOUT n integer)', 'procedure', 'volatile'],
      ['public.many_rows(OUT a integer, OUT b text)', 'function', 'volatile'],
      ['public.stamp()', 'function', 'volatile'],
      ...(since(14) ? [['public.standard_body(n integer)', 'function', 'stable']] : []),
      ['public.total(integer)', 'aggregate', 'immutable'],
      ['side.double_it(n integer, times integer)', 'function', 'stable'],
      ['side.double_it(n text)', 'function', 'volatile'],
    ])
    expect(catalog.routines[0]).toMatchObject({ result: 'integer', comment: 'to everything' })
  })

  it('reads views with what they read and what they prove', () => {
    const seen = table('public.documents_seen')
    expect(seen.dependsOn).toEqual(['public.account', 'public.document', 'public.document_label'])
    expect(seen.definition).toMatch(/^SELECT d\.id,[^]* FROM .*public\.document d/)
    expect(table('side.authors').dependsOn).toEqual(['public.documents_seen'])
    const nullable = (id: string) =>
      table(id)
        .columns.filter(item => item.nullable)
        .map(({ name }) => name)
    expect(nullable('public.documents_seen')).toEqual(['reviewer', 'region'])
    expect(nullable('side.authors')).toEqual(['reviewer'])
    expect(nullable('public.label_count')).toEqual(['label_id'])
  })

  it('reads what only newer servers have', () => {
    if (since(14)) {
      expect(column('public.ranges', 'days').type).toEqual({
        kind: 'multirange',
        name: 'datemultirange',
        schema: 'pg_catalog',
        subtype: { kind: 'base', name: 'date' },
      })
      expect(column('public.ranges', 'floats').type).toMatchObject({ kind: 'multirange', schema: 'public' })
    }
    if (since(15)) {
      expect(table('public.tenant_document').uniques).toMatchObject([{ nullsNotDistinct: true }])
      expect(table('public.tenant_note').foreignKeys).toMatchObject([{ onDeleteColumns: ['document'] }])
      expect(table('public.tenant_note').indexes).toMatchObject([{ unique: true, nullsNotDistinct: true }])
    }
    if (since(18)) {
      expect(column('public.modern', 'doubled').generated).toEqual({ kind: 'virtual', expression: '(price * 2)' })
      expect(table('public.modern').checks).toEqual([
        { name: 'modern_price', expression: '(price > 0)', validated: false, notEnforced: true },
      ])
      expect(table('public.modern').foreignKeys).toMatchObject([{ validated: false, notEnforced: true }])
      expect(table('public.lease').primaryKey).toMatchObject({ withoutOverlaps: true })
      expect(table('public.lease_note').foreignKeys).toMatchObject([{ period: true }])
      expect(table('public.lease_note').relations).toEqual([])
    }
  })

  it('is frozen all through', () => {
    const thawed = (value: unknown, path: string): readonly string[] => {
      if (typeof value !== 'object' || value === null) return []
      const inside = Object.entries(value).flatMap(([key, item]) => thawed(item, `${path}.${key}`))
      return Object.isFrozen(value) ? inside : [path, ...inside]
    }
    expect(thawed(catalog, 'catalog')).toEqual([])
  })

  it('reads the same through any session, and leaves the session as it was', async () => {
    const other = await openSession(database.url)
    const settings = `SELECT current_setting('search_path'), current_setting('timezone'), current_setting('datestyle')`
    try {
      await other.run(`SET search_path = side, public; SET timezone = 'Asia/Kolkata'; SET datestyle = 'German'`)
      const before = await other.read(settings)
      expect(await reflectPostgres(other.read)).toEqual(catalog)
      expect(await other.read(settings)).toEqual(before)
      await other.run(`BEGIN; SET LOCAL search_path = "Odd Names"`)
      expect(await reflectPostgres(other.read)).toEqual(catalog)
      expect((await other.read('SHOW search_path'))[0]).toEqual(['"Odd Names"'])
      await other.run('ROLLBACK')
      expect(await other.read(settings)).toEqual(before)
    } finally {
      await other.close()
    }
  })

  it('takes some schemas, with keys to the others kept as names', async () => {
    const some = await reflectPostgres(session.read, { schemas: ['public'] })
    expect(some.schemas).toEqual(['public'])
    expect(new Set(some.tables.map(({ schema }) => schema))).toEqual(new Set(['public']))
    const document = some.tables.find(({ id }) => id === 'public.document')
    expect(document?.foreignKeys.find(({ name }) => name === 'document_region_fkey')).toMatchObject({
      target: 'side.region',
      targetColumns: ['country', 'code'],
    })
    expect(document?.relations.map(({ target }) => target)).not.toContain('side.region')
    const side = await reflectPostgres(session.read, { schemas: ['side'] })
    expect(side.tables.find(({ id }) => id === 'side.authors')?.columns.map(({ nullable }) => nullable)).toEqual([
      false,
      false,
      true,
    ])
  })

  it('camel-cases keys, and only keys', async () => {
    const camel = await reflectPostgres(session.read, { names: 'camel' })
    const document = camel.tables.find(({ id }) => id === 'public.document')
    expect(document?.columns.find(({ name }) => name === 'author_id')?.key).toBe('authorId')
    expect(document?.relations.map(({ key }) => key)).toContain('documentLabels')
    expect(camel.tables.find(({ id }) => id === 'public.document_label')?.key).toBe('documentLabel')
  })

  it('does not stumble over a schema that the role may not use', async () => {
    const role = `pillion_${Math.random().toString(36).slice(2)}`
    const other = await openSession(database.url)
    try {
      await other.run(`CREATE ROLE ${role}; REVOKE ALL ON SCHEMA side FROM PUBLIC; SET ROLE ${role}`)
      await expect(other.read('SELECT * FROM side.region')).rejects.toThrow(/permission denied/)
      expect(await reflectPostgres(other.read)).toEqual(catalog)
    } finally {
      await other.run(`RESET ROLE; DROP ROLE IF EXISTS ${role}`)
      await other.close()
    }
  })
})

describe.each(postgresServers())('a NOT NULL that cannot be relied on, on PostgreSQL $version', ({ url }) => {
  let database: Database
  let session: Session

  beforeAll(async () => {
    database = await createDatabase(url)
    session = await openSession(database.url)
  })

  afterAll(async () => {
    await session?.close()
    await database?.drop()
  })

  const nullable = async (table: string, name: string) => {
    const { tables } = await reflectPostgres(session.read)
    return tables.find(({ id }) => id === `public.${table}`)?.columns.find(column => column.name === name)?.nullable
  }

  it('is one that a child table does not share', async () => {
    await session.run(`
      CREATE TABLE parent (a integer, b integer NOT NULL);
      CREATE TABLE child () INHERITS (parent);
      CREATE TABLE grandchild () INHERITS (child)`)
    expect(await nullable('parent', 'b')).toBe(false)
    const isEnforced = Number((await session.read('SHOW server_version_num'))[0]?.[0]) >= 180_000
    if (isEnforced) {
      await session.run('ALTER TABLE parent ADD CONSTRAINT alone NOT NULL a NO INHERIT')
    } else {
      await session.run('ALTER TABLE ONLY parent ALTER a SET NOT NULL')
    }
    await session.run('INSERT INTO grandchild VALUES (NULL, 1)')
    expect(await session.read('SELECT a FROM parent')).toEqual([[null]])
    expect(await nullable('parent', 'a')).toBe(true)
  })

  it('is one that is NOT VALID', async () => {
    if (Number((await session.read('SHOW server_version_num'))[0]?.[0]) < 180_000) return
    await session.run(`
      CREATE TABLE late (a integer); INSERT INTO late VALUES (NULL);
      ALTER TABLE late ADD CONSTRAINT later NOT NULL a NOT VALID`)
    expect(await nullable('late', 'a')).toBe(true)
    await session.run('DELETE FROM late; ALTER TABLE late VALIDATE CONSTRAINT later')
    expect(await nullable('late', 'a')).toBe(false)
  })
})
