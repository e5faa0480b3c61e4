import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { installTree, readTree, readTreeTable, treeModel, type TreeSession } from 'pillion/tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMysqlDatabase, mysqlUrl } from '../../../../test/support/mysql.js'
import { skipAloud } from '../../../../test/support/skip.js'

describe.skipIf(skipAloud('mysql', mysqlUrl(), 'npm run mysql'))('a tree on MySQL', () => {
  let session: TreeSession
  let close: () => Promise<void>

  beforeAll(async () => {
    const database = await createMysqlDatabase()
    const connection = await createConnection({
      uri: database.url,
      rowsAsArray: true,
      typeCast: field => field.string(),
    })
    session = {
      dialect: 'mariadb',
      async run(sql, values = []) {
        const [rows] = await connection.query<RowDataPacket[]>(sql, [...values])
        return Array.isArray(rows) ? (rows as unknown as (string | null)[][]) : []
      },
    }
    close = () => connection.end().then(database.drop)
    await session.run(
      'create table node (id bigint primary key, parent_id bigint, foreign key (parent_id) references node (id))',
    )
    await session.run('insert into node values (1, null), (2, 1)')
  })
  afterAll(() => close())

  const refusal = /^TREE_REFUSED: The server calls itself version \d+\.\d+\.\d+.*: MySQL keeps no links of a tree/

  it('is refused by the name of the server, and nothing of it is left', async () => {
    const table = {
      schema: '',
      name: 'node',
      columns: [
        { name: 'id', sqlType: 'bigint', nullable: false },
        { name: 'parent_id', sqlType: 'bigint', nullable: true },
      ],
      primaryKey: { columns: ['id'] },
      foreignKeys: [],
    }
    const model = treeModel('mariadb', table, { parent: 'parent_id', closure: 'node_link' })
    await expect(readTreeTable(session, 'node')).rejects.toThrow(refusal)
    await expect(installTree(session, model)).rejects.toThrow(refusal)
    await expect(readTree(session, 'node_link')).rejects.toThrow(refusal)
    expect(await session.run('show tables')).toEqual([['node']])
    expect(await session.run('show triggers')).toEqual([])
  })
})
