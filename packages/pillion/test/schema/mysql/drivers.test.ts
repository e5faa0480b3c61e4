import * as mariadb from 'mariadb'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Catalog, type Read, reflectMysql } from '../../../src/schema/index.js'
import { openSession, type Session } from './session.js'
import { servers } from './servers.js'

type Rows = Awaited<ReturnType<Read>>

describe.each(servers)('the torture schema of $name is the same through', server => {
  const { lacking, torture } = server
  let session: Session
  let catalog: Catalog
  let connection: Connection

  beforeAll(async () => {
    if (lacking) return
    session = await openSession(server)
    await session.run(...torture)
    catalog = await reflectMysql(session.read)
    connection = await createConnection({ uri: session.url, supportBigNumbers: true, bigNumberStrings: true })
  })
  afterAll(async () => {
    await connection?.end()
    await session?.close()
  })

  it.skipIf(lacking)("mysql2's text protocol, with options that hosts set", async () => {
    const read: Read = async (sql, values = []) =>
      (await connection.query<RowDataPacket[][]>({ sql, values: [...values], rowsAsArray: true }))[0] as unknown as Rows
    expect(await reflectMysql(read)).toEqual(catalog)
  })

  it.skipIf(lacking)("mysql2's prepared statements", async () => {
    const read: Read = async (sql, values = []) => {
      const parameters = values.map(value => value as string)
      const [rows] = await connection.execute<RowDataPacket[][]>({ sql, values: parameters, rowsAsArray: true })
      return rows as unknown as Rows
    }
    expect(await reflectMysql(read)).toEqual(catalog)
  })

  it.skipIf(lacking)('rows as objects', async () => {
    const read: Read = async (sql, values = []) => {
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values])
      return rows.map(row => Object.values(row)) as unknown as Rows
    }
    expect(await reflectMysql(read)).toEqual(catalog)
  })

  it.skipIf(lacking)('mariadb', async () => {
    const other = await mariadb.createConnection(session.url.replace(/^mysql:/, 'mariadb:'))
    try {
      const read: Read = (sql, values = []) => other.query({ sql, rowsAsArray: true }, [...values])
      expect(await reflectMysql(read)).toEqual(catalog)
    } finally {
      await other.end()
    }
  })

  it.skipIf(lacking)('a session in another mode and another language', async () => {
    const other = await createConnection({ uri: session.url, charset: 'utf8mb4_bin' })
    try {
      await other.query("set sql_mode = 'ANSI', lc_messages = 'de_DE', time_zone = '+05:00', sql_quote_show_create = 0")
      const read: Read = async (sql, values = []) =>
        (await other.query<RowDataPacket[][]>({ sql, values: [...values], rowsAsArray: true }))[0] as unknown as Rows
      expect(await reflectMysql(read)).toEqual(catalog)
    } finally {
      await other.end()
    }
  })
})
