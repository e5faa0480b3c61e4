/**
 * A table whose types or keys are otherwise than they were when the tree was installed: no trigger is told, and `verifyTree` says so
 * before links go wrong.
 *
 * @module
 */
import { afterEach, describe, expect, test } from 'vitest'
import {
  describeFault,
  installTree,
  readTree,
  readTreeTable,
  rebuildTree,
  treeModel,
  type TreeOptions,
  uninstallTree,
  verifyTree,
} from '../../src/tree/index.js'
import type { TreeDialect } from '../../src/tree/model.js'
import { engines, type Ground, type TestSession } from './support/engines.js'

let ground: Ground
let session: TestSession
afterEach(async () => {
  await session.close()
  await ground.drop()
})

interface Change {
  readonly nodes: string
  readonly options?: Partial<TreeOptions>
  readonly by: readonly string[]
  readonly told: readonly string[]
}

const nodes = (key: string): string => `create table node (id int primary key, parent_id int, name varchar(9)${key})`
const foreign = ', constraint up foreign key (parent_id) references node (id)'
const cascading = `${foreign} on delete cascade`
const anew = 'uninstall the tree, and install it again'
const owners = 'create table owner (id int primary key)'
const owned = 'add column owner_id int, add foreign key (owner_id) references owner (id)'

const changes: Readonly<Record<TreeDialect, Readonly<Record<string, Change>>>> = {
  postgres: {
    'wider keys': {
      nodes: nodes(cascading),
      by: ['alter table node alter id type bigint, alter parent_id type bigint'],
      told: [`changed: id is bigint, and was integer; ${anew}`],
    },
    'keys that cannot be compared with those of the links': {
      nodes: nodes(cascading),
      by: [
        'alter table node drop constraint up',
        'alter table node alter id type text, alter parent_id type text',
        'alter table node add constraint up foreign key (parent_id) references node (id) on delete cascade',
      ],
      told: [`changed: id is text, and was integer; ${anew}`],
    },
    'one of them that cannot be compared with the other': {
      nodes: nodes(''),
      by: ['alter table node alter id type text'],
      told: [`changed: The column parent_id is integer, and id, which it points to, text; ${anew}`],
    },
    'a key of one type and a pointer of another': {
      nodes: nodes(''),
      by: ['alter table node alter id type bigint'],
      told: [`changed: The column parent_id is integer, and id, which it points to, bigint; ${anew}`],
    },
    'a foreign key that may be put off by now': {
      nodes: nodes(cascading),
      by: ['alter table node alter constraint up deferrable initially deferred'],
      told: [`changed: the foreign key of the pointer may be put off; ${anew}`],
    },
    'a foreign key that is gone': {
      nodes: nodes(foreign),
      by: ['alter table node drop constraint up'],
      told: [`changed: the pointer has no foreign key; ${anew}`],
    },
    'control: a foreign key that is no longer put off': {
      nodes: nodes(`${cascading} deferrable`),
      by: ['alter table node alter constraint up not deferrable'],
      told: [],
    },
    'control: a foreign key that does not cascade by now': {
      nodes: nodes(cascading),
      by: ['alter table node drop constraint up, add constraint up foreign key (parent_id) references node (id)'],
      told: [],
    },
    'control: another key, column, and index': {
      nodes: nodes(''),
      by: [
        'alter table node add column n int unique, alter name type text',
        'create index on node (parent_id, name)',
        'alter table node add foreign key (parent_id) references node (id)',
      ],
      told: [],
    },
  },
  mariadb: {
    'a foreign key that takes rows': {
      nodes: nodes(cascading),
      by: [owners, `alter table node ${owned} on delete cascade`],
      told: [`changed: a foreign key takes or changes rows that no trigger sees; ${anew}`],
    },
    'a foreign key that cascades by now': {
      nodes: nodes(foreign),
      by: [
        'alter table node drop foreign key up',
        'alter table node add constraint up foreign key (parent_id) references node (id) on delete cascade',
      ],
      told: [`changed: the foreign key of the pointer is ON DELETE CASCADE; ${anew}`],
    },
    'a foreign key that is gone': {
      nodes: nodes(foreign),
      by: ['alter table node drop foreign key up'],
      told: [`changed: the pointer has no foreign key; ${anew}`],
    },
    'control: a foreign key that takes nothing': {
      nodes: nodes(cascading),
      by: [owners, `alter table node ${owned}, add unique (name)`],
      told: [],
    },
    'control: keys on the links, which were wanted then': {
      nodes: `create table node (id int primary key, parent_id int, owner_id int${cascading}, foreign key (owner_id) references owner (id) on delete cascade)`,
      by: [],
      told: [],
    },
  },
  sqlite: {
    'a unique key': {
      nodes: nodes(''),
      by: ['create unique index by_name on node (name)'],
      told: [`changed: (name) is a unique key, by which REPLACE may meet a row; ${anew}`],
    },
    'control: a unique key that was there': {
      nodes: `create table node (id integer primary key, parent_id integer, name text unique)`,
      by: ['alter table node add column n int', 'create index by_pointer on node (parent_id, name)'],
      told: [],
    },
  },
}

describe.each(engines().filter(({ dialect }) => dialect === 'postgres'))('on $name', engine => {
  test('a rebuild of what cannot be compared is refused by what has changed', async () => {
    ground = await engine.open()
    session = await ground.session()
    await session.run(nodes(''))
    const table = await readTreeTable(session, 'node')
    await installTree(session, treeModel(engine.dialect, table, { parent: 'parent_id', closure: 'link' }))
    await session.run('alter table node alter id type text, alter parent_id type text')
    await expect(rebuildTree(session, await readTree(session, 'link'))).rejects.toMatchObject({
      code: 'TREE_REFUSED',
      message: expect.stringContaining('id is text, and was integer'),
      cause: { code: '42804' },
    })
  })
})

describe.each(engines())('on $name', engine => {
  test.each(Object.entries(changes[engine.dialect]))('%s', async (_, { nodes: make, by, told }) => {
    ground = await engine.open()
    session = await ground.session()
    const first = make.includes('owner (id)') ? [owners, make] : [make]
    for (const sql of [...first, 'insert into node (id, parent_id) values (1, null), (2, 1)']) await session.run(sql)
    const install = async (): Promise<boolean> => {
      const table = await readTreeTable(session, 'node')
      return installTree(session, treeModel(engine.dialect, table, { parent: 'parent_id', closure: 'link' }))
    }
    await install()
    const verified = async () => (await verifyTree(session, await readTree(session, 'link'))).map(describeFault)
    expect(await verified()).toEqual([])
    for (const sql of by) await session.run(sql)
    expect(await verified()).toEqual(told)
    if (told.length === 0 || told[0]?.includes('The column')) return
    await uninstallTree(session, await readTree(session, 'link'))
    expect(await install()).toBe(true)
    await session.run('insert into node (id, parent_id) values (3, 2)')
    await session.run(`update node set parent_id = 1 where id = '3'`)
    expect(await verified()).toEqual([])
  })
})
