import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { createMariadbDatabase, mariadbUrl } from './mariadb.js'
import { createMysqlDatabase, mysqlUrl } from './mysql.js'
import { skipAloud } from './skip.js'

async function rows(url: string, sql: string): Promise<readonly unknown[]> {
  const connection = await createConnection(url)
  try {
    return (await connection.query<RowDataPacket[]>(sql))[0]
  } finally {
    await connection.end()
  }
}

const servers = [
  {
    name: 'MariaDB',
    server: mariadbUrl(),
    create: createMariadbDatabase,
    lacking: skipAloud('mariadb', mariadbUrl(), 'install mariadb-server'),
    version: /^1\d\.\d+\.\d+-MariaDB/,
    oldest: 1006,
  },
  {
    name: 'MySQL',
    server: mysqlUrl(),
    create: createMysqlDatabase,
    lacking: skipAloud('mysql', mysqlUrl(), 'npm run mysql'),
    version: /^\d+\.\d+\.\d+(?!.*MariaDB)/,
    oldest: 804,
  },
]

describe.each(servers)('on $name', ({ server, create, lacking, version, oldest }) => {
  test.skipIf(lacking)('the server is one of those that are supported', async () => {
    const [row] = await rows(server as string, 'select version() as version')
    const said = (row as { version: string }).version
    const [major = 0, minor = 0] = said.split('.').map(Number)
    expect(said).toMatch(version)
    expect(major * 100 + minor).toBeGreaterThanOrEqual(oldest)
  })

  test.skipIf(lacking)('a database is empty, in UTF-8, and gone once dropped, open transactions and all', async () => {
    const { url, drop } = await create()
    const exists = `select 1 from information_schema.schemata where schema_name = '${new URL(url).pathname.slice(1)}'`
    expect(await rows(url, 'show tables')).toEqual([])
    expect(await rows(url, 'select @@character_set_database as charset')).toEqual([{ charset: 'utf8mb4' }])
    expect(await rows(server as string, exists)).toHaveLength(1)

    await rows(url, 'create table held (id int)')
    const open = await createConnection(url)
    const ended = new Promise<void>(resolve => open.on('error', () => resolve()))
    await open.query('start transaction')
    await open.query('select * from held')
    await drop()
    await ended
    expect(await rows(server as string, exists)).toHaveLength(0)
  })

  test.skipIf(lacking)('databases made at once do not meet', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, create))
    expect(new Set(databases.map(database => database.url)).size).toBe(4)
    await Promise.all(databases.map(database => database.drop()))
  })
})
