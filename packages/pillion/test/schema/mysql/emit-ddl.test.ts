import { execFile } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import { skipAloud } from '../../../../../test/support/skip.js'
import {
  type Catalog,
  ddlStatements,
  describeDiff,
  diffCatalogs,
  emitDdl,
  emitTypes,
  parseSnapshot,
  readEmittedTypes,
  reflectMysql,
  writeSnapshot,
} from '../../../src/schema/index.js'
import { samplesOf } from './samples.js'
import { servers } from './servers.js'
import { openSession, type Session } from './session.js'

describe.each(servers)('on $name', server => {
  const { lacking, client } = server
  const samples = samplesOf(server)
  const opened: Session[] = []
  afterEach(() => Promise.all(opened.splice(0).map(session => session.close())))

  async function fresh(...statements: readonly string[]): Promise<Session> {
    const session = await openSession(server)
    opened.push(session)
    // The samples make tables before those that they point to.
    await session.run('set foreign_key_checks = 0', ...statements, 'set foreign_key_checks = 1')
    return session
  }

  const same = (before: Catalog, after: Catalog): void => {
    expect(describeDiff(diffCatalogs(before, after))).toBe('')
    expect(after).toEqual(before)
  }

  it.skipIf(lacking).each(samples)(
    '$name, emitted and loaded elsewhere, reflects as it was',
    async ({ statements }) => {
      const catalog = await reflectMysql((await fresh(...statements)).read)
      const copy = await openSession(server)
      opened.push(copy)
      await copy.run(...ddlStatements(catalog))
      const again = await reflectMysql(copy.read)
      same(catalog, again)
      expect(emitDdl(again)).toBe(emitDdl(catalog))
    },
  )

  it.skipIf(skipAloud('mariadb-client', client, 'install mariadb-client') || lacking)(
    'the script is one for the client',
    async () => {
      const [torture] = samples
      const catalog = await reflectMysql((await fresh(...(torture?.statements ?? []))).read)
      const copy = await openSession(server)
      opened.push(copy)
      await pipe(client ?? '', copy.url, emitDdl(catalog))
      same(catalog, await reflectMysql(copy.read))
    },
  )

  it.skipIf(lacking)('a script that leaves something out is not a fixed point', async () => {
    const catalog = await reflectMysql((await fresh('create table a (id int primary key, b int, key by_b (b))')).read)
    const copy = await fresh(
      ...ddlStatements(catalog).map(statement => statement.replace(/,\s*KEY `by_b` \(`b`\)/, '')),
    )
    expect(describeDiff(diffCatalogs(catalog, await reflectMysql(copy.read)))).toBe('- index main.a.by_b')
  })

  it.skipIf(lacking).each(samples)(
    '$name comes back from its snapshot and from TypeScript as it was',
    async ({ statements }) => {
      const catalog = await reflectMysql((await fresh(...statements)).read)
      expect(parseSnapshot(writeSnapshot(catalog))).toEqual(catalog)
      expect(readEmittedTypes(emitTypes(catalog))).toEqual(catalog)
    },
  )
})

/** Runs a script through the client. */
function pipe(client: string, url: string, script: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url)
  const args = [`-h${hostname}`, `-P${port}`, `-u${decodeURIComponent(username)}`, '--default-character-set=utf8mb4']
  const environment = { ...process.env, ...(password !== '' && { MYSQL_PWD: decodeURIComponent(password) }) }
  return new Promise((resolve, reject) => {
    const child = execFile(client, [...args, pathname.slice(1)], { env: environment }, error =>
      error === null ? resolve() : reject(error),
    )
    child.stdin?.end(script)
  })
}
