/**
 * A way to a server that breaks where it is told to: when a statement comes by, before it or after it has been passed on; or that
 * garbles the statement, so that the server itself refuses it.
 *
 * @module
 */
import { connect, createServer, type Socket } from 'node:net'

/** The end of a connection is told in good order, or by a reset, as of a process that was killed. */
export type Break = 'end' | 'reset'

export interface BreakingProxy {
  readonly url: string
  /** Breaks the connection on which this text is sent next; `passed` says whether the server still gets it. */
  breakAt(text: string, passed: boolean, by?: Break): void
  /** Garbles this text when it is sent next: as long as it was, and a statement no more. Empty, nothing. */
  garble(text: string): void
  /** Nothing more passes on a connection, either way, from the message on that comes behind one with this text. */
  silenceBehind(text: string): void
  /** Nothing more passes on any connection, also on those that are made from now on. */
  silence(): void
  close(): Promise<void>
}

export async function breakingProxy(target: string): Promise<BreakingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let trap: { readonly text: string; readonly passed: boolean; readonly by: Break } | undefined
  let garbled = ''
  let lastWords: string | undefined
  let isAway = false
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    let deaf = false
    let isLast = false
    client.on('data', data => {
      if (isLast || isAway) deaf = true
      if (deaf) return undefined
      isLast = lastWords !== undefined && data.includes(lastWords)
      if (garbled !== '' && data.includes(garbled)) {
        data.write('?', data.indexOf(garbled))
        garbled = ''
      }
      if (trap === undefined || !data.includes(trap.text)) return void upstream.write(data)
      const { passed, by } = trap
      trap = undefined
      deaf = true
      const end = (): void => void (by === 'reset' ? client.resetAndDestroy() : client.destroy())
      if (!passed) {
        upstream.destroy()
        end()
        return undefined
      }
      // the server does what it was asked to, and its answer goes nowhere
      upstream.write(data)
      upstream.once('data', () => {
        end()
        upstream.destroy()
      })
      return undefined
    })
    upstream.on('data', data => {
      if (!deaf && !isAway) client.write(data)
    })
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.href,
    breakAt(text, passed, by = 'end') {
      trap = { text, passed, by }
    },
    garble(text) {
      garbled = text
    },
    silenceBehind(text) {
      lastWords = text
    },
    silence() {
      isAway = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
