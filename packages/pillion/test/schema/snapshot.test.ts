import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeDiff, diffCatalogs } from '../../src/schema/diff.js'
import { emitTypes, readEmittedTypes } from '../../src/schema/emit-types.js'
import type { Catalog } from '../../src/schema/model.js'
import { reflectPostgres } from '../../src/schema/postgres/reflect.js'
import { parseSnapshot, writeSnapshot } from '../../src/schema/snapshot.js'
import { load, type Opened, open, samples } from './samples.js'

let database: Opened

describe.each(samples)('$name', sample => {
  let catalog: Catalog

  beforeAll(async () => {
    database = await open()
    await load(database, sample)
    catalog = await reflectPostgres(database.read)
  })
  afterAll(() => database.close())

  it('comes back from its snapshot as it was', () => {
    expect(parseSnapshot(writeSnapshot(catalog))).toEqual(catalog)
    expect(writeSnapshot(parseSnapshot(writeSnapshot(catalog)))).toBe(writeSnapshot(catalog))
  })

  it('comes back from generated TypeScript as it was', () => {
    expect(readEmittedTypes(emitTypes(catalog))).toEqual(catalog)
  })

  it('differs from itself in nothing', () => {
    expect(diffCatalogs(catalog, parseSnapshot(writeSnapshot(catalog)))).toEqual([])
  })

  it('has a line a column', () => {
    const lines = writeSnapshot(catalog).split('\n')
    for (const table of catalog.tables)
      for (const column of table.columns) expect(lines.some(line => line.includes(JSON.stringify(column)))).toBe(true)
  })
})

describe('a snapshot', () => {
  const empty: Catalog = {
    dialect: 'postgres',
    version: 180_000,
    defaultSchema: 'public',
    names: 'database',
    schemas: ['public'],
    extensions: [],
    tables: [],
    types: [],
    sequences: [],
    routines: [],
  }
  const text = writeSnapshot(empty)

  it('is frozen through and through', () => {
    const parsed = parseSnapshot(text)
    expect(Object.isFrozen(parsed) && Object.isFrozen(parsed.schemas)).toBe(true)
  })

  const changed = (change: object): string => JSON.stringify({ ...JSON.parse(text), ...change })

  it.each([
    ['cut short', text.slice(0, -2)],
    ['another kind of JSON', '[]'],
    ['null', 'null'],
    ['without its version', changed({ pillion: undefined })],
    ['of a later version', changed({ pillion: 2 })],
    ['of no dialect', changed({ dialect: 'oracle' })],
    ['without its tables', changed({ tables: undefined })],
    ['with a table that has no id', changed({ tables: [{}] })],
    ['with half a table', changed({ tables: [{ id: 'public.a', columns: [] }] })],
  ])('%s is refused', (_how, damaged) => {
    expect(() => parseSnapshot(damaged)).toThrow(/^SNAPSHOT_INVALID.*\n {2}hint: /)
  })

  it('is taken where nothing is wrong with it', () => {
    expect(parseSnapshot(changed({}))).toEqual(empty)
  })

  it('is not found in a file that has none', () => {
    expect(() => readEmittedTypes('export const a = 1')).toThrow(/^SNAPSHOT_INVALID/)
    expect(() => readEmittedTypes(emitTypes(empty).slice(0, -90))).toThrow(/^SNAPSHOT_INVALID/)
  })
})

describe('a difference', () => {
  let opened: Opened

  beforeAll(async () => {
    opened = await open()
    await opened.client.query(`
      create type mood as enum ('sad', 'ok');
      create table note (id int primary key, body text not null, mood mood, extra int);
      create table gone (id int);
      create index note_body on note (body);
    `)
  })
  afterAll(() => opened.close())

  it('is told by its path', async () => {
    const before = await reflectPostgres(opened.read)
    await opened.client.query(`
      alter type mood add value 'great';
      alter table note alter body drop not null;
      alter table note alter id type bigint;
      alter table note drop extra, add added timestamptz not null default now();
      alter table note add constraint note_body_key unique (body);
      comment on table note is 'notes';
      drop index note_body;
      drop table gone;
      create table come (id int);
      create view seen as select id from note;
    `)
    const after = await reflectPostgres(opened.read)
    expect(describeDiff(diffCatalogs(before, after)).split('\n')).toEqual([
      expect.stringMatching(/^~ type public\.mood: type .*"sad","ok".* -> .*"great"/),
      '- table public.gone',
      '+ table public.come',
      '~ table public.note: comment none -> notes',
      '- column public.note.extra',
      '~ column public.note.id: sqlType integer -> bigint',
      '~ column public.note.body: nullable false -> true',
      expect.stringMatching(/^~ column public\.note\.mood: type /),
      '+ column public.note.added',
      '+ unique constraint public.note.note_body_key',
      '- index public.note.note_body',
      '+ table public.seen',
    ])
    expect(diffCatalogs(before, before)).toEqual([])
    expect(diffCatalogs(after, before)).toHaveLength(diffCatalogs(before, after).length)
    expect(diffCatalogs(before, { ...before, version: 1 })).toEqual([])
  })
})
