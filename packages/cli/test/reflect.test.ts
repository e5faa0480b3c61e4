import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { parseSnapshot, readEmittedTypes } from 'pillion/schema'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type Database } from '../../../test/support/postgres.js'
import { sqliteAddons } from '../../../test/support/sqlite.js'
import { skipAloud } from '../../../test/support/skip.js'
import { waitFor } from '../../../test/support/wait-for.js'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const main = join(root, 'packages/cli/bin/pillion.js')

let database: Database
let client: pg.Client
let folder: string

/** What a run of the command left behind. */
interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const environment = (url?: string): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, ...(url && { DATABASE_URL: url }) })

function pillion(args: readonly string[], url: string | undefined = database.url): Promise<Ended> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [main, ...args], { cwd: folder, env: environment(url) }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

const reflect = (...args: string[]): Promise<Ended> => pillion(['reflect', ...args])
const written = (file = 'db.gen.ts'): Promise<string> => readFile(join(folder, file), 'utf8')

beforeAll(async () => {
  // The command runs as it is installed: built. What does not type-check is built too, and told by the type check.
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  await new Promise(resolve => execFile(process.execPath, [compiler, '-b', 'packages/cli'], { cwd: root }, resolve))
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-cli-'))
  database = await createDatabase()
  client = new pg.Client(database.url)
  await client.connect()
  await client.query(`
    create schema side;
    create table account (id int primary key, full_name text not null);
    create table post (id int primary key, author_id int not null references account (id), title text not null default 'none');
    create table side.note (id int primary key);
  `)
})

