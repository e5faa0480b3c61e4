import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import { findMariadb, startMariadb } from '../../../../../tools/mariadb/index.js'
import type { Server } from '../../../../../tools/server/index.js'
import { type Read, reflectMysql } from '../../../src/schema/index.js'

const lacking = skipAloud('mariadb of its own', findMariadb(), 'install mariadb-server')

describe.skipIf(lacking)('a server that folds the names of tables', () => {
  let server: Server
  let connection: Connection

  beforeAll(async () => {
    server = await startMariadb({ settings: { lower_case_table_names: 1 } })
    connection = await createConnection(server.url)
  })
  afterAll(async () => {
    await connection?.end()
    await server?.stop()
  })

  it('has its relations and views all the same', async () => {
    for (const statement of [
      'create database App',
      'use App',
      'create table Parent (id int primary key)',
      'create table Child (id int primary key, parentId int not null, foreign key (parentId) references PARENT (id))',
      'create view Seen as select c.id, p.id as p from APP.Child c join Parent p on p.id = c.parentId',
    ])
      await connection.query(statement)
    const read: Read = async (sql, values = []) => {
      const [rows] = await connection.query<RowDataPacket[][]>({ sql, values: [...values], rowsAsArray: true })
      return rows as unknown as Awaited<ReturnType<Read>>
    }
    const { tables, schemas } = await reflectMysql(read)
    expect(schemas).toEqual(['main'])
    expect(tables.map(({ id }) => id)).toEqual(['main.child', 'main.parent', 'main.seen'])
    expect(tables[0]?.relations).toMatchObject([{ key: 'parent', target: 'main.parent' }])
    expect(tables[2]).toMatchObject({ dependsOn: ['main.child', 'main.parent'] })
    expect(tables[2]?.definition).not.toMatch(/app/i)
  })
})
