/**
 * A MariaDB of a test's own that may be killed and started again over the same data.
 *
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { install } from '../../../../../tools/mariadb/kind.js'
import { freePort } from '../../../../../tools/server/port.js'
import { serverUser } from '../../../../../tools/server/user.js'

export interface MortalServer {
  readonly url: string
  /** `kill -9`, and no more than that. */
  kill(): Promise<void>
  /** Starts it again; it recovers from its log. */
  revive(): Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
}

/** What is committed is in the log, wherever the server is killed. */
const durable = { innodb_flush_log_at_trx_commit: 1, innodb_doublewrite: 'on' }

export async function startMortalMariadb(): Promise<MortalServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-mortal-'))
  const user = serverUser()
  const context = { ...user, cwd: folder, env: { ...process.env, TMPDIR: folder } }
  const hand = async (path: string): Promise<void> => user && chown(path, user.uid, user.gid)
  await hand(folder)
  const { program, args, url } = await install(
    {
      folder,
      password: 'mortal',
      async write(name: string, content: string) {
        const file = join(folder, name)
        await writeFile(file, content, { mode: 0o600 })
        await hand(file)
        return file
      },
      run: (command: string, its: readonly string[]) => promisify(execFile)(command, its, context),
    },
    { settings: durable },
  )
  const port = await freePort()
  let server = await live(spawn(program, args(port), { ...context, stdio: ['ignore', 'ignore', 'pipe'] }))
  const kill = async (): Promise<void> => {
    // who undoes an install may ask for it once more
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  return {
    url: url(port),
    kill,
    async revive() {
      server = await live(spawn(program, args(port), { ...context, stdio: ['ignore', 'ignore', 'pipe'] }))
    },
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The server, once it takes connections. */
function live(server: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    let log = ''
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk
      if (log.includes('ready for connections')) resolve(server)
    })
    server.on('exit', () => reject(new Error(log)))
    server.on('error', reject)
  })
}