afterEach(async () => {
  await client.end()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

describe('pillion', () => {
  it('explains itself', async () => {
    expect(await pillion(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('reflect'), err: '' })
    expect(await pillion([])).toMatchObject({ code: 0, out: expect.stringContaining('Usage:') })
    expect(await pillion(['help'])).toEqual(await pillion(['--help']))
    expect(await pillion(['help', 'reflect'])).toEqual(await pillion(['reflect', '--help']))
    expect((await reflect('--nope')).err).toMatch(/\nSee pillion reflect --help\.\n$/)
    expect((await pillion(['nope'])).err).toMatch(/\nSee pillion --help\.\n$/)
    const { version } = JSON.parse(await readFile(join(root, 'packages/cli/package.json'), 'utf8'))
    expect(await pillion(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })

  it('explains every option of reflect', async () => {
    const { code, out } = await reflect('--help')
    expect(code).toBe(0)
    const options = [
      'url',
      'host',
      'config',
      'out',
      'schema',
      'include',
      'exclude',
      'names',
      'overrides',
      'verify',
      'print',
      'ddl',
      'json',
      'help',
    ]
    for (const option of options) expect(out).toMatch(new RegExp(`^  --${option} `, 'm'))
  })

  it.each([
    ['an unknown command', ['reflecct']],
    ['an unknown option', ['reflect', '--print', '--nope']],
    ['an argument too many', ['reflect', '--print', 'extra']],
    ['nowhere to write', ['reflect']],
    ['an option that is there twice', ['reflect', '--print', '--url', 'secret', '--url', 'sqlite:a.db']],
    ['help of what is no command', ['help', 'reflecct']],
    ['two outputs', ['reflect', '--print', '--json']],
    ['an unknown style of names', ['reflect', '--print', '--names', 'snake']],
    ['nothing to verify', ['reflect', '--verify']],
    ['a file without a name', ['reflect', '--out', '']],
    ['a file to verify that is not there', ['reflect', '--verify', '--out', 'missing.ts']],
    ['overrides that are not there', ['reflect', '--print', '--overrides', 'missing.json']],
    ['a URL of another kind', ['reflect', '--print', '--url', 'oracle://me:secret@localhost/a']],
    ['two databases', ['reflect', '--print', '--url', 'sqlite:a', '--host', 'host.js']],
    ['a configuration that is not there', ['reflect', '--print', '--config', 'missing.js']],
    ['a host that is not there', ['reflect', '--print', '--host', 'missing.js']],
    ['a URL that is none', ['reflect', '--print', '--url', 'secret']],
    ['a password with a /', ['reflect', '--print', '--url', 'postgres://me:12/secret@127.0.0.1:1/a']],
    ['a password with a #', ['reflect', '--print', '--url', 'mysql://me:12#secret@127.0.0.1:1/a']],
    ['a password with a ?', ['reflect', '--print', '--url', 'postgres://me:12?secret@127.0.0.1:1/a?b=c']],
    ['tables that are not there', ['reflect', '--print', '--include', 'none*']],
    ['a URL with a % that is no escape', ['reflect', '--print', '--url', 'postgres://me:secret%@127.0.0.1:1/a']],
  ])('refuses %s with exit code 2', async (_what, args) => {
    const { code, out, err } = await pillion(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^pillion: /)
    expect(err).not.toContain('secret')
  })

  it('needs a URL', async () => {
    expect(await pillion(['reflect', '--print'], '')).toMatchObject({
      code: 2,
      err: expect.stringContaining('DATABASE_URL'),
    })
  })

  it('ends with 3 where it cannot connect, without telling the password', async () => {
    const url = 'postgres://me:secret@127.0.0.1:1/nowhere?application_name=secret'
    const { code, out, err } = await reflect('--print', '--url', url)
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain('cannot connect to postgres://me@127.0.0.1:1/nowhere')
    expect(err).not.toContain('secret')
  })

  it.skipIf(skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite'))(
    'ends with 3 for a file that is no database',
    async () => {
      await writeFile(
        join(folder, 'notes.db'),
        'no database, but a text that is longer than the header of one is: '.repeat(9),
      )
      expect(await reflect('--print', '--url', 'sqlite:notes.db')).toEqual({
        code: 3,
        out: '',
        err: 'pillion: cannot connect to notes.db: file is not a database\n',
      })
      expect(await pillion(['tree', 'stats', '--closure', 'link'], 'sqlite:notes.db')).toMatchObject({ code: 3 })
    },
  )

  it('ends with its own code where nobody hears what it says', async () => {
    await reflect('--out', 'db.gen.ts')
    const child = spawn(process.execPath, [main, 'reflect', '--out', 'db.gen.ts', '--verify'], {
      cwd: folder,
      env: environment(database.url),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.destroy()
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends with 4 when the file cannot be written, leaving nothing', async () => {
    expect(await reflect('--out', 'no/such/folder.ts')).toEqual({
      code: 4,
      out: '',
      err: 'pillion: cannot write no/such/folder.ts: there is no folder no/such\n',
    })
    expect(await readdir(folder)).toEqual([])
    await mkdir(join(folder, 'taken'))
    expect(await reflect('--out', 'taken')).toEqual({
      code: 4,
      out: '',
      err: 'pillion: cannot read taken: EISDIR: illegal operation on a directory\n',
    })
    const long = `${'x'.repeat(254)}`
    expect(await reflect('--out', long)).toEqual({
      code: 4,
      out: '',
      err: `pillion: cannot write ${long}: ENAMETOOLONG: name too long\n`,
    })
    expect(await readdir(folder)).toEqual(['taken'])
  })
})

describe('pillion reflect --out', () => {
  it('writes the schema, and says so on stderr', async () => {
    const { code, out, err } = await reflect('--out', 'db.gen.ts')
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(err).toBe('wrote db.gen.ts\n')
    const text = await written()
    expect(text).toContain('readonly author: Account<N, S>')
    expect(text).toContain('readonly posts: p.Many<PostKind, N, S>')
    expect(text).toContain("readonly 'side.note': SideNote")
    expect(await readdir(folder)).toEqual(['db.gen.ts'])
  })

  it.skipIf(skipAloud('script', existsSync('/usr/bin/script') || undefined, 'install bsdutils'))(
    'tells of its progress on a terminal',
    async () => {
      const command = [process.execPath, main, 'reflect', '--out', 'db.gen.ts'].join(' ')
      const terminal = await new Promise<string>(resolve =>
        execFile(
          '/usr/bin/script',
          ['-qec', command, '/dev/null'],
          { cwd: folder, env: environment(database.url) },
          (_, out) => resolve(out),
        ),
      )
      expect(terminal).toContain('reflected 3 tables and views of postgres://')
    },
  )

  it('leaves the file alone when nothing changed', async () => {
    await reflect('--out', 'db.gen.ts')
    const { mtimeNs, ino } = await stat(join(folder, 'db.gen.ts'), { bigint: true })
    expect((await reflect('--out', 'db.gen.ts')).err).toContain('db.gen.ts is up to date')
    expect(await stat(join(folder, 'db.gen.ts'), { bigint: true })).toMatchObject({ mtimeNs, ino })
    await client.query('alter table account add nick text')
    expect((await reflect('--out', 'db.gen.ts')).err).toContain('wrote db.gen.ts')
    expect(await written()).toContain('nick: string | null')
  })

  it('writes what a link leads to, and leaves the link and the rights as they are', async () => {
    await mkdir(join(folder, 'kept'))
    await reflect('--out', 'kept/db.gen.ts')
    await chmod(join(folder, 'kept/db.gen.ts'), 0o640)
    await symlink('kept/db.gen.ts', join(folder, 'db.gen.ts'))
    await client.query('alter table account add nick text')
    expect(await reflect('--out', 'db.gen.ts')).toMatchObject({ code: 0 })
    expect(await written('kept/db.gen.ts')).toContain('nick: string | null')
    expect((await lstat(join(folder, 'db.gen.ts'))).isSymbolicLink()).toBe(true)
    expect((await stat(join(folder, 'kept/db.gen.ts'))).mode & 0o777).toBe(0o640)
    expect(await readdir(join(folder, 'kept'))).toEqual(['db.gen.ts'])
  })

  it('leaves the file alone when only the server was upgraded', async () => {
    await reflect('--out', 'db.gen.ts')
    const older = (await written()).replace(/"version": \d+/, '"version": 180000')
    await writeFile(join(folder, 'db.gen.ts'), older)
    expect((await reflect('--out', 'db.gen.ts')).err).toContain('db.gen.ts is up to date')
    expect(await written()).toBe(older)
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0 })
  })

  it('knows its own file behind the byte order mark that an editor has put before it, and overrides, too', async () => {
    await reflect('--out', 'db.gen.ts')
    const marked = `\u{feff}${await written()}`
    await writeFile(join(folder, 'db.gen.ts'), marked)
    expect((await reflect('--out', 'db.gen.ts')).err).toContain('db.gen.ts is up to date')
    expect(await written()).toBe(marked)
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0, out: '' })
    await writeFile(join(folder, 'overrides.json'), '\u{feff}{"exclude":["side.*"]}')
    expect(await reflect('--out', 'db.gen.ts', '--overrides', 'overrides.json')).toMatchObject({ code: 0 })
    expect(await written()).toMatch(/^\/\/ Written by(?![^]*SideNote)/)
  })

  it('keeps the style of names, where no other is asked for', async () => {
    await reflect('--out', 'db.gen.ts', '--names', 'camel')
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0, out: '' })
    await client.query('alter table account add nick_name text')
    await reflect('--out', 'db.gen.ts')
    expect(await written()).toContain('nickName: string | null')
    expect(await reflect('--out', 'db.gen.ts', '--verify', '--names', 'database')).toMatchObject({ code: 1 })
    await reflect('--out', 'db.gen.ts', '--names', 'database')
    expect(await written()).toContain('nick_name: string | null')
  })

  it('keeps the names of relations', async () => {
    await reflect('--out', 'db.gen.ts')
    await client.query('alter table post add reviewer_id int references account (id)')
    await reflect('--out', 'db.gen.ts')
    expect(await written()).toContain('readonly posts: p.Many<PostKind, N, S>')
    await reflect('--out', 'fresh.ts')
    expect(await written('fresh.ts')).not.toContain('readonly posts: p.Many<PostKind, N, S>')
  })

  it('says which names only the file keeps, for a process that derives its own would not have them', async () => {
    const kept = /^names that the file keeps, .*previous: catalog.*: public\.account\.posts$/m
    expect((await reflect('--out', 'db.gen.ts')).err).not.toMatch(kept)
    await client.query('alter table post add reviewer_id int references account (id)')
    expect((await reflect('--out', 'db.gen.ts')).err).toMatch(kept)
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(kept),
    })
    expect((await reflect('--out', 'fresh.ts')).err).not.toMatch(kept)
  })

  it('writes over a damaged file of its own, but never over another', async () => {
    await writeFile(join(folder, 'db.gen.ts'), '// Written by pillion reflect. Do not edit\n<<<<<<<')
    expect(await reflect('--out', 'db.gen.ts')).toMatchObject({ code: 0, err: expect.stringContaining('not kept') })
    await writeFile(join(folder, 'mine.ts'), 'export const mine = 1')
    expect(await reflect('--out', 'mine.ts')).toMatchObject({ code: 2 })
    expect(await written('mine.ts')).toBe('export const mine = 1')
  })

  it('takes the schemas, tables and names asked for', async () => {
    await client.query('create table post_draft (id int)')
    await reflect('--out', 'one.ts', '--schema', 'public', '--names', 'camel', '--exclude', '*_draft')
    const text = await written('one.ts')
    expect(text).toContain('readonly fullName: p.Column<string | N, S>')
    expect(text).not.toContain('SideNote')
    expect(text).not.toContain('PostDraft')
    await reflect('--out', 'two.ts', '--schema', 'public', '--schema', 'side', '--include', 'side.*')
    expect((await written('two.ts')).match(/^ {2}readonly .*: SideNote$/gm)).toHaveLength(1)
    expect(await written('two.ts')).not.toContain('interface Post')
  })

  it('asks whether an empty database is the one that is meant, and writes what is there all the same', async () => {
    await client.query('drop schema side cascade; drop table post, account cascade')
    const { code, err } = await reflect('--out', 'db.gen.ts')
    expect(code).toBe(0)
    expect(err).toMatch(
      /^there is no table or view in postgres:.*: is it the database that is meant\?\nwrote db\.gen\.ts\n$/,
    )
  })

  it('refuses a schema that is not there', async () => {
    expect(await reflect('--print', '--schema', 'pubic')).toMatchObject({ code: 2, out: '' })
  })

  it('leaves out columns that nobody is to read, and verifies so', async () => {
    await client.query('alter table account add column password_hash text')
    const told = async (...excludeColumns: string[]) =>
      writeFile(join(folder, 'overrides.json'), JSON.stringify({ excludeColumns }))
    await told('password_hash')
    const options = ['--out', 'db.gen.ts', '--overrides', 'overrides.json']
    expect(await reflect(...options)).toMatchObject({ code: 0 })
    // the file says what was left out of it, and nothing else of it
    const saysNothingElse = async (): Promise<void> => {
      const text = await written()
      expect(readEmittedTypes(text).excludeColumns).toEqual(['password_hash'])
      expect(text.replace('"excludeColumns": ["password_hash"]', '')).not.toContain('password_hash')
    }
    await saysNothingElse()
    expect(await reflect(...options, '--verify')).toMatchObject({ code: 0 })
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({
      code: 1,
      out: '~ catalogue postgres: excludeColumns ["password_hash"] -> none\n+ column public.account.password_hash\n',
    })
    expect(await reflect('--ddl', '--overrides', 'overrides.json')).toMatchObject({ code: 2, out: '' })
    await told('pasword_hash')
    expect(await reflect(...options)).toMatchObject({ code: 2, err: expect.stringContaining('pasword_hash') })
    await saysNothingElse()
  })

  it.each([
    ['as it comes', []],
    ['otherwise', ['--javascript-formatter-quote-style=single', '--semicolons=as-needed', '--line-width=40']],
  ])('takes a file that a formatter has been over for what it says, %s', async (_, options) => {
    await client.query(`create type "state of it" as enum ('it''s', 'a "b"', 'much longer, so that lines are broken')`)
    await client.query(`alter table post add column "the state" "state of it"; comment on table post is 'a
      comment';`)
    await reflect('--out', 'db.gen.ts')
    const biome = join(root, 'node_modules/.bin/biome')
    const formatted = await new Promise<string>(resolve => {
      const child = execFile(biome, ['format', '--stdin-file-path=db.gen.ts', ...options], { cwd: folder }, (__, out) =>
        resolve(out),
      )
      void written().then(text => child.stdin?.end(text))
    })
    expect(formatted).not.toBe(await written())
    await writeFile(join(folder, 'db.gen.ts'), formatted)
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0, out: '' })
    expect(await reflect('--out', 'db.gen.ts')).toMatchObject({ code: 0, err: 'db.gen.ts is up to date\n' })
    expect(await written()).toBe(formatted)
    for (const [was, is] of [
      ['number', 'string'],
      ['readonly', ''],
      ["it's", 'its'],
      ['a comment', 'another comment'],
      [' | null', ''],
    ] as const) {
      const edited = formatted.replace(is === 'another comment' ? /a\s*\**\s*comment/ : was, is)
      expect(edited, was).not.toBe(formatted)
      await writeFile(join(folder, 'db.gen.ts'), edited)
      expect(await reflect('--out', 'db.gen.ts', '--verify'), was).toMatchObject({ code: 1 })
    }
  })

  it('refuses overrides it does not know', async () => {
    await writeFile(join(folder, 'overrides.json'), '{"relation":{}}')
    expect(await reflect('--print', '--overrides', 'overrides.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('relation'),
    })
  })

  it.each([
    ['[]', 'is to be an object'],
    ['null', 'is to be an object'],
    ['{"exclude":"post"}', 'exclude in overrides.json is to be an array of text'],
    ['{"excludeColumns":"title"}', 'excludeColumns in overrides.json is to be an array of text'],
    ['{"include":[1]}', 'include in overrides.json is to be an array of text'],
    ['{"virtual":{}}', 'virtual in overrides.json is to be an array of objects'],
    ['{"relations":{"a.b.c":"author"}}', 'relations in overrides.json is to be an object of objects'],
    ['{"types":{"public.post.title":1}}', 'types in overrides.json is to be an object of text'],
    [
      '{"nullability":{"public.post.title":"maybe"}}',
      'nullability in overrides.json is to be an object of null and not null, as text',
    ],
  ])('refuses %s as overrides, in a file and in a configuration', async (text, why) => {
    await writeFile(join(folder, 'overrides.json'), text)
    const refused = { code: 2, out: '' }
    const named = await reflect('--print', '--overrides', 'overrides.json')
    expect(named).toMatchObject({ ...refused, err: expect.stringContaining(why) })
    await writeFile(join(folder, 'own.config.mjs'), `export default { overrides: ${text} }`)
    const configured = await reflect('--print', '--config', 'own.config.mjs')
    expect(configured).toMatchObject({
      ...refused,
      err: expect.stringContaining(why.replace('overrides.json', 'own.config.mjs')),
    })
  })

  it.each(['public.account.fullName', 'public.account.nothing', 'account.full_name', 'jsonb', 'pg_catalog.jsonb'])(
    'refuses a type that is told of %s, which is not there: the column would keep its own without a word',
    async name => {
      await writeFile(join(folder, 'overrides.json'), JSON.stringify({ types: { [name]: 'string' } }))
      expect(await reflect('--print', '--overrides', 'overrides.json')).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(`OVERRIDE_INVALID: types are told of ${name}, which no column is or has`),
      })
    },
  )

  it.each([
    ['nullability of no column', { nullability: { 'public.post.nothing': 'null' } }],
    ['names of no key', { relations: { 'public.post.nothing_fkey': { to: 'writer' } } }],
    ['a name that is taken', { relations: { 'public.post.post_author_id_fkey': { to: 'title' } } }],
    [
      'a relation to no table',
      {
        virtual: [
          { name: 'v', table: 'public.post', target: 'public.nothing', columns: ['id'], targetColumns: ['id'] },
        ],
      },
    ],
    ['a part of a primary key to leave out', { excludeColumns: ['public.post.id'] }],
  ])('refuses %s as wrong usage, in a file and in a configuration', async (_what, overrides) => {
    await writeFile(join(folder, 'overrides.json'), JSON.stringify(overrides))
    const refused = { code: 2, out: '', err: expect.stringMatching(/OVERRIDE_INVALID[^]*See pillion reflect --help/) }
    expect(await reflect('--print', '--overrides', 'overrides.json')).toMatchObject(refused)
    await writeFile(join(folder, 'own.config.mjs'), `export default { overrides: ${JSON.stringify(overrides)} }`)
    expect(await reflect('--print', '--config', 'own.config.mjs')).toMatchObject(refused)
  })

  it('takes a type that is told of a column, of a type that one has, and of a table that is left out', async () => {
    const types = {
      'public.account.full_name': "import('./names.js').FullName",
      'pg_catalog.int4': "import('./ids.js').Id",
      'side.note.nothing': 'string',
    }
    await writeFile(join(folder, 'overrides.json'), JSON.stringify({ types, exclude: ['side.*'] }))
    const { code, out } = await reflect('--print', '--overrides', 'overrides.json')
    expect(code).toBe(0)
    expect(out).toContain("readonly full_name: p.Column<import('./names.js').FullName | N, S>")
    expect(out).toContain("readonly id: p.Column<import('./ids.js').Id | N, S>")
  })

  it('takes overrides from a file', async () => {
    const overrides = {
      relations: { 'public.post.post_author_id_fkey': { to: 'writer', from: 'writings' } },
      types: { 'public.post.title': "'none' | 'some'" },
      exclude: ['side.*'],
    }
    await writeFile(join(folder, 'overrides.json'), JSON.stringify(overrides))
    await reflect('--out', 'db.gen.ts', '--overrides', 'overrides.json')
    const text = await written()
    expect(text).toContain('readonly writer: Account<N, S>')
    expect(text).toContain('readonly writings: p.Many<PostKind, N, S>')
    expect(text).toContain("title: 'none' | 'some'\n")
    expect(text).not.toContain('SideNote')
    expect(await reflect('--out', 'db.gen.ts', '--overrides', 'overrides.json', '--verify')).toMatchObject({ code: 0 })
  })
})

