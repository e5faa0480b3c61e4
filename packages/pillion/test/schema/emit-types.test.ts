import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../test/support/skip.js'
import { sqliteAddons } from '../../../../test/support/sqlite.js'
import { emitTypes } from '../../src/schema/emit-types.js'
import type { Catalog } from '../../src/schema/model.js'
import { reflectMysql } from '../../src/schema/mysql/reflect.js'
import { reflectPostgres } from '../../src/schema/postgres/reflect.js'
import { parseSnapshot } from '../../src/schema/snapshot.js'
import { reflectSqlite } from '../../src/schema/sqlite/reflect.js'
import { samplesOf as mysqlSamplesOf } from './mysql/samples.js'
import { mariadb, servers, type TestedServer } from './mysql/servers.js'
import { openSession as openMysql } from './mysql/session.js'
import { load, type Opened, open, samples } from './samples.js'
import { samples as sqliteSamples } from './sqlite/samples.js'
import { openSession as openSqlite } from './sqlite/session.js'

const lackingSqlite = skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite')

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const settings = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'nodenext',
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    types: ['node'],
    typeRoots: [`${root}node_modules/@types`],
    paths: { pillion: [`${root}packages/pillion/src/index.ts`] },
  },
  include: ['*.ts'],
}

const knots = `
  create schema side;
  create table date (id int primary key, at timestamptz);
  create table db (id int); create table record (id int); create table "class" (id int);
  create table note (id int primary key); create table note_row (id int); create table note_kind (id int);
  create table side.note (id int primary key, note_id int references note (id));
  create table "Note" (id int); create table "1st" (id int); create table "***" (id int); create table "été" ("où" int);
  create type side."note row" as enum ('a', 'it''s', E'back\\\\slash', E'new\\nline', '\`\${x}\`', '');
  create type nothing as enum ();
  create type s as enum ('a', 'b');
  create table n (id int primary key, s s not null); create table of_n (n_id int not null references n);
  create type pair as (a int, "b c" text[]);
  create table uses (id int primary key, e side."note row" not null, n nothing, p pair, ps pair[] not null, d date,
    "quote'd \\ \`\${x}" int, "*/ end" int, "readonly" int, "new
line" int);
  comment on table uses is E'ends */ here\\n\`\${process.exit()}\` \\\\ back';
  comment on column uses.id is E'two\\r\\nlines';
`

let folder: string
const catalogs = new Map<string, Catalog>()

async function reflected(fill: (database: Opened) => Promise<unknown>): Promise<Catalog> {
  const database = await open()
  try {
    await fill(database)
    return await reflectPostgres(database.read)
  } finally {
    await database.close()
  }
}

async function reflectedMysql(server: TestedServer, statements: readonly string[]): Promise<Catalog> {
  const session = await openMysql(server)
  try {
    await session.run('set foreign_key_checks = 0', ...statements)
    return await reflectMysql(session.read)
  } finally {
    await session.close()
  }
}

async function reflectedSqlite(script: string): Promise<Catalog> {
  const session = await openSqlite(script)
  try {
    return await reflectSqlite(session.read)
  } finally {
    await session.close()
  }
}

