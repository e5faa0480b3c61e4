/**
 * An install that ends in the middle: whoever installs is gone, lacks a right, or others write meanwhile.
 *
 * @module
 */
import { createConnection } from 'mysql2/promise'
import { afterEach, describe, expect, test } from 'vitest'
import { mariadbUrl } from '../../../../test/support/mariadb.js'
import { installing, uninstalling } from '../../src/tree/ddl.js'
import {
  describeFault,
  installTree,
  loadTree,
  readTree,
  readTreeTable,
  rebuildTree,
  type TreeModel,
  treeModel,
  type TreeOptions,
  type TreeSession,
  treeStats,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import { engines, type Ground, type TestSession } from './support/engines.js'

let ground: Ground
let session: TestSession

const table =
  'create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id) on delete cascade)'

afterEach(async () => {
  await session.close()
  await ground.drop()
})

/** A session that does something before each statement that is meant. */
const before = (inner: TreeSession, meant: (sql: string) => boolean, act: () => Promise<unknown>): TreeSession => ({
  dialect: inner.dialect,
  async run(sql, values) {
    if (meant(sql)) await act()
    return inner.run(sql, values)
  },
})

/** Statements that make a trigger, or what it calls, with something more in it. */
async function otherwise(on: TreeSession, name: string): Promise<readonly string[]> {
  const read = {
    postgres: `select pg_get_functiondef('${name}'::regproc)`,
    mariadb: `select concat('create or replace trigger ${name} after insert on node for each row ', action_statement) from information_schema.triggers where trigger_schema = database() and trigger_name = '${name}'`,
    sqlite: `select sql from sqlite_master where name = '${name}'`,
  }
  const text = String((await on.run(read[on.dialect]))[0]?.[0])
  switch (on.dialect) {
    case 'postgres':
      return [text.replace('BEGIN', 'BEGIN PERFORM 1;')]
    case 'mariadb':
      return [text.replace(/END$/, 'SET @other = 1; END')]
    case 'sqlite':
      return [`drop trigger ${name}`, text.replace('BEGIN', 'BEGIN SELECT 1;')]
  }
}

describe.each(engines())('on $name', engine => {
  const open = async (nodes = table, options: Partial<TreeOptions> = { counts: true }) => {
    ground = await engine.open()
    session = await ground.session()
    await session.run(nodes)
    await session.run('insert into node values (1, null), (2, 1), (3, 2), (4, 3)')
    const found = await readTreeTable(session, 'node')
    return treeModel(engine.dialect, found, { parent: 'parent_id', closure: 'link', ...options })
  }

  test('whoever installs is gone in the middle: it is installed again, over what was written since', async () => {
    const model = await open()
    const statements = installing(model)
    // MariaDB commits each of them
    const step = engine.dialect === 'mariadb' ? 3 : Math.ceil(statements.length / 3)
    for (let gone = 1; gone < statements.length; gone += step) {
      const other = await ground.session()
      await installTree(
        before(
          other,
          sql => sql === statements[gone],
          () => other.close(),
        ),
        model,
      ).catch(() => {})
      await other.close().catch(() => {})
      // a tree after each, with triggers and without
      const [low, high] = gone % 2 === 0 ? [2, 3] : [3, 2]
      await session.run(`update node set parent_id = 1 where id in (2, 3)`)
      await session.run(`update node set parent_id = ${low} where id = ${high}`)
      await session.run(`update node set parent_id = ${high} where id = 4`)
      await installTree(session, model)
      expect(await verifyTree(session, model), `gone before ${statements[gone]}`).toEqual([])
      expect(await installTree(session, model)).toBe(false)
      await session.run(`insert into node values (9, 4)`)
      await session.run(`delete from node where id = 9`)
      expect(await verifyTree(session, model), `gone before ${statements[gone]}`).toEqual([])
      await uninstallTree(session, model)
    }
  }, 120_000)

  test('somebody else installs it while it is looked for: it is there', async () => {
    const model = await open()
    let passed = true
    for (let at = 0; passed; at += 1) {
      const other = await ground.session()
      let looked = 0
      let taken = false
      // whoever has the turn keeps others waiting
      const looking = before(
        session,
        sql => !(taken ||= /^BEGIN|GET_LOCK/.test(sql)),
        async () => {
          if (looked === at) await installTree(other, model)
          looked += 1
        },
      )
      const made = await installTree(looking, model)
      passed = looked > at
      expect(made, `another did before the look ${at}`).toBe(!passed)
      expect(await verifyTree(session, model)).toEqual([])
      await uninstallTree(session, model)
      await other.close()
    }
  }, 120_000)

  test('whoever takes it away is gone in the middle: the links say what is left of it', async () => {
    // without a foreign key there is an index to take away, too
    const model = await open('create table node (id bigint primary key, parent_id bigint)')
    for (const statement of uninstalling(model)) {
      await installTree(session, model)
      const other = await ground.session()
      await uninstallTree(
        before(
          other,
          sql => sql === statement,
          () => other.close(),
        ),
        model,
      ).catch(() => {})
      await other.close().catch(() => {})
      await installTree(session, await readTree(session, 'link'))
      expect(await verifyTree(session, model), statement).toEqual([])
      await uninstallTree(session, model)
    }
  }, 120_000)

  test('a table that was made anew has no triggers: verify says so, and it is installed again', async () => {
    const model = await open()
    await installTree(session, model)
    const keys = {
      postgres: [],
      mariadb: ['set foreign_key_checks = 0', 'set foreign_key_checks = 1'],
      sqlite: ['pragma foreign_keys = off', 'pragma foreign_keys = on'],
    }[engine.dialect]
    for (const sql of [
      ...keys.slice(0, 1),
      'create table put_by as select * from node',
      engine.dialect === 'postgres' ? 'drop table node cascade' : 'drop table node',
      table,
      'insert into node select * from put_by',
      ...keys.slice(1),
      'insert into node values (5, 4)',
    ])
      await session.run(sql)
    const told = (await verifyTree(session, model)).map(describeFault)
    expect(told).toContain('trigger: link_insert is off or not there; install the tree again')
    expect(told).toContain('missing: 5 is 0 below 5')
    expect(await installTree(session, model)).toBe(true)
    expect(await verifyTree(session, model)).toEqual([])
    await session.run('update node set parent_id = 1 where id = 5')
    expect(await verifyTree(session, model)).toEqual([])
    expect(await installTree(session, model)).toBe(false)
  })

  test.skipIf(engine.dialect === 'mariadb')(
    'a table that is kept by another name has taken the triggers with it: verify says so, and it is installed again',
    async () => {
      const model = await open()
      await installTree(session, model)
      for (const sql of ['alter table node rename to node_old', table, 'insert into node select * from node_old'])
        await session.run(sql)
      const told = (await verifyTree(session, model)).map(describeFault)
      expect(told).toContain('trigger: link_insert is off or not there; install the tree again')
      expect(await installTree(session, model)).toBe(true)
      await session.run('insert into node values (5, 4)')
      expect(await verifyTree(session, model)).toEqual([])
      expect(await installTree(session, model)).toBe(false)
      await session.run('delete from node_old')
      expect(await verifyTree(session, model)).toEqual([])
    },
  )

  // as SQLite's own documentation has it, and the migrations of most ORMs
  test.runIf(engine.dialect === 'sqlite').each([
    [{}, table],
    [{ counts: true }, table],
    [{ foreignKeys: true }, table],
    [{ counts: true }, 'create table node (id bigint primary key not null, parent_id bigint)'],
  ])(
    'a table that took the name of the old one, which was dropped, has none either, with %j over %s',
    async (options, nodes) => {
      const model = await open(nodes, options)
      await installTree(session, model)
      for (const sql of [
        'pragma foreign_keys = off',
        'begin',
        nodes.replace('table node', 'table node_new'),
        'insert into node_new select * from node',
        'drop table node',
        'alter table node_new rename to node',
        'commit',
        'pragma foreign_keys = on',
        'insert into node values (5, 4)',
      ])
        await session.run(sql)
      const told = (await verifyTree(session, model)).map(describeFault)
      expect(told).toContain('trigger: link_insert is off or not there; install the tree again')
      expect(told).toContain('missing: 5 is 0 below 5')
      expect(await installTree(session, model)).toBe(true)
      for (const sql of ['insert into node values (6, 5)', 'update node set parent_id = 1 where id = 5']) {
        await session.run(sql)
        expect(await verifyTree(session, model), sql).toEqual([])
      }
      expect(await installTree(session, model)).toBe(false)
    },
  )

  test.runIf(engine.dialect === 'mariadb').each([
    ['a key that cascades', table],
    ['no key', 'create table node (id bigint primary key, parent_id bigint)'],
  ])('a table that another took the place of has none either, over %s', async (_, nodes) => {
    const model = await open(nodes)
    await installTree(session, model)
    for (const sql of [
      nodes.replaceAll(/\bnode\b/g, 'node_new'),
      'insert into node_new select * from node',
      'rename table node to node_old, node_new to node',
      'insert into node values (5, 4)',
    ])
      await session.run(sql)
    const told = (await verifyTree(session, model)).map(describeFault)
    expect(told).toContain('trigger: link_insert is off or not there; install the tree again')
    expect(told).toContain('trigger: link_update is off or not there; install the tree again')
    expect(await installTree(session, model)).toBe(true)
    expect(await installTree(session, model)).toBe(false)
    for (const sql of [
      'update node set parent_id = 1 where id = 4',
      'insert into node values (6, 5)',
      'delete from node where id = 6',
      'drop table node_old',
    ]) {
      await session.run(sql)
      expect(await verifyTree(session, model), sql).toEqual([])
    }
    await uninstallTree(session, model)
    expect(await session.run('show tables')).toEqual([['node']])
  })

  test.each(['', ', foreign key (parent_id) references node (id) on delete cascade'])(
    'a tree over a table that got another name is taken away, and installed over that%s',
    async key => {
      const planted = await open(`create table node (id bigint primary key, parent_id bigint${key})`)
      await installTree(session, planted)
      await session.run('alter table node rename to leaf')
      await uninstallTree(session, await readTree(session, 'link'))
      const leaf = await readTreeTable(session, 'leaf')
      const model = treeModel(engine.dialect, leaf, { parent: 'parent_id', closure: 'link' })
      expect(await installTree(session, model)).toBe(true)
      await session.run('insert into leaf values (8, null), (9, 8)')
      expect(await verifyTree(session, model)).toEqual([])
    },
  )

  test.each([
    ['alter table node rename to leaf', 'The table node, of which link has the links, is not there.'],
    [
      'alter table node rename column parent_id to above_id',
      'The table node has no column parent_id, of which link has the links.',
    ],
    ['alter table node rename column id to node_id', 'The table node has no column id, of which link has the links.'],
  ])('who asks after nodes that got another name is told so: %s', async (renamed, message) => {
    const planted = await open()
    await installTree(session, planted)
    await session.run(renamed)
    for (const asked of [
      () => verifyTree(session, planted),
      () => rebuildTree(session, planted),
      () => treeStats(session, planted),
      () => loadTree(session, planted, [], { columns: ['id'] }),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'TREE_REFUSED', message: expect.stringContaining(message) })
    await uninstallTree(session, planted)
  })

  test('triggers that another version made are told of, and made again; who looks at the links stays', async () => {
    const model = await open()
    await installTree(session, model)
    await session.run('create view looking as select * from link')
    const name = engine.dialect === 'postgres' ? 'link_move' : 'link_insert'
    for (const sql of await otherwise(session, name)) await session.run(sql)
    expect((await verifyTree(session, model)).map(describeFault)).toEqual([
      `outdated: ${name} is not as this version of pillion makes it; install the tree again`,
    ])
    const failing = before(
      session,
      sql => /^CREATE (OR REPLACE )?TRIGGER/.test(sql),
      () => Promise.reject(new Error('no')),
    )
    await expect(installTree(failing, model)).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('The links are kept as before'),
    })
    expect(await verifyTree(session, model)).toEqual([{ kind: 'outdated', name }])
    await session.run('insert into node values (8, 4)')
    expect(await verifyTree(session, model)).toEqual([{ kind: 'outdated', name }])
    expect(await installTree(session, await readTree(session, 'link'))).toBe(true)
    expect(await verifyTree(session, model)).toEqual([])
    expect(await installTree(session, model)).toBe(false)
    expect(await session.run('select count(*) from looking where ancestor_id = 1')).toEqual([['5']])
  })

  test('links that got another name are told of, and not passed over', async () => {
    const planted = await open()
    await installTree(session, planted)
    await session.run('alter table link rename to chain')
    await expect(readTree(session, 'chain')).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      message: expect.stringContaining('The links in chain were made as link.'),
    })
    await session.run('alter table chain rename to link')
    await uninstallTree(session, await readTree(session, 'link'))
  })

  test.runIf(engine.dialect === 'postgres')(
    'a schema that got another name: verify says so, and it is installed again, or taken away',
    async () => {
      const planted = await open()
      await installTree(session, planted)
      for (const name of ['first', 'second']) {
        await session.run(`alter schema ${name === 'first' ? 'public' : 'first'} rename to ${name}`)
        const found = await readTree(session, `${name}.link`)
        const told = (await verifyTree(session, found)).map(describeFault)
        expect(told).toContain('trigger: link_insert is off or not there; install the tree again')
        const model = treeModel('postgres', await readTreeTable(session, `${name}.node`), {
          parent: 'parent_id',
          closure: 'link',
          counts: true,
        })
        expect(await installTree(session, model)).toBe(true)
        await session.run(`insert into ${name}.node values (${name === 'first' ? 5 : 6}, 4)`)
        expect(await verifyTree(session, model)).toEqual([])
      }
      await session.run('alter schema second rename to third')
      await uninstallTree(session, await readTree(session, 'third.link'))
      expect(await session.run(`select relname from pg_class where relname like 'link%'`)).toEqual([])
      expect(await session.run(`select proname from pg_proc where proname like 'link%'`)).toEqual([])
      await session.run('insert into third.node values (7, 6)')
    },
  )

  test.runIf(engine.dialect === 'postgres')('over partitions all of it is there, or named', async () => {
    const model = await open(
      'create table node (id bigint primary key, parent_id bigint) partition by hash (id); create table node_all partition of node for values with (modulus 1, remainder 0)',
    )
    expect(await installTree(session, model)).toBe(true)
    expect(await verifyTree(session, model)).toEqual([])
    expect(await installTree(session, model)).toBe(false)
    await session.run('alter table node disable trigger link_rekey')
    expect(await verifyTree(session, model)).toEqual([{ kind: 'trigger', name: 'link_rekey' }])
  })

  test.runIf(engine.dialect !== 'sqlite')(
    'a copy without comments is told of them, and has its tree with them',
    async () => {
      const model = await open()
      await installTree(session, model)
      const [read, write] = {
        postgres: [`select obj_description('link'::regclass)`, 'comment on table link is '],
        mariadb: [
          `select table_comment from information_schema.tables where table_schema = database() and table_name = 'link'`,
          'alter table link comment = ',
        ],
        sqlite: ['', ''],
      }[engine.dialect]
      const [[comment] = []] = await session.run(String(read))
      await session.run(`${write}''`)
      const lost = {
        code: 'TREE_REFUSED',
        hint: expect.stringContaining('give it the comment of the original'),
      }
      await expect(readTree(session, 'link')).rejects.toMatchObject(lost)
      await session.run(`${write}'${String(comment).replaceAll("'", "''")}'`)
      expect(await verifyTree(session, await readTree(session, 'link'))).toEqual([])
    },
  )

  test.runIf(engine.dialect === 'postgres')('a trigger that is off is named', async () => {
    const model = await open()
    await installTree(session, model)
    await session.run('alter table node disable trigger link_update')
    expect(await verifyTree(session, model)).toEqual([{ kind: 'trigger', name: 'link_update' }])
  })

  test('what somebody else installed meanwhile is neither made again nor mixed with', async () => {
    const model = await open()
    const other = await ground.session()
    const between = async (installs: TreeModel): Promise<unknown> => {
      let looked = false
      const begins = (sql: string) => !looked && (/^(BEGIN|SELECT GET_LOCK)/.test(sql) || sql === installing(model)[0])
      const late = before(session, begins, async () => {
        looked = true
        await installTree(other, installs)
      })
      return installTree(late, model).catch(error => error)
    }
    expect(await between(model)).toBe(false)
    expect(await verifyTree(session, model)).toEqual([])
    await uninstallTree(session, model)

    const otherwise = { ...model, counts: false }
    expect(await between(otherwise)).toMatchObject({
      code: 'TREE_REFUSED',
      message: expect.stringContaining('otherwise'),
    })
    expect(await readTree(session, 'link')).toEqual(otherwise)
    await session.run('insert into node values (5, 4)')
    expect(await verifyTree(session, otherwise)).toEqual([])
    await uninstallTree(session, otherwise)
    expect(await installTree(session, model)).toBe(true)
    await other.close()
  })

  test('what is no table to hang a tree on is called what it is', async () => {
    await open()
    const others = {
      postgres: [
        ['create view other as select * from node', 'a view'],
        ['create materialized view other as select * from node', 'a materialized view'],
        ['create sequence other', 'a sequence'],
        ['create table other () inherits (node)', 'a table that has rows in common with others'],
        [
          'create table whole (id bigint) partition by range (id); create table other partition of whole default',
          'a partition',
        ],
      ],
      mariadb: [
        ['create view other as select * from node', 'a view'],
        [
          'create table other (id int primary key, parent_id int) with system versioning',
          'a table that keeps versions',
        ],
        ['create sequence other', 'a sequence'],
      ],
      sqlite: [
        ['create view other as select * from node', 'a view'],
        ['create virtual table other using fts5 (id, parent_id)', 'a virtual table'],
      ],
    }[engine.dialect]
    for (const [create = '', what = ''] of others) {
      await session.run(create)
      await expect(readTreeTable(session, 'other')).rejects.toMatchObject({
        code: 'TREE_INVALID',
        message: expect.stringContaining(`other is ${what}`),
      })
      if (create.includes('inherits'))
        await expect(readTreeTable(session, 'node')).rejects.toMatchObject({
          message: expect.stringContaining(`node is ${what}`),
        })
      await session.run(
        create.replace(/^create( virtual)? (.*?) (other|whole) .*|^create (\S+) other$/, 'drop $2$4 other'),
      )
    }
  })

  // MariaDB drops no table that a tree is over
  test.skipIf(engine.dialect === 'mariadb')(
    'what is left of a tree whose nodes are gone can be taken away',
    async () => {
      const model = await open('create table node (id bigint primary key, parent_id bigint)')
      await installTree(session, model)
      await session.run('drop table node')
      await uninstallTree(session, model)
      await expect(readTree(session, 'link')).rejects.toMatchObject({ code: 'TREE_REFUSED' })
    },
  )

  test('nobody writes between the links and the triggers', async () => {
    const model = await open()
    const other = await ground.session()
    const impatient = {
      postgres: `set lock_timeout = '200ms'`,
      mariadb: 'set lock_wait_timeout = 1, innodb_lock_wait_timeout = 1',
      sqlite: 'pragma busy_timeout = 0',
    }
    await other.run(impatient[engine.dialect])
    const refused: unknown[] = []
    const write = () =>
      other.run('insert into node values (5, 4)').then(
        () => {},
        error => refused.push(error),
      )
    await installTree(
      before(session, sql => /^CREATE (OR REPLACE )?TRIGGER/.test(sql) && refused.length === 0, write),
      model,
    )
    await other.close()
    expect(refused).toHaveLength(1)
    expect(await verifyTree(session, model)).toEqual([])
  })
})