describe('pillion reflect --verify', () => {
  beforeEach(() => reflect('--out', 'db.gen.ts'))

  it('ends with 0 and says nothing on stdout while they agree', async () => {
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0, out: '' })
  })

  it('ends with 1 and the changes on stdout when the database has drifted, and writes nothing', async () => {
    const before = await written()
    await client.query('alter table post alter title drop not null; create table extra (id int)')
    const { code, out, err } = await reflect('--out', 'db.gen.ts', '--verify')
    expect(code).toBe(1)
    expect(out).toBe('+ table public.extra\n~ column public.post.title: nullable false -> true\n')
    expect(err).toContain('db.gen.ts has drifted')
    expect(await written()).toBe(before)
  })

  it('gives the changes as JSON', async () => {
    expect(JSON.parse((await reflect('--out', 'db.gen.ts', '--verify', '--json')).out)).toEqual([])
    await client.query('drop table side.note')
    const { code, out } = await reflect('--out', 'db.gen.ts', '--verify', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual([{ kind: 'removed', subject: 'table', path: 'side.note' }])
  })

  it('sees a file that was edited by hand', async () => {
    await writeFile(join(folder, 'db.gen.ts'), (await written()).replace('title: string', 'title: number'))
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('~ file db.gen.ts'),
      err: expect.stringMatching(/^db\.gen\.ts was edited/),
    })
  })
})

