import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ddlStatements, reflectMysql } from '../../../src/schema/index.js'
import { servers } from './servers.js'
import { openSession, type Session } from './session.js'

describe.each(servers)('on $name', server => {
  const { lacking } = server

  it.skipIf(lacking)('other databases are read when they are named, under their own names', async () => {
    const [here, there] = [await openSession(server), await openSession(server)]
    try {
      await there.run(
        'create table parent (id int primary key)',
        'create trigger t before insert on parent for each row set @a = 1',
      )
      await here.run(
        `create table child (id int primary key, parent_id int not null, foreign key (parent_id) references ${there.database}.parent (id))`,
        `create view seen as select c.id, p.id as parent from child c join ${there.database}.parent p on p.id = c.parent_id`,
      )
      const alone = await reflectMysql(here.read)
      expect(alone.tables.map(({ id }) => id)).toEqual(['main.child', 'main.seen'])
      expect(alone.tables[0]?.foreignKeys[0]?.target).toBe(`${there.database}.parent`)
      expect(alone.tables[0]?.relations).toEqual([])

      const both = await reflectMysql(here.read, { schemas: ['main', there.database] })
      expect(both.schemas).toEqual(['main', there.database])
      expect(both.tables.map(({ key }) => key)).toEqual(['child', 'seen', `${there.database}.parent`])
      expect(both.tables[0]?.relations).toMatchObject([{ key: 'parent', target: `${there.database}.parent` }])
      expect(both.tables[1]?.dependsOn).toEqual(['main.child', `${there.database}.parent`])
      expect(both.tables[2]?.triggers[0]?.definition).toContain(`\`${there.database}\`.\`t\` BEFORE INSERT`)

      await there.run('drop trigger t', 'set foreign_key_checks = 0', 'drop table parent')
      await here.run('drop view seen', 'drop table child')
      const [statements, none] = [
        ddlStatements(both),
        await reflectMysql(here.read, { schemas: ['main', there.database] }),
      ]
      expect(none.tables).toEqual([])
      await here.run(...statements)
      expect(await reflectMysql(here.read, { schemas: ['main', there.database] })).toEqual(both)
    } finally {
      await here.run('drop view if exists seen', 'drop table if exists child')
      await Promise.all([here.close(), there.close()])
    }
  })

  it.skipIf(lacking)('a connection in no database is told so', async () => {
    const [nowhere, other] = [await openSession(server), await openSession(server)]
    try {
      await nowhere.run(`drop database ${nowhere.database}`)
      await expect(reflectMysql(nowhere.read)).rejects.toThrow(/^REFLECT_FAILED.*no database/)
      expect((await reflectMysql(nowhere.read, { schemas: [other.database] })).schemas).toEqual([other.database])
    } finally {
      await Promise.all([nowhere.close(), other.close()])
    }
  })
})

describe.each(servers)('a foreign key to columns that no key holds, on $name', server => {
  const { lacking } = server
  let session: Session
  beforeAll(async () => {
    if (lacking) return
    session = await openSession(server)
    await session.run(server.freeKeys)
    await session.run(
      'CREATE TABLE city (code int NOT NULL, name text, KEY (code))',
      'CREATE TABLE shop (id int PRIMARY KEY, code int NOT NULL, FOREIGN KEY (code) REFERENCES city (code))',
      "INSERT INTO city VALUES (1, 'Bonn'), (1, 'Köln')",
      'INSERT INTO shop VALUES (1, 1)',
    )
  })
  afterAll(() => session?.close())

  it.skipIf(lacking)('leads to many', async () => {
    expect(await session.read('SELECT city.name FROM shop JOIN city USING (code)')).toHaveLength(2)
    const { tables } = await reflectMysql(session.read)
    const shop = tables.find(({ name }) => name === 'shop')
    expect(shop?.relations).toMatchObject([{ key: 'city', kind: 'many', optional: false }])
  })
})
