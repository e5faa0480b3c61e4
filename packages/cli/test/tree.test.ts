import { execFile, spawn, type StdioOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from '../../../test/support/mariadb.js'
import { createMysqlDatabase, mysqlUrl } from '../../../test/support/mysql.js'
import { createDatabase } from '../../../test/support/postgres.js'
import { skipAloud } from '../../../test/support/skip.js'
import { waitFor } from '../../../test/support/wait-for.js'
import { tree as command } from '../src/commands/tree/tree.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const main = join(root, 'packages/cli/bin/pillion.js')

/** What a run of the command left behind. */
interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

let folder: string
let url: string
let run: (sql: string) => Promise<unknown>
let close: () => Promise<void>

/** What a statement gives. */
async function rowsOf(sql: string): Promise<readonly unknown[]> {
  const found = await run(sql)
  return Array.isArray(found) ? (found[0] as unknown[]) : (found as pg.QueryResult).rows
}

function tree(...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    const env = { PATH: process.env.PATH, DATABASE_URL: url }
    const child = execFile(process.execPath, [main, 'tree', ...args], { cwd: folder, env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

beforeAll(async () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  await new Promise(resolve => execFile(process.execPath, [compiler, '-b', 'packages/cli'], { cwd: root }, resolve))
})

const opened = {
  async postgres() {
    const database = await createDatabase()
    const client = new pg.Client(database.url)
    await client.connect()
    url = database.url
    run = sql => client.query(sql)
    close = async () => {
      await client.end()
      await database.drop()
    }
  },
  async mariadb() {
    await openMysql(createMariadbDatabase)
    url = url.replace('mysql:', 'mariadb:')
  },
  async sqlite() {
    const db = new BetterSqlite(join(folder, 'tree.db'))
    url = `sqlite:${join(folder, 'tree.db')}`
    run = async sql => db.exec(sql)
    close = async () => void db.close()
  },
}

async function openMysql(create: typeof createMysqlDatabase): Promise<void> {
  const database = await create()
  const connection = await createConnection(database.url)
  url = database.url
  run = sql => connection.query(sql)
  close = async () => {
    await connection.end()
    await database.drop()
  }
}

const engines = (['postgres', 'mariadb', 'sqlite'] as const).filter(
  name => name !== 'mariadb' || mariadbUrl() !== undefined,
)

const plan = ['table', 'parent', 'closure', 'key', 'scope', 'counts', 'references', 'serializable']
const looksAt = {
  ddl: [...plan, 'down'],
  install: plan,
  verify: ['closure'],
  rebuild: ['closure', 'below'],
  load: ['closure', 'from', 'batch'],
  stats: ['closure'],
  advise: plan,
  uninstall: ['closure'],
}

/** The option, with a value where it has one. */
const given = (name: string): readonly string[] =>
  ['counts', 'references', 'serializable', 'down'].includes(name) ? [`--${name}`] : [`--${name}`, '1']

describe.each(Object.entries(looksAt))('pillion tree %s', (action, own) => {
  const all = [...plan, 'down', 'below', 'from', 'batch']
  it.each(all.filter(name => !own.includes(name)))('refuses --%s, which it would not look at', async name => {
    // no database is asked before
    await expect(command([action, '--url', 'none:', ...given(name)])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`tree ${action} takes no --${name}`),
    })
  })

  it.each(own)('takes --%s', async name => {
    await expect(command([action, '--url', 'none:', ...given(name)])).rejects.toMatchObject({
      message: expect.not.stringContaining('takes no'),
    })
  })
})

describe.each(engines)('pillion tree on %s', engine => {
  const named = ['--table', 'node', '--parent', 'parent_id', '--closure', 'node_link']
  const links = ['--closure', 'node_link']

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-tree-cli-'))
    await opened[engine]()
    await run('create table node (id bigint primary key, parent_id bigint, name varchar(40))')
    await run(`insert into node values (1, null, 'a'), (2, 1, 'b'), (3, 2, 'c')`)
  })
  afterEach(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  it('installs, verifies, mends, and takes away', async () => {
    expect(await tree('install', ...named)).toMatchObject({ code: 0, out: 'installed node_link\n', err: '' })
    expect(await tree('install', ...named)).toMatchObject({ code: 0, out: 'node_link is there already\n' })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0, out: 'every link of node_link is right\n' })
    if (engine === 'postgres') await run(`set pillion.tree = 'rebuild'`)
    await run('delete from node_link where node_id = 3 and ancestor_id = 1')
    const { code, out } = await tree('verify', ...links, '--json')
    expect([code, JSON.parse(out)]).toEqual([1, [{ kind: 'missing', node: ['3'], ancestor: ['1'], distance: 2 }]])
    expect(await tree('rebuild', ...links, '--below', '2')).toMatchObject({
      code: 0,
      out: 'added 1, removed 0, corrected 0\n',
    })
    expect((await tree('stats', ...links)).out).toContain('3 nodes, 1 roots, 6 links, 2.00 a node')
    expect(await tree('uninstall', ...links)).toMatchObject({ code: 0 })
    expect(await tree('verify', ...links)).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringContaining('TREE_REFUSED'),
    })
  })

  it('loads a file, quotes and empty cells too', async () => {
    await tree('install', ...named)
    await writeFile(join(folder, 'rows.csv'), 'id,parent_id,name\n10,,"says ""hi"",\nand goes"\n11,10,\n12,11,""\n')
    expect(await tree('load', ...links, '--from', 'rows.csv', '--batch', '2')).toMatchObject({
      code: 0,
      out: 'loaded 3 rows\n',
      err: '',
    })
    await writeFile(join(folder, 'rows.ndjson'), '{"id":20,"parent_id":12,"name":"x"}\n{"id":21,"parent_id":20}\n')
    expect(await tree('load', ...links, '--from', 'rows.ndjson')).toMatchObject({ code: 0, out: 'loaded 2 rows\n' })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })

  it('refuses what it would have to guess at, and leaves nothing of it', async () => {
    await tree('install', ...named)
    const files: readonly (readonly [string, string])[] = [
      ['id,parent_id,name\n10,,5" pipe\n11,10,x\n', 'line 2 has a quote inside of a cell'],
      ['id,parent_id,name\n10,,"a"b\n', 'line 2 has a quote inside of a cell'],
      ['id,parent_id,name\r10,,a\r11,10,b\r', 'line 1 has a carriage return by itself'],
      ['id,parent_id,name\n10,,"a"\r"b"\n', 'line 2 has a carriage return by itself'],
      ['id,parent_id,name\r\n10\r,,a\r\n', 'line 2 has a carriage return by itself'],
      ['[{"id":10,"parent_id":null}]', 'rows is an array of JSON: write an object a line'],
      ['id,parent_id,name\n10,,"a\n11,10,x\n', 'a quote that nothing ends'],
      ['id,parent_id,id\n10,,11\n', 'the column id is there twice'],
      ['{"id":10,"name":"x"}\n{"id":11,"parent_id":10}\n', 'a line has parent_id, and the first has not'],
      ['{"id":9007199254740993,"parent_id":null}\n', 'write it in quotes'],
      ['{"id":10}\n[11]\n', 'no object of JSON'],
      ['{"id":10}\nnull\n', 'no object of JSON'],
      ['\n\n', 'there is nothing in'],
    ]
    for (const [text, why] of files) {
      await writeFile(join(folder, 'rows'), text)
      expect(await tree('load', ...links, '--from', 'rows'), text).toMatchObject({
        code: 2,
        err: expect.stringContaining(why),
      })
    }
    for (const text of [
      Buffer.from('id,parent_id,name\n10,,Malm\xf6\n', 'latin1'),
      Buffer.from('\ufeffid\n10\n', 'utf16le'),
    ]) {
      await writeFile(join(folder, 'rows'), text)
      expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({
        code: 2,
        err: expect.stringContaining('rows is no UTF-8'),
      })
    }
    await writeFile(join(folder, 'rows'), 'id,above\n10,1\n')
    expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({ code: 4 })
    expect((await tree('stats', ...links)).out).toContain('3 nodes')
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    await run(`insert into node values (4, 3, null)`)
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })

  it('reads what other programs write', async () => {
    await tree('install', ...named)
    const long = `${'x'.repeat(30)}é`
    await writeFile(
      join(folder, 'rows'),
      `\uFEFFid,parent_id,name\r\n10,,"a\r\n""b"",c"\r\n\r\n11,10,${long}\r\n12,11,"9007199254740993"`,
    )
    expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({ code: 0, out: 'loaded 3 rows\n' })
    await writeFile(join(folder, 'rows'), '\n {"id":"9007199254740993","parent_id":12,"name":null}\r\n{"id":13}')
    expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({ code: 0, out: 'loaded 2 rows\n' })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    expect((await tree('stats', ...links)).out).toContain('8 nodes, 3 roots')
  })

  it('loads keys that the database makes by itself, as they are in the file', async () => {
    const made = {
      postgres: 'id int generated always as identity primary key',
      mariadb: 'id int auto_increment primary key',
      sqlite: 'id integer primary key autoincrement',
    }
    await run(`create table made (${made[engine]}, parent_id integer)`)
    await tree('install', '--table', 'made', '--parent', 'parent_id', '--closure', 'made_link')
    await writeFile(join(folder, 'rows'), 'id,parent_id\n7,\n8,7\n')
    expect(await tree('load', '--closure', 'made_link', '--from', 'rows')).toMatchObject({ code: 0 })
    expect(await tree('verify', '--closure', 'made_link')).toMatchObject({ code: 0 })
  })

  it.runIf(engine === 'sqlite')('loads no row without a key', async () => {
    await run('create table tag (id text primary key, parent_id text)')
    await tree('install', '--table', 'tag', '--parent', 'parent_id', '--closure', 'tag_link')
    await writeFile(join(folder, 'rows'), 'id,parent_id\na,\n,a\n')
    expect(await tree('load', '--closure', 'tag_link', '--from', 'rows')).toMatchObject({
      code: 4,
      err: expect.stringContaining('TREE_KEY_MISSING'),
    })
    expect(await tree('verify', '--closure', 'tag_link')).toMatchObject({ code: 0 })
    expect((await tree('stats', '--closure', 'tag_link')).out).toContain('0 nodes')
  })

  it('names the node that has no path to a root', async () => {
    await tree('install', ...named)
    await writeFile(join(folder, 'rows'), 'id,parent_id\n10,1\n11,99\n')
    expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({
      code: 4,
      err: expect.stringMatching(/path to a root[\s\S]*hint: .*its parent is missing/),
    })
    expect((await tree('load', ...links, '--from', 'rows')).err).toMatch(/node:? \(?11/i)
  })

  it('tells behind which row a load failed, and that it goes on', async () => {
    await tree('install', ...named)
    await writeFile(join(folder, 'rows'), 'id,parent_id,name\n10,1,x\n11,10,y\n11,10,z\n')
    expect(await tree('load', ...links, '--from', 'rows', '--batch', '1')).toMatchObject({
      code: 4,
      err: expect.stringMatching(/^2 rows are loaded, and the batch behind them failed/),
    })
    await writeFile(join(folder, 'rows'), 'id,parent_id,name\n10,1,x\n11,10,y\n12,10,z\n')
    expect(await tree('load', ...links, '--from', 'rows')).toMatchObject({
      code: 0,
      out: 'loaded 1 rows\n',
      err: 'going on behind 2 rows of a load that was interrupted\n',
    })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })

  it.runIf(engine === 'postgres')('makes the links in the schema of the nodes, however they are named', async () => {
    await run('create schema crm; create table crm."Node" (id int primary key, parent_id int)')
    expect(
      await tree('install', '--table', 'crm."Node"', '--parent', 'parent_id', '--closure', 'crm.link'),
    ).toMatchObject({ code: 0, out: 'installed link\n' })
    expect(await tree('verify', '--closure', 'crm.link')).toMatchObject({ code: 0 })
    await run(`set pillion.tree = 'rebuild'; insert into crm.link values (1, 1, 0)`)
    expect(await tree('verify', '--closure', 'crm.link')).toMatchObject({
      code: 1,
      err: expect.stringContaining('pillion tree rebuild --closure crm.link\n'),
    })
    expect(
      await tree('install', '--table', 'crm."Node"', '--parent', 'parent_id', '--closure', 'public.link'),
    ).toMatchObject({ code: 2, err: expect.stringContaining('the links are in the schema of the nodes, crm') })
    expect(await tree('uninstall', '--closure', 'crm.link')).toMatchObject({ code: 0 })
  })

  it('prints DDL, and advises', async () => {
    expect((await tree('ddl', ...named)).out).toMatch(/node_link[\s\S]*CREATE (OR REPLACE )?TRIGGER/)
    expect((await tree('ddl', ...named, '--down')).out).toMatch(/DROP TABLE IF EXISTS/)
    // the others' clients stop by themselves, or roll back
    if (engine === 'sqlite') expect((await tree('ddl', ...named)).out).toMatch(/^-- .*sqlite3 -bail/)
    expect((await tree('advise', '--table', 'node', '--parent', 'parent_id')).out).toContain(
      'Pointers alone do well here',
    )
  })

  it('ends with a code that says what was wrong', async () => {
    expect(await tree('plant')).toMatchObject({ code: 2, err: expect.stringContaining('there is no action plant') })
    expect(await tree('verify')).toMatchObject({ code: 2, err: expect.stringContaining('--closure') })
    expect(await tree('verify', ...links, '--table', 'other')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('tree verify takes no --table'),
    })
    expect(await tree('install', '--table', 'node')).toMatchObject({ code: 2 })
    expect(await tree('install', ...named.with(1, 'nothing'))).toMatchObject({
      code: 4,
      // nobody has written a query there
      err: expect.stringMatching(/^pillion: TREE_INVALID(?![^]*query: )/),
    })
    const { code, out } = await tree('--help')
    expect([code, out]).toEqual([0, expect.stringContaining('Examples:')])
    url = engine === 'sqlite' ? 'sqlite:/nowhere/at/all' : `${engine}://nobody@127.0.0.1:1/none`
    expect(await tree('verify', ...links)).toMatchObject({ code: 3, err: expect.stringContaining('cannot connect') })
  })

  it('tells by its exit code what is wrong when nobody reads the rest', async () => {
    await tree('install', ...named)
    if (engine === 'postgres') await run(`set pillion.tree = 'rebuild'`)
    await run('delete from node_link where node_id = 3')
    const env = { PATH: process.env.PATH, DATABASE_URL: url }
    const child = spawn(process.execPath, [main, 'tree', 'verify', ...links], { cwd: folder, env })
    child.stdout.destroy()
    expect(await once(child, 'exit')).toEqual([1, null])
  })

  it.skipIf(!existsSync('/dev/full'))('ends with 4 where there is no room for what it says', async () => {
    await tree('install', ...named)
    const full = await open('/dev/full', 'w')
    const env = { PATH: process.env.PATH, DATABASE_URL: url }
    const stdio: StdioOptions = ['ignore', full.fd, 'ignore']
    const child = spawn(process.execPath, [main, 'tree', 'stats', ...links], { cwd: folder, env, stdio })
    expect(await once(child, 'exit')).toEqual([4, null])
    await full.close()
  })

  it.runIf(engine !== 'sqlite')('advises to rebuild where that mends something', async () => {
    await tree('install', ...named)
    await run(`drop trigger node_link_insert${engine === 'postgres' ? ' on node' : ''}`)
    expect(await tree('verify', ...links)).toMatchObject({ code: 1, err: '1 faults\n' })
    await run('insert into node values (4, 3, null)')
    expect(await tree('verify', ...links)).toMatchObject({
      code: 1,
      err: expect.stringContaining('pillion tree rebuild --closure node_link'),
    })
  })

  it('takes an absent file for wrong usage, and asks no rows of it', async () => {
    await tree('install', ...named)
    expect(await tree('load', ...links, '--from', 'absent.csv')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no file absent.csv'),
    })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })

  it('takes the database from a configuration, behind --url and before DATABASE_URL', async () => {
    await tree('install', ...named)
    const found = url
    await writeFile(join(folder, 'pillion.config.mjs'), `export default { url: ${JSON.stringify(found)} }`)
    await writeFile(join(folder, 'own.mjs'), `export default { url: 'sqlite:nowhere.db' }`)
    url = 'sqlite:elsewhere.db'
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    expect(await tree('verify', ...links, '--config', 'own.mjs')).toMatchObject({
      code: 3,
      err: expect.stringContaining('nowhere.db'),
    })
    expect(await tree('verify', ...links, '--config', 'own.mjs', '--url', found)).toMatchObject({ code: 0 })
    expect(await tree('verify', ...links, '--config', 'missing.mjs')).toMatchObject({ code: 2 })
  })

  it('mends nothing below a node that is not there, and says so', async () => {
    await tree('install', ...named)
    expect(await tree('rebuild', ...links, '--below', '999')).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringMatching(/TREE_REFUSED.*no such node in node/s),
    })
    expect(await tree('rebuild', ...links, '--below', '2')).toMatchObject({ code: 0 })
  })

  it('tells keys exactly, however large', async () => {
    await run('insert into node values (9007199254740993, 3, null)')
    await tree('install', ...named)
    if (engine === 'postgres') await run(`set pillion.tree = 'rebuild'`)
    await run('delete from node_link where node_id = 9007199254740993 and ancestor_id = 1')
    expect((await tree('verify', ...links)).out).toBe('missing: 9007199254740993 is 3 below 1\n')
  })

  it('knows the URLs that pillion reflect knows, and shows none of their secrets', async () => {
    url =
      engine === 'sqlite' ? 'sqlite:nowhere.db?key=secret' : `${engine}://me:secret@127.0.0.1:1/none?password=secret`
    const { code, err } = await tree('verify', ...links)
    expect([code, err]).toEqual([3, expect.stringContaining('cannot connect to')])
    expect(err).not.toContain('secret')
    url = 'oracle://me:secret@127.0.0.1/none'
    expect(await tree('verify', ...links)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^(?!.*secret).*postgres:\/\/.*mysql:\/\/.*sqlite:file/),
    })
  })

  it.runIf(engine === 'mariadb')('takes the driver that the project has', async () => {
    await mkdir(join(folder, 'node_modules'))
    await symlink(join(root, 'node_modules/mariadb'), join(folder, 'node_modules/mariadb'))
    expect(await tree('install', ...named)).toMatchObject({ code: 0, out: 'installed node_link\n', err: '' })
    await writeFile(join(folder, 'rows.csv'), 'id,parent_id,name\n10,3,"é"\n11,10,\n')
    expect(await tree('load', ...links, '--from', 'rows.csv')).toMatchObject({ code: 0, out: 'loaded 2 rows\n' })
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    expect((await tree('stats', ...links, '--json')).out).toContain('"nodes": 5')
    await run('create view shown as select * from node')
    expect(await tree('install', ...named.with(1, 'shown'))).toMatchObject({ code: 4 })
  })

  it.runIf(engine !== 'sqlite').each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is stopped by %s whatever it waits for, and undoes what was begun', async (signal, exitCode) => {
    const everything = {
      postgres: `select relname from pg_class where relname like 'node%' union all select tgname from pg_trigger where not tgisinternal`,
      mariadb: `select table_name from information_schema.tables where table_schema = database() union all select trigger_name from information_schema.triggers where trigger_schema = database()`,
      sqlite: '',
    }[engine]
    const before = JSON.stringify(await rowsOf(everything))
    const stopped = async (lock: string, ...args: readonly string[]) => {
      for (const sql of engine === 'postgres' ? ['begin', lock] : [lock]) await run(sql)
      const env = { PATH: process.env.PATH, DATABASE_URL: url }
      const child = spawn(process.execPath, [main, 'tree', ...args], { cwd: folder, env })
      const ended = once(child, 'exit')
      const waits =
        engine === 'postgres'
          ? 'select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())'
          : `select 1 from information_schema.processlist where db = database() and state like 'Waiting for table%'`
      await waitFor(async () => expect(await rowsOf(waits)).not.toHaveLength(0))
      child.kill(signal)
      const [code] = await ended
      // nothing of it goes on in the server
      expect(await rowsOf(waits)).toHaveLength(0)
      await run(engine === 'postgres' ? 'rollback' : 'unlock tables')
      return code
    }
    const lock = (table: string) =>
      engine === 'postgres' ? `lock table ${table} in access exclusive mode` : `lock tables ${table} write`
    expect(await stopped(lock('node'), 'install', ...named)).toBe(exitCode)
    expect(JSON.stringify(await rowsOf(everything))).toBe(before)
    expect(await tree('install', ...named)).toMatchObject({ code: 0, out: 'installed node_link\n' })
    for (const action of ['verify', 'rebuild', 'stats'])
      expect([action, await stopped(lock(action === 'stats' ? 'node' : 'node_link'), action, ...links)]).toEqual([
        action,
        exitCode,
      ])
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    await run('insert into node values (4, 3, null)')
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })

  it.runIf(engine === 'sqlite')('is stopped by Ctrl-C in the middle of a statement, and leaves nothing', async () => {
    // a chain whose links would be two hundred millions
    await run(
      `with recursive n (i) as (select 4 union all select i + 1 from n where i < 20000) insert into node select i, i - 1, null from n`,
    )
    const child = spawn(process.execPath, [main, 'tree', 'install', ...named], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: url },
    })
    const ended = once(child, 'exit')
    await waitFor(() => expect(existsSync(join(folder, 'tree.db-journal'))).toBe(true))
    child.kill('SIGINT')
    const [code, signal] = await ended
    expect(code ?? signal).toSatisfy(how => how === 130 || how === 'SIGINT')
    expect(await tree('verify', ...links)).toMatchObject({ code: 4, err: expect.stringContaining('TREE_REFUSED') })
    await run('insert into node values (30000, 3, null)')
  })

  it.runIf(engine !== 'sqlite')(
    'is stopped by Ctrl-C in the middle of a load, which goes on with the same rows',
    async () => {
      await tree('install', ...named)
      const env = { PATH: process.env.PATH, DATABASE_URL: url }
      const child = spawn(process.execPath, [main, 'tree', 'load', ...links, '--from', '-', '--batch', '1'], {
        cwd: folder,
        env,
      })
      child.stdin.write('id,parent_id\n10,1\n11,10\n12,11\n')
      // the rows are there, and it waits for more
      await waitFor(async () => expect(await rowsOf('select id from node where id >= 10')).toHaveLength(3))
      child.kill('SIGINT')
      const [code] = await once(child, 'exit')
      expect(code).toBe(130)
      const { out } = await tree('verify', ...links)
      expect(out).toMatch(/^load: interrupted after 3 rows; run it again to go on$/m)
      await writeFile(join(folder, 'rows.csv'), 'id,parent_id\n10,1\n11,10\n12,11\n13,12\n')
      expect(await tree('load', ...links, '--from', 'rows.csv')).toMatchObject({ code: 0, out: 'loaded 1 rows\n' })
      expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
    },
  )

  it.runIf(engine !== 'sqlite')('is killed in the middle of an install, and can be installed again', async () => {
    const waits = {
      postgres: `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
      mariadb: `select 1 from information_schema.processlist where db = database() and state like 'Waiting for table%'`,
      sqlite: '',
    }[engine]
    const held = engine === 'postgres' ? ['begin', 'lock table node in row exclusive mode'] : ['lock tables node read']
    for (const sql of held) await run(sql)
    const env = { PATH: process.env.PATH, DATABASE_URL: url }
    const child = spawn(process.execPath, [main, 'tree', 'install', ...named], { cwd: folder, env })
    await waitFor(async () => expect(await rowsOf(waits)).not.toHaveLength(0))
    child.kill('SIGKILL')
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    await run(engine === 'postgres' ? 'rollback' : 'unlock tables')
    expect(await tree('install', ...named)).toMatchObject({ code: 0, out: 'installed node_link\n', err: '' })
    await run('insert into node values (4, 3, null)')
    expect(await tree('verify', ...links)).toMatchObject({ code: 0 })
  })
})

describe.skipIf(skipAloud('mysql', mysqlUrl(), 'npm run mysql'))('pillion tree on MySQL', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-tree-cli-'))
    await openMysql(createMysqlDatabase)
    await run('create table node (id bigint primary key, parent_id bigint)')
  })
  afterEach(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  const planned = ['--table', 'node', '--parent', 'parent_id', '--closure', 'node_link']

  it.each([
    ['ddl', ...planned],
    ['ddl', ...planned, '--down'],
    ['install', ...planned],
    ['advise', ...planned],
    ...['verify', 'rebuild', 'stats', 'uninstall'].map(action => [action, '--closure', 'node_link']),
    ['load', '--closure', 'node_link', '--from', 'rows.csv'],
  ])('%s is refused by the name of the server', async (...args) => {
    expect(await tree(...args)).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringMatching(/^pillion: TREE_REFUSED: .*: MySQL keeps no links of a tree/),
    })
    expect(await rowsOf('show tables')).toHaveLength(1)
  })
})
