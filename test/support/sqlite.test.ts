import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { skipAloud } from './skip.js'
import { createSqliteFile, sqliteAddons } from './sqlite.js'

describe.skipIf(skipAloud('sqlite', sqliteAddons(), 'install python3, make and g++'))('on SQLite', () => {
  test('better-sqlite3 is compiled, with a SQLite of 3.38 or later', async () => {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(':memory:')
    const { version } = database.prepare('select sqlite_version() as version').get() as { version: string }
    database.close()
    expect(order(version)).toBeGreaterThanOrEqual(order('3.38.0'))
  })

  test('sqlite3 is compiled, with a SQLite of 3.38 or later', async () => {
    const { default: sqlite3 } = await import('sqlite3')
    const database = new sqlite3.Database(':memory:')
    const get = promisify<string, { version: string }>(database.get.bind(database))
    const { version } = await get('select sqlite_version() as version')
    await promisify(database.close.bind(database))()
    expect(order(version)).toBeGreaterThanOrEqual(order('3.38.0'))
  })

  test('a database is new, is shared by all who open it, and is gone once dropped, journal and all', async () => {
    const { default: Database } = await import('better-sqlite3')
    const { file, drop } = await createSqliteFile()
    expect(existsSync(file)).toBe(false)

    const [writer, reader] = [new Database(file), new Database(file)]
    writer.pragma('journal_mode = wal')
    writer.exec('create table kept (id integer primary key); insert into kept values (7)')
    expect(reader.prepare('select id from kept').all()).toEqual([{ id: 7 }])
    // The control: there is more to remove than the file.
    expect((await readdir(dirname(file))).length).toBeGreaterThan(1)
    writer.close()
    reader.close()
    await drop()
    expect(existsSync(dirname(file))).toBe(false)
  })

  test('databases made at once do not meet', async () => {
    const databases = await Promise.all(Array.from({ length: 4 }, createSqliteFile))
    expect(new Set(databases.map(database => database.file)).size).toBe(4)
    await Promise.all(databases.map(database => database.drop()))
  })
})

function order(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1_000_000 + minor * 1000 + patch
}
