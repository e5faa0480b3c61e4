// Starts a server, prints its URL, keeps it until stdin closes, and leaves nothing behind.
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './port.js'
import { serverUser } from './user.js'

const [module = '', options = '{}'] = process.argv.slice(2)
/** Milliseconds for a server to end by itself: nothing of its data is worth more. */
const patience = 10_000

/** @type {import('./index.d.ts').Kind<unknown>} */
const kind = await import(module)

// Whoever tells us to go, the server goes first.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => process.stdin.destroy())
const released = once(process.stdin.resume(), 'close')

// The server may run as another user, who must be able to read what we copy.
process.umask(0o022)

const folder = await mkdtemp(join(tmpdir(), `pillion-${kind.name}-`))
try {
  const user = serverUser()
  // What the server writes elsewhere goes with the folder, too, and its user may write there.
  const context = { ...user, cwd: folder, env: { ...process.env, TMPDIR: folder } }
  const installed = await install(user, context)
  const { server, url } = await serve(installed, context)
  process.stdout.write(`${url}\n`)
  await Promise.race([released, once(server, 'close')])
  await stop(server)
  await installed.clear?.()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  process.stdin.destroy()
}

/**
 * @param {{ uid: number, gid: number } | undefined} user
 * @param {import('node:child_process').ExecFileOptions} context
 */
async function install(user, context) {
  /** @param {string} path */
  const hand = async path => user && chown(path, user.uid, user.gid)
  await hand(folder)
  return kind.install(
    {
      folder,
      password: randomBytes(18).toString('base64url'),
      async write(name, content) {
        const file = join(folder, name)
        await writeFile(file, content, { mode: 0o600 })
        await hand(file)
        return file
      },
      run: (program, args) => promisify(execFile)(program, args, context),
    },
    JSON.parse(options),
  )
}

/**
 * Another process may take the free port before the server does: then it exits, and the next port is tried.
 *
 * @param {import('./index.d.ts').Installed} installed
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} context
 */
async function serve({ program, args, url }, context) {
  let complaint = ''
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort()
    const server = spawn(program, args(port), { ...context, stdio: ['ignore', 'ignore', 'pipe'] })
    complaint = await ready(server)
    if (complaint === '') return { server, url: url(port) }
    if (!complaint.includes(kind.portTaken)) break
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
      if (log.includes(kind.ready)) resolve('')
    })
    server.on('close', () => resolve(log))
    server.on('error', reject)
  }).finally(() => server.stderr.removeAllListeners('data').resume())
}

/**
 * Stops the server, or kills it: a PostgreSQL that is told while it gets over a crash may wait for its own processes for ever.
 *
 * @param {import('node:child_process').ChildProcess} server
 */
async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'close')
  server.kill(kind.stopSignal)
  const impatience = setTimeout(() => server.kill('SIGKILL'), patience)
  await ended
  clearTimeout(impatience)
}
