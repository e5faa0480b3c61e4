import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { createDatabase, postgresServers, postgresUrl } from './postgres.js'

async function rows(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe.each(postgresServers())('on PostgreSQL $version', ({ version, url }) => {
  test('the server is of that version', async () => {
    const [row] = await rows(url, "select current_setting('server_version_num')::int / 10000 as major")
    expect(row).toEqual({ major: version })
  })

  test('a database is empty, in UTF-8, and gone once dropped, sessions and all', async () => {
    const database = await createDatabase(url)
    const name = new URL(database.url).pathname.slice(1)
    const exists = `select from pg_database where datname = '${name}'`
    expect(await rows(database.url, 'select from pg_class where relnamespace = to_regnamespace($$public$$)')).toEqual(
      [],
    )
    expect(await rows(database.url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
    expect(await rows(url, exists)).toHaveLength(1)

    const idle = new Client(database.url)
    const ended = new Promise<void>(resolve => idle.on('end', resolve))
    idle.on('error', () => {})
    await idle.connect()
    await database.drop()
    await ended
    expect(await rows(url, exists)).toHaveLength(0)
  })

  test('databases made at once do not meet', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, () => createDatabase(url)))
    expect(new Set(databases.map(database => database.url)).size).toBe(4)
    await Promise.all(databases.map(database => database.drop()))
  })
})

test('the default server is the newest', () => {
  expect(postgresUrl()).toBe(postgresServers()[0]?.url)
})
