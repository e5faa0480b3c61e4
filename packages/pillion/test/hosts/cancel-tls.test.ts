import { execFile } from 'node:child_process'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startPostgres } from '@pillion/postgres'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { pgHost } from '../../src/hosts/pg.js'
import { serverUser } from '../../../../tools/server/user.js'
import { skipAloud } from '../../../../test/support/skip.js'
import { codeOf } from '../../src/testing/stage.js'
import { statement } from '../../src/testing/statement.js'

const run = promisify(execFile)
const openssl = await run('openssl', ['version']).catch(() => undefined)

describe.skipIf(skipAloud('openssl', openssl, 'install openssl'))('a connection over TLS', () => {
  test.each(['postgres', 'direct'])('is cancelled over TLS, negotiated as %s', async sslNegotiation => {
    const folder = await mkdtemp(join(tmpdir(), 'pillion-tls-'))
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const request = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost'
    await run('openssl', [...request.split(' '), '-keyout', key, '-out', certificate])
    await chmod(folder, 0o755)
    // Only its owner may read the key, and a server that root starts is another user's.
    const owner = serverUser()
    if (owner !== undefined) await chown(key, owner.uid, owner.gid)
    const server = await startPostgres({ settings: { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key } })
    try {
      const config = { connectionString: server.url, ssl: { rejectUnauthorized: false }, sslNegotiation, max: 1 }
      const pool = new pg.Pool(config as pg.PoolConfig)
      // The pool says that it has ended before its socket has, and the server stops next.
      pool.on('error', () => {})
      const host = pgHost(pool)
      const secured = statement('select ssl, pid from pg_stat_ssl where pid = pg_backend_pid()')
      const before = await host.run(undefined, secured, {})
      expect(before.rows[0]?.[0]).toBe('t')
      expect(await codeOf(host.run(undefined, statement('select pg_sleep(30)'), { timeout: 20 }))).toBe('TIMED_OUT')
      // The same connection still, so it was the server that stopped.
      expect(await host.run(undefined, secured, {})).toEqual(before)
      await pool.end()
    } finally {
      await server.stop()
      await rm(folder, { recursive: true })
    }
  })
})
