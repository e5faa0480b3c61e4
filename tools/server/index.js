import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const keeper = fileURLToPath(new URL('./keeper.js', import.meta.url))

/**
 * The server belongs to a keeper process, which holds it for as long as our end of its stdin is open. The
 * kernel closes that end when we die, so no signal handler is needed here and no crash leaves a server behind.
 * The keeper is detached so that Ctrl-C, which a terminal sends to the whole group, reaches only us.
 *
 * @param {URL} kind
 * @param {object} options
 * @returns {Promise<import('./index.d.ts').Server>}
 */
export async function startServer(kind, options) {
  const child = spawn(process.execPath, [keeper, kind.href, JSON.stringify(options)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const complaint = text(child.stderr)
  const url = await firstLine(child.stdout)
  if (url === undefined) throw new Error(`the server did not start: ${await complaint}`)

  // A server nobody stops must not keep this process alive.
  child.unref()
  for (const pipe of [child.stdin, child.stdout, child.stderr]) /** @type {import('node:net').Socket} */ (pipe).unref()

  return Object.freeze({
    url,
    async stop() {
      child.ref()
      child.stdin.end()
      await ended
    },
  })
}

/**
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<string | undefined>}
 */
async function firstLine(stream) {
  let read = ''
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    read += chunk
    if (read.includes('\n')) return read.slice(0, read.indexOf('\n'))
  }
  return undefined
}
