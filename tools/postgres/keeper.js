// Starts a server, prints its URL, keeps it until stdin closes, and leaves nothing behind.
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { npmBinaries, systemBinaries } from './binaries.js'
import { serverUser } from './server-user.js'

/** @type {import('./index.d.ts').PostgresOptions} */
const options = JSON.parse(process.argv[2] ?? '{}')

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  timezone: 'UTC',
  lc_messages: 'C',
  ...options.settings,
}

// Whoever tells us to go, the server goes first.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => process.stdin.destroy())
const released = once(process.stdin.resume(), 'close')

// The server may run as another user, who must be able to read what we copy.
process.umask(0o022)

const folder = await mkdtemp(join(tmpdir(), 'pillion-postgres-'))
try {
  const { server, url } = await start()
  process.stdout.write(`${url}\n`)
  await Promise.race([released, once(server, 'close')])
  await stop(server)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  process.stdin.destroy()
}

async function start() {
  const user = serverUser()
  const { binaries } = options
  const { initdb, postgres, flags } =
    binaries === undefined ? await npmBinaries(join(folder, 'native')) : systemBinaries(binaries)
  const data = join(folder, 'data')
  const password = randomBytes(18).toString('base64url')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  await mkdir(data, { mode: 0o700 })
  if (user !== undefined) for (const path of [folder, data, passwordFile]) await chown(path, user.uid, user.gid)

  const initialise = [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
    ...flags,
  ]
  await promisify(execFile)(initdb, initialise, { ...user, cwd: folder })
  return serve(postgres, data, user, password)
}

/**
 * Another process may take the free port before the server does: then it exits, and the next port is tried.
 *
 * @param {string} postgres
 * @param {string} data
 * @param {{ uid: number, gid: number } | undefined} user
 * @param {string} password
 */
async function serve(postgres, data, user, password) {
  let complaint = ''
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort()
    const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(postgres, ['-D', data, ...flags], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    complaint = await ready(server)
    if (complaint === '') return { server, url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` }
    if (!complaint.includes('could not bind')) break
  }
  throw new Error(complaint)
}

/**
 * Resolves to what the server complained of, or to nothing once it takes connections.
 *
 * @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} server
 * @returns {Promise<string>}
 */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = ''
    server.stderr.setEncoding('utf8').on('data', chunk => {
      log += chunk
      if (log.includes('ready to accept connections')) resolve('')
    })
    server.on('close', () => resolve(log))
    server.on('error', reject)
  }).finally(() => server.stderr.removeAllListeners('data').resume())
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address())
  await once(probe.close(), 'close')
  return port
}

/** @param {import('node:child_process').ChildProcess} server */
async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'close')
  // Fast shutdown: sessions are ended, and nothing of the data is worth more.
  server.kill('SIGINT')
  await ended
}