describe('pillion reflect prints', () => {
  it('the TypeScript it would write', async () => {
    const { out } = await reflect('--print')
    await reflect('--out', 'db.gen.ts')
    expect(out).toBe(await written())
  })

  it('the catalogue as JSON', async () => {
    const { code, out } = await reflect('--json')
    expect(code).toBe(0)
    expect(parseSnapshot(out).tables.map(table => table.id)).toEqual(['public.account', 'public.post', 'side.note'])
  })

  it('SQL that makes the same schema elsewhere', async () => {
    const other = await createDatabase()
    const loader = new pg.Client(other.url)
    await loader.connect()
    try {
      await loader.query((await reflect('--ddl')).out)
      await reflect('--out', 'db.gen.ts')
      expect(await reflect('--out', 'db.gen.ts', '--verify', '--url', other.url)).toMatchObject({ code: 0, out: '' })
    } finally {
      await loader.end()
      await other.drop()
    }
  })
})

describe('pillion.config.js', () => {
  const config = (body: string, file = 'pillion.config.js'): Promise<void> => writeFile(join(folder, file), body)
  const asModules = (): Promise<void> => config('{ "type": "module" }', 'package.json')
  beforeEach(asModules)

  it('says what the command line does not', async () => {
    await config(`export default {
      url: ${JSON.stringify(database.url)}, out: 'db.gen.ts', names: 'camel', schemas: ['public'],
      overrides: { exclude: ['post'] },
    }`)
    expect(await pillion(['reflect'], '')).toMatchObject({ code: 0 })
    expect(await written()).toContain('readonly fullName: p.Column<string | N, S>')
    expect(await written()).not.toMatch(/interface (Post|SideNote)/)
    expect(await pillion(['reflect', '--verify'], '')).toMatchObject({ code: 0 })
    await pillion(['reflect', '--out', 'own.ts', '--names', 'database', '--schema', 'side'], '')
    expect(await written('own.ts')).toContain('interface SideNote')
    expect(await written('own.ts')).not.toContain('fullName')
  })

  it.each(['pillion.config.mjs', 'pillion.config.cjs'])('may be %s', async file => {
    const body = `{ url: ${JSON.stringify(database.url)}, out: 'db.gen.ts' }`
    await config(file.endsWith('.cjs') ? `module.exports = ${body}` : `export default ${body}`, file)
    expect(await pillion(['reflect'], '')).toMatchObject({ code: 0 })
    expect(await written()).toContain('interface Account')
  })

  it('can ride on a host, and lets go of it', async () => {
    await symlinkModules()
    await config(`
      import { Pool } from 'pg'
      import { pgHost } from 'pillion/pg'
      const pool = new Pool({ connectionString: ${JSON.stringify(database.url)} })
      export default { host: () => pgHost(pool), close: () => pool.end(), out: 'db.gen.ts' }
    `)
    expect(await pillion(['reflect'], '')).toMatchObject({ code: 0 })
    expect(await written()).toContain('interface Account')
    await config(
      `import { Pool } from 'pg'
       import { pgHost } from 'pillion/pg'
       const pool = new Pool({ connectionString: ${JSON.stringify(database.url)} })
       export default pgHost(pool)
       export const close = () => pool.end()`,
      'host.js',
    )
    expect(await pillion(['reflect', '--host', 'host.js', '--verify'], '')).toMatchObject({ code: 0, out: '' })
  })

  it.each([
    ['a name that it does not know', 'export default { uri: 1 }', 'uri'],
    ['no default export', 'export const url = 1', 'default export'],
    [
      'several outputs in an array',
      'export default [{ out: "a.ts" }, { out: "b.ts" }]',
      'no object as its default export',
    ],
    ['a file without a name', 'export default { out: "" }', 'out in'],
    ['no schema among its schemas', 'export default { schemas: [] }', 'schemas in'],
    ['a mistake', 'throw new Error("oh dear")', 'oh dear'],
    ['a style of names that there is not', 'export default { names: "camle" }', 'names in pillion.config.js'],
    ['schemas that are no array', 'export default { schemas: "public" }', 'schemas in'],
    ['a file that is no text', 'export default { out: ["a.ts"] }', 'out in'],
    ['overrides that are no object', 'export default { overrides: 5 }', 'overrides in'],
    ['a close that is no function', 'export default { host: () => ({}), close: 5 }', 'close in'],
    ['a host that is none', 'export default { host: () => ({ query() {} }) }', 'pgHost'],
    ['a host that is nothing', 'export default { host: () => undefined }', 'pgHost'],
    ['a host of no dialect', 'export default { host: { dialect: "toString", run() {} } }', 'pgHost'],
  ])('is refused for %s', async (_what, body, told) => {
    await config(body)
    expect(await pillion(['reflect', '--print'], '')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(told),
    })
  })

  it('may be a module that was made one of CommonJS', async () => {
    const made = (body: string) => `Object.defineProperty(exports, '__esModule', { value: true }); ${body}`
    await config(made(`exports.default = { url: ${JSON.stringify(database.url)}, out: 'db.gen.ts' }`), 'own.cjs')
    expect(await pillion(['reflect', '--config', 'own.cjs'], '')).toMatchObject({ code: 0 })
    expect(await written()).toContain('interface Account')
    await symlinkModules()
    await config(
      made(`
        const pool = new (require('pg').Pool)({ connectionString: ${JSON.stringify(database.url)} })
        exports.default = async () => (await import('pillion/pg')).pgHost(pool)
        exports.close = () => pool.end()`),
      'host.cjs',
    )
    expect(await pillion(['reflect', '--host', 'host.cjs', '--verify', '--out', 'db.gen.ts'], '')).toMatchObject({
      code: 0,
    })
  })

  it('is told that it left something open, where the command cannot end for that', async () => {
    await config(`
      import { createServer } from 'node:net'
      createServer().listen(0, '127.0.0.1')
      export default { host: { name: 'x', dialect: 'postgres', run: async () => { throw new Error('gone') } } }
    `)
    const child = spawn(process.execPath, [main, 'reflect', '--print'], { cwd: folder, env: environment() })
    const told: string[] = []
    for await (const chunk of child.stderr) {
      told.push(String(chunk))
      if (told.join('').includes('close')) child.kill()
    }
    expect(told.join('')).toMatch(/gone[^]*left open[^]*close/)
  })

  it('ends with 3 where a host cannot connect', async () => {
    const from = (name: string) => JSON.stringify(pathToFileURL(require.resolve(name)).href)
    await config(
      `import pg from ${from('pg')}; import { pgHost } from ${from('pillion/pg')}
       const pool = new pg.Pool({ connectionString: 'postgres://me:secret@127.0.0.1:1/none' })
       export default pgHost(pool); export const close = () => pool.end()`,
      'host.js',
    )
    const { code, err } = await pillion(['reflect', '--print', '--host', 'host.js'], '')
    expect([code, err]).toEqual([3, expect.stringContaining('ECONNREFUSED')])
    expect(err).not.toContain('secret')
  })

  it('tells what went wrong with a host, and not that it could not be closed then', async () => {
    await config(
      `export default { name: 'x', dialect: 'postgres', run: async () => { throw new Error('gone') } }
       export const close = () => { throw new Error('not open') }`,
      'host.js',
    )
    expect(await pillion(['reflect', '--print', '--host', 'host.js'], '')).toMatchObject({
      code: 4,
      err: expect.stringContaining('gone'),
    })
  })

  // Packages of the repository, as an application would have them.
  const symlinkModules = (): Promise<void> => symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
})