/** What the compiler has to say of the files named. */
async function compile(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const inside = await mkdtemp(join(folder, 'project-'))
  const all = {
    ...files,
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(settings),
  }
  await Promise.all(Object.entries(all).map(([name, text]) => writeFile(join(inside, name), text)))
  const output = await new Promise<string>(resolve => {
    execFile(
      process.execPath,
      [`${root}node_modules/typescript/bin/tsc`, '-p', inside, '--pretty', 'false'],
      { cwd: inside },
      (_, out) => resolve(out),
    )
  })
  return output.split('\n').filter(line => Object.keys(files).some(name => line.startsWith(name)))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-types-'))
  for (const sample of samples) catalogs.set(sample.name, await reflected(database => load(database, sample)))
  catalogs.set('knots', await reflected(({ client }) => client.query(knots)))
  for (const server of servers.filter(({ lacking }) => !lacking)) {
    for (const { name, statements } of mysqlSamplesOf(server))
      catalogs.set(`${server.name}-${name}`, await reflectedMysql(server, statements))
  }
  if (!lackingSqlite)
    for (const { name, script } of sqliteSamples) catalogs.set(`sqlite-${name}`, await reflectedSqlite(script))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('generated TypeScript', () => {
  it('compiles under strict', async () => {
    const files = [...catalogs].map(([name, catalog]) => [`${name}.ts`, emitTypes(catalog)])
    expect(await compile(Object.fromEntries(files))).toEqual([])
  }, 120_000)

  it('types columns, rows and relations', async () => {
    const use = `
      import type * as p from 'pillion'
      import type { Account, AccountRow, DB, DocumentKind, EverythingKind, EverythingRow, LabelKind, Mood } from './torture.js'
      type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
      const same = <A, B>(yes: Same<A, B>): unknown => yes
      same<Mood, 'sad' | 'meh' | 'ok' | "it's great">(true)
      same<EverythingRow['id'], number>(true)
      same<EverythingRow['big'], bigint>(true)
      same<EverythingRow['feelings'], (Mood | null)[] | null>(true)
      same<EverythingRow['matrix'], (number | null)[][] | null>(true)
      same<EverythingRow['period'], p.Range<string> | null>(true)
      same<DB['everything']['at'], p.Column<Date, 'joined'>>(true)
      same<DB['document']['author'], Account>(true)
      same<DB['document']['reviewer'], Account<null>>(true)
      same<p.HandleOf<DocumentKind, null, 'semi'>['author'], Account<null, 'semi'>>(true)
      same<DB['document']['labels'], p.Many<LabelKind, never, 'joined'>>(true)
      same<p.RowOf<Account<null>>, AccountRow | null>(true)
      same<p.HandleOf<EverythingKind, null, 'semi'>['at'], p.Column<Date | null, 'semi'>>(true)
      // @ts-expect-error there is no such column
      export type NoSuchColumn = DB['everything']['no_such']
      // @ts-expect-error an integer is no string
      same<EverythingRow['id'], string>(true)
    `
    const types = emitTypes(catalogs.get('torture') as Catalog)
    expect(await compile({ 'torture.ts': types, 'use.ts': use })).toEqual([])
  }, 120_000)

  it.skipIf(mariadb.lacking || lackingSqlite)(
    "types MariaDB's and SQLite's columns",
    async () => {
      const use = `
      import type * as p from 'pillion'
      import type * as m from './mariadb.js'
      import type * as s from './sqlite.js'
      type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
      const same = <A, B>(yes: Same<A, B>): unknown => yes
      same<m.EveryTypeRow['id'], bigint>(true)
      same<m.EveryTypeRow['flag'], boolean>(true)
      same<m.EveryTypeRow['int_unsigned'], number | null>(true)
      same<m.EveryTypeMood, 'a' | "b'c" | 'd,e' | '' | 'f)'>(true)
      same<m.EveryTypeRow['mood'], m.EveryTypeMood>(true)
      same<m.EveryTypeRow['instant'], Date>(true)
      same<m.EveryTypeRow['wall'], string | null>(true)
      same<m.EveryTypeRow['doc'], p.Json | null>(true)
      same<m.DB['keyed']['parent'], m.Parent<null>>(true)
      same<s.PlainRow['a'], number>(true)
      same<s.PlainRow['c'], string | number | bigint | Uint8Array | null>(true)
      same<s.EveryTypeRow['big'], bigint | null>(true)
      same<s.EveryTypeRow['flag'], boolean | null>(true)
      same<s.NoRowidRow['a'], string>(true)
      same<s.SeenRow['a'], number | null>(true)
      // @ts-expect-error an integer is no string
      same<s.PlainRow['a'], string>(true)
    `
      const files = {
        'mariadb.ts': emitTypes(catalogs.get('MariaDB-torture') as Catalog),
        'sqlite.ts': emitTypes(catalogs.get('sqlite-torture') as Catalog),
        'use.ts': use,
      }
      expect(await compile(files)).toEqual([])
    },
    120_000,
  )

  it('would be seen not to compile', async () => {
    const types = emitTypes(catalogs.get('knots') as Catalog).replace('interface DB ', 'interface DB extends Missing ')
    expect(await compile({ 'broken.ts': types })).toEqual([expect.stringContaining('Missing')])
  })

  it('carries the catalogue, as JavaScript reads it', () => {
    for (const catalog of catalogs.values()) {
      const text = emitTypes(catalog)
      const code = text.slice(text.lastIndexOf('p.parseSnapshot('), text.lastIndexOf('export const tables'))
      expect(runInNewContext(code, { p: { parseSnapshot } })).toEqual(catalog)
    }
  })

  it('is the same text every time', () => {
    for (const catalog of catalogs.values()) expect(emitTypes(catalog)).toBe(emitTypes(structuredClone(catalog)))
  })

  it('declares each name once', () => {
    for (const catalog of catalogs.values()) {
      const names = [...emitTypes(catalog).matchAll(/^export (?:interface|type|const) ([^\s<=:]+)/gm)].map(
        match => match[1],
      )
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('takes types from the caller, by column and by type', () => {
    const text = emitTypes(catalogs.get('knots') as Catalog, {
      types: { 'public.uses.id': "'custom'", 'public.pair': 'MyPair', 'side.note row': 'MyNote' },
    })
    expect(text).toContain("readonly id: p.Column<'custom' | N, S>")
    expect(text).toContain('  ps: (MyPair | null)[]\n')
    expect(text).toContain('  e: MyNote\n')
  })

  it('carries comments and defaults', () => {
    const text = emitTypes(catalogs.get('torture') as Catalog)
    expect(text).toContain("/** default 'ok'::public.mood */\n  readonly feeling: p.Column<Mood | N, S>")
    expect(text).toContain('/** the key · identity, always */\n  readonly id: p.Column<number | N, S>')
  })
})