describe.skipIf(mariadbUrl() === undefined)('on MariaDB', () => {
  const everything = () =>
    session.run(
      'select table_name from information_schema.tables where table_schema = database() union all select trigger_name from information_schema.triggers where trigger_schema = database()',
    )

  type Told = { readonly code: string; readonly hint: string }

  const installing = async (weak: TreeSession): Promise<Told> => {
    const model = treeModel('mariadb', await readTreeTable(weak, 'node'), { parent: 'parent_id', closure: 'link' })
    return (await installTree(weak, model).catch(error => error)) as Told
  }

  /** What comes of work of a user with some rights on the database. */
  async function told<T>(rights: string, work: (weak: TreeSession) => Promise<T>): Promise<T> {
    const engine = engines().find(({ dialect }) => dialect === 'mariadb')
    if (engine === undefined) throw new Error('there is no MariaDB')
    ground = await engine.open()
    session = await ground.session()
    await session.run(table)
    const [[database = ''] = []] = await session.run('select database()')
    const user = `half_${database}`.slice(-60)
    await session.run(`create user '${user}'@'%' identified by 'half'`)
    const url = new URL(mariadbUrl() ?? '')
    const client = await createConnection({
      host: url.hostname,
      port: Number(url.port || 3306),
      user,
      password: 'half',
      rowsAsArray: true,
      typeCast: field => field.string(),
    })
    try {
      await session.run(`grant ${rights} on \`${database}\`.* to '${user}'@'%'`)
      await client.query(`use \`${database}\``)
      const weak: TreeSession = {
        dialect: 'mariadb',
        async run(sql, values = []) {
          const [rows] = await client.query(sql, [...values])
          return Array.isArray(rows) ? (rows as unknown as string[][]) : []
        },
      }
      const result = await work(weak)
      // not under LOCK TABLES any more
      await session.run('insert into node values (1, null)')
      return result
    } finally {
      client.destroy()
      await session.run(`drop user '${user}'@'%'`)
    }
  }

  test('who may not make triggers leaves nothing, and no lock', async () => {
    const rights = 'select, insert, update, delete, create, drop, alter, index, references, lock tables'
    expect(await told(rights, installing)).toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('rights'),
    })
    expect(await everything()).toEqual([['node']])
  })

  /** A table in a database of the test's own. */
  const opened = async (...statements: readonly string[]): Promise<void> => {
    const engine = engines().find(({ dialect }) => dialect === 'mariadb')
    if (engine === undefined) throw new Error('there is no MariaDB')
    ground = await engine.open()
    session = await ground.session()
    for (const sql of statements) await session.run(sql)
  }
  const unchecked = 'create table node (id bigint primary key, parent_id bigint)'
  const modelOf = async (more: object = {}) =>
    treeModel('mariadb', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'link', ...more })

  test('an index that a foreign key has come to need is left to it', async () => {
    await opened(unchecked, 'insert into node values (1, null), (2, 1)')
    const model = await modelOf()
    await installTree(session, model)
    await session.run('alter table node add foreign key (parent_id) references node (id)')
    await uninstallTree(session, model)
    expect(await everything()).toEqual([['node']])
    // the same as before, or as the table is now
    expect(await installTree(session, model)).toBe(true)
    await uninstallTree(session, model)
    expect(await installTree(session, await modelOf())).toBe(true)
    await session.run('insert into node values (3, 2)')
    expect(await verifyTree(session, await readTree(session, 'link'))).toEqual([])
  })

  test('whoever fails to take it away is not told that nothing is left', async () => {
    await opened(unchecked)
    const model = await modelOf()
    await installTree(session, model)
    const failing = before(
      session,
      sql => sql.startsWith('DROP TABLE'),
      () => Promise.reject(new Error('no more room')),
    )
    await expect(uninstallTree(failing, model)).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('uninstall it again'),
    })
    await uninstallTree(session, model)
    expect(await everything()).toEqual([['node']])
  })

  test.each([
    ['a trigger', 'create trigger link_insert after insert on node for each row insert into audit values (new.id)'],
    ['a trigger', 'create trigger link_delete before insert on audit for each row set @audited = 1'],
    ['a procedure', 'create procedure link_roll_up() select 1'],
    ['an index', 'create index link_children on node (name, parent_id)'],
    ['a foreign key', 'alter table audit add constraint link_keep_fkey foreign key (id) references node (id)'],
  ])('%s of somebody else’s is not replaced: %s', async (what, taken) => {
    const named = unchecked.replace(/\)$/, ', name varchar(9))')
    await opened(named, 'create table audit (id bigint)', taken)
    const [shown] = await session.run('show create table node')
    await expect(installTree(session, await modelOf({ counts: true }))).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      message: expect.stringContaining(`There is ${what} link_`),
      hint: expect.stringContaining('closure'),
    })
    expect(await session.run('show create table node')).toEqual([shown])
    expect((await everything()).length).toBe(what === 'a trigger' ? 3 : 2)
    expect(await installTree(session, await modelOf({ counts: true, closure: 'other' }))).toBe(true)
  })

  test.each(['', 'STRICT_ALL_TABLES'])('what a comment cannot hold is refused before, in mode %j', async mode => {
    const values = Array.from({ length: 120 }, (_, i) => `'value number ${i}'`)
    await opened(
      `set sql_mode = '${mode}'`,
      `create table node (kind enum (${values.join(', ')}), id bigint, parent_id bigint, primary key (kind, id))`,
    )
    await expect(installTree(session, await modelOf({ parent: ['kind', 'parent_id'] }))).rejects.toMatchObject({
      code: 'TREE_INVALID',
      message: expect.stringContaining('2048'),
    })
    expect(await everything()).toEqual([['node']])
  })

  test('a comment that was cut is told', async () => {
    await opened(unchecked)
    const model = await modelOf()
    await installTree(session, model)
    await session.run(`alter table link comment 'pillion tree {"dialect":"mari'`)
    const refused = { code: 'TREE_REFUSED', message: expect.stringContaining('cut off') }
    await expect(readTree(session, 'link')).rejects.toMatchObject(refused)
    await expect(installTree(session, model)).rejects.toMatchObject(refused)
  })

  // MariaDB hides triggers from who may but SELECT
  test('who is not shown triggers is told so, and not that they are gone', async () => {
    const verified = async (weak: TreeSession): Promise<unknown> => {
      const model = treeModel('mariadb', await readTreeTable(session, 'node'), { parent: 'parent_id', closure: 'link' })
      await installTree(session, model)
      return verifyTree(weak, await readTree(weak, 'link')).catch(error => error)
    }
    expect(await told('select', verified)).toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('TRIGGER'),
    })
    expect(await told('select, insert', verified)).toEqual([])
    expect(await told('select, trigger', verified)).toEqual([])
  })

  test.each([
    [
      'in partitions',
      'create table node (id bigint primary key, parent_id bigint) partition by hash (id) partitions 2',
    ],
    ['of another engine', 'create table node (id bigint primary key, parent_id bigint) engine = aria'],
  ])('a table %s is refused by what is wrong with it', async (_, nodes) => {
    await opened(nodes)
    await expect(installTree(session, await modelOf())).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('in InnoDB and in no partitions'),
    })
    expect(await everything()).toEqual([['node']])
  })

  test('installs that run side by side take turns', async () => {
    await opened(unchecked, 'insert into node values (1, null), (2, 1)')
    const model = await modelOf()
    const sessions = await Promise.all([ground.session(), ground.session(), ground.session()])
    const installed = await Promise.all(sessions.map(each => installTree(each, model)))
    expect(installed.filter(Boolean)).toHaveLength(1)
    expect(await verifyTree(session, model)).toEqual([])
    await Promise.all(sessions.map(each => each.close()))
  })

  test('who may only read is not told that something is left', async () => {
    const refused = await told('select', installing)
    expect(refused).toMatchObject({ code: 'TREE_REFUSED', hint: expect.stringContaining('rights') })
    expect(await everything()).toEqual([['node']])
  })

  test('who may not drop what was begun is told so', async () => {
    const rights = 'select, insert, update, delete, create, alter, index, references, lock tables'
    expect(await told(rights, installing)).toMatchObject({
      code: 'TREE_REFUSED',
      hint: expect.stringContaining('could not be taken away'),
    })
  })
})