describe('being told to end', () => {
  // A server that takes the call and never speaks.
  const silent = createServer()

  beforeAll(async () => {
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
  })
  afterAll(() => silent.close())

  it('ends at once, with the code shells expect and nothing left behind', async () => {
    const { port } = silent.address() as { readonly port: number }
    const args = [main, 'reflect', '--out', 'db.gen.ts', '--url', `postgres://me@127.0.0.1:${port}/a`]
    const child = spawn(process.execPath, args, { cwd: folder, env: environment(), stdio: 'ignore' })
    const [socket] = await once(silent, 'connection')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    socket.destroy()
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['SIGINT', 130, 'a connection of its own', []],
    ['SIGTERM', 143, 'a connection of its own', []],
    ['SIGTERM', 143, 'a host', ['--host', 'host.js']],
  ] as const)('of %s ends with %i, and stops the statement in the server, on %s', async (signal, exitCode, _, host) => {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const lines = [
      `import { pgHost } from 'pillion/pg'`,
      `import pg from 'pg'`,
      `const pool = new pg.Pool({ connectionString: ${JSON.stringify(database.url)} })`,
      `export default pgHost(pool)`,
      `export const close = () => pool.end()`,
    ]
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'host.js'), lines.join('\n'))
    // who reads the text of a view waits for whoever changes a table below it
    for (const sql of ['create view titles as select title from post', 'begin', 'lock table post'])
      await client.query(sql)
    const waiting = async (): Promise<number | null> =>
      (
        await client.query(
          'select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
        )
      ).rowCount
    const args = [main, 'reflect', '--out', 'db.gen.ts', ...host]
    const child = spawn(process.execPath, args, { cwd: folder, env: environment(database.url), stdio: 'ignore' })
    const ended = once(child, 'exit')
    await waitFor(async () => expect(await waiting()).toBe(1))
    child.kill(signal)
    expect(await ended).toEqual([exitCode, null])
    expect(await waiting()).toBe(0)
    await client.query('rollback')
    expect(existsSync(join(folder, 'db.gen.ts'))).toBe(false)
  })
})
