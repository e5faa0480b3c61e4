import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import type { Server } from '../../server/index.js'
import { findMysql, startMysql } from '../index.js'

async function maxConnections(url: string): Promise<unknown> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query<RowDataPacket[]>('select @@max_connections as value')
    return rows[0]?.['value']
  } finally {
    await connection.end()
  }
}

// What the keeper of a server promises of every kind is tried on those that start sooner.
describe.skipIf(skipAloud('mysql', findMysql(), 'npm run mysql'))("a MySQL of one's own", () => {
  let folder: string
  let mysql: Server

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pillion-mysql-test-'))
    // The server may run as another user, who must be able to enter.
    await chmod(folder, 0o755)
    vi.stubEnv('TMPDIR', folder)
    mysql = await startMysql({ settings: { max_connections: 17 } })
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await mysql.stop()
    await rm(folder, { recursive: true })
  })

  test('listens on the loopback, and settings reach it', async () => {
    expect(mysql.url).toMatch(/^mysql:\/\/root:[\w-]+@127\.0\.0\.1:\d+\/mysql$/)
    expect(await maxConnections(mysql.url)).toBe(17)
  })

  test.each(['', 'wrong'])('its password is asked for: %j opens nothing', async password => {
    const url = Object.assign(new URL(mysql.url), { password })
    await expect(maxConnections(url.href)).rejects.toThrow('Access denied')
  })

  test('one that cannot start says why, and leaves nothing on disk', async () => {
    const before = await readdir(folder)
    await expect(startMysql({ settings: { no_such_setting: 1 } })).rejects.toThrow('no_such_setting')
    expect(await readdir(folder)).toEqual(before)
  })

  test('stop ends the server and leaves nothing on disk', async () => {
    expect(await readdir(folder)).toHaveLength(1)
    await mysql.stop()
    await expect(maxConnections(mysql.url)).rejects.toThrow('ECONNREFUSED')
    expect(await readdir(folder)).toEqual([])
  })
})
