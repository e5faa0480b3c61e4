import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createConnection } from 'mysql2/promise'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../test/support/mariadb.js'
import { createMysqlDatabase, mysqlUrl } from '../../../test/support/mysql.js'
import { skipAloud } from '../../../test/support/skip.js'
import { createSqliteFile, sqliteAddons } from '../../../test/support/sqlite.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const main = join(root, 'packages/cli/bin/pillion.js')

/** A database of a test's own, of any dialect. */
interface Place {
  readonly url: string
  run(...statements: readonly string[]): Promise<void>
  drop(): Promise<void>
}

const mariadb = (): Promise<Place> => placeIn(createMariadbDatabase)
const mysql = (): Promise<Place> => placeIn(createMysqlDatabase)

async function placeIn(create: typeof createMysqlDatabase): Promise<Place> {
  const { url, drop } = await create()
  const connection = await createConnection(url)
  return {
    url,
    run: async (...statements) => {
      for (const statement of statements) await connection.query(statement)
    },
    drop: async () => {
      await connection.end()
      await drop()
    },
  }
}

async function sqlite(): Promise<Place> {
  const { file, drop } = await createSqliteFile()
  const { default: Database } = await import('better-sqlite3')
  return {
    url: `sqlite:${file}`,
    run: async (...statements) => {
      const database = new Database(file)
      for (const statement of statements) database.exec(statement)
      database.close()
    },
    drop,
  }
}

const places = [
  ...(skipAloud('mariadb', mariadbUrl(), 'install mariadb-server') ? [] : [['MariaDB', mariadb] as const]),
  ...(skipAloud('mysql', mysqlUrl(), 'npm run mysql') ? [] : [['MySQL', mysql] as const]),
  ...(skipAloud('sqlite', sqliteAddons(), 'npm run build:sqlite') ? [] : [['SQLite', sqlite] as const]),
]

beforeAll(async () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  await new Promise(resolve => execFile(process.execPath, [compiler, '-b', 'packages/cli'], { cwd: root }, resolve))
})

describe.each(places)('pillion reflect on %s', (_name, open) => {
  let place: Place
  let folder: string

  const reflect = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise(resolve => {
      const environment = { PATH: process.env.PATH, DATABASE_URL: place.url }
      const child = execFile(
        process.execPath,
        [main, 'reflect', ...args],
        { cwd: folder, env: environment },
        (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
      )
    })

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-cli-'))
    place = await open()
    await place.run(
      'create table account (id integer primary key, full_name varchar(40) not null)',
      "create table post (id integer primary key, author_id integer not null, title varchar(9) not null default 'none', constraint post_author foreign key (author_id) references account (id))",
    )
  })
  afterEach(async () => {
    await place.drop()
    await rm(folder, { recursive: true, force: true })
  })

  it('writes TypeScript, and says nothing of progress where nobody waits', async () => {
    expect(await reflect('--out', 'db.gen.ts', '--names', 'camel')).toEqual({
      code: 0,
      out: '',
      err: 'wrote db.gen.ts\n',
    })
    const text = await readFile(join(folder, 'db.gen.ts'), 'utf8')
    expect(text).toContain('readonly fullName: p.Column<string | N, S>')
    expect(text).toContain('readonly author: Account<N, S>')
    expect(text).toContain('readonly posts: p.Many<PostKind, N, S>')
    expect((await reflect('--out', 'db.gen.ts', '--names', 'camel')).err).toBe('db.gen.ts is up to date\n')
  })

  it('verifies it', async () => {
    await reflect('--out', 'db.gen.ts')
    expect(await reflect('--out', 'db.gen.ts', '--verify')).toMatchObject({ code: 0, out: '' })
    await place.run('create table note (id integer primary key)', 'alter table account add nick varchar(9)')
    const { code, out } = await reflect('--out', 'db.gen.ts', '--verify')
    expect({ code, out }).toEqual({ code: 1, out: '+ column main.account.nick\n+ table main.note\n' })
    expect(JSON.parse((await reflect('--out', 'db.gen.ts', '--verify', '--json')).out)).toEqual([
      { kind: 'added', subject: 'column', path: 'main.account.nick' },
      { kind: 'added', subject: 'table', path: 'main.note' },
    ])
  })

  it('is what another database of the same schema is, under another name', async () => {
    await reflect('--out', 'db.gen.ts')
    const other = await open()
    try {
      const { out } = await reflect('--ddl')
      await other.run(...out.split(/;\n/).filter(statement => statement.trim() !== ''))
      expect(await reflect('--out', 'db.gen.ts', '--verify', '--url', other.url)).toMatchObject({ code: 0, out: '' })
    } finally {
      await other.drop()
    }
  })

  it('prints the catalogue', async () => {
    const { code, out } = await reflect('--json')
    expect(code).toBe(0)
    expect(JSON.parse(out).tables).toMatchObject([{ id: 'main.account' }, { id: 'main.post' }])
  })

  it('refuses a schema that is not there, and ends with 3 where there is no database', async () => {
    expect(await reflect('--print', '--schema', 'nowhere')).toMatchObject({ code: 2, out: '' })
    const nowhere = place.url.startsWith('sqlite:') ? 'sqlite:no/such.db' : 'mysql://me:secret@127.0.0.1:1/nowhere'
    const { code, err } = await reflect('--print', '--url', nowhere)
    expect(code).toBe(3)
    expect(err).toMatch(/^pillion: cannot connect to (no\/such\.db|mysql:\/\/me@127\.0\.0\.1:1\/nowhere): /)
  })
})
