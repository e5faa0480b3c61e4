/**
 * PostgreSQL's cancel request: a second, short connection that names the first by its process and secret.
 *
 * @module
 */
import { connect, isIP, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { PgClient } from './client.js'

const cancelCode = 80877102
const tlsCode = 80877103

/** Milliseconds of silence after which the server counts as out of reach: the caller is waiting for the answer. */
const patience = 5_000

/** Milliseconds before the server is asked again: twice as many each time, up to the longest. */
const [first, longest] = [50, 1_000]

/**
 * Has the server stop what is running, and asks again until that has ended: a request that arrives while the
 * server makes a statement ready may be forgotten when it turns to the statement's next message. Settles when no request is
 * under way, so that none can hit a later statement.
 *
 * @param request asks once, and settles when the server has heard it.
 * @throws whatever kept the second connection from being made.
 */
export async function cancelUntil(ended: Promise<unknown>, request: () => Promise<void>): Promise<void> {
  const over = ended.then(
    () => true,
    () => true,
  )
  for (let wait = first; ; wait = Math.min(2 * wait, longest)) {
    await request()
    if (await Promise.race([over, pause(wait, false, { ref: false })])) return
  }
}

/**
 * Asks once. Settles when the server has closed the second connection: by then the signal is given. It is for the server to hang
 * up first: a proxy answers one that hangs up before it has passed on what he said.
 */
export function cancelRequest(client: PgClient): Promise<void> {
  const { processID, secretKey } = client
  if (processID === null || secretKey === null) return Promise.reject(new Error('The server gave no key to cancel by.'))
  return new Promise((resolve, reject) => {
    const socket = dial(client, secured => secured.write(message(cancelCode, processID, secretKey)), reject)
    socket.setTimeout(patience, () => socket.destroy(new Error('The server did not answer the cancel request.')))
    socket.once('error', reject)
    socket.once('close', () => resolve())
  })
}

function dial(client: PgClient, ready: (socket: Socket) => void, failed: (error: Error) => void): Socket {
  const { host, port, ssl } = client
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  const name = isIP(host) === 0 ? { servername: host } : {}
  const secure = (options: object): void => {
    const own = typeof ssl === 'object' ? ssl : {}
    const secured = connectTls({ ...name, ...own, ...options, socket }, () => ready(secured))
    secured.once('error', failed)
  }
  socket.once('connect', () => {
    if (!ssl) return ready(socket)
    if (client.sslNegotiation === 'direct') return secure({ ALPNProtocols: ['postgresql'] })
    socket.write(message(tlsCode))
    socket.once('data', answer => {
      if (answer.toString() === 'S') secure({})
      else socket.destroy(new Error('The server does not speak TLS.'))
    })
  })
  return socket
}

function message(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 + numbers.length * 4)
  buffer.writeInt32BE(buffer.length)
  for (const [i, number] of numbers.entries()) buffer.writeInt32BE(number, 4 + i * 4)
  return buffer
}
