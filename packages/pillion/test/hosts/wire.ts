/**
 * What really goes over the wires to PostgreSQL: the frontend messages, read from the bytes that are written.
 */
import type { Wire } from '../../src/testing/index.js'

export interface TappedWire extends Wire {
  /** Listens to one client of `pg`. */
  tap(client: object): void
  /** Listens to a socket, or to whatever else takes the protocol's messages. */
  listen(socket: Written): void
  /** Reads bytes that have been listened to elsewhere. One reader a connection. */
  reader(): (data: Uint8Array) => void
}

interface Written {
  write(data: Buffer, ...rest: never[]): boolean
}

interface Client {
  readonly connection: { readonly stream: Written }
}

/** @param pool whose clients are listened to, of now and to come. */
export function wireOf(pool?: { on(event: 'connect', listener: (client: object) => void): unknown }): TappedWire {
  const texts: string[] = []
  const tapped = new WeakSet<object>()
  let bytes = 0
  const reader = () => {
    const prepared = new Map<string, string>()
    let bound = ''
    return (data: Uint8Array): void => {
      bytes += data.length
      for (const { type, body } of messages(Buffer.from(data))) {
        const [first = '', second = ''] = body.toString().split('\0')
        if (type === 'Q') texts.push(first)
        if (type === 'P') prepared.set(first, second)
        if (type === 'B') bound = prepared.get(second) ?? `(unknown: ${second})`
        if (type === 'E') texts.push(bound)
      }
    }
  }
  const listen = (socket: Written): void => {
    if (tapped.has(socket)) return
    tapped.add(socket)
    const read = reader()
    const write = socket.write.bind(socket)
    socket.write = (data, ...rest) => {
      read(data)
      return write(data, ...rest)
    }
  }
  const tap = (client: object): void => listen((client as Client).connection.stream)
  pool?.on('connect', tap)
  for (const client of (pool as { _clients?: object[] } | undefined)?._clients ?? []) tap(client)
  return {
    texts,
    get bytes() {
      return bytes
    },
    clear() {
      texts.length = 0
    },
    tap,
    listen,
    reader,
  }
}

/** The start-up message has no type: it begins with the zero of its length, and is not a message here. */
function* messages(data: Buffer): Generator<{ type: string; body: Buffer }> {
  if (data[0] === 0) return
  for (let at = 0; at + 5 <= data.length; ) {
    const length = data.readInt32BE(at + 1)
    yield { type: String.fromCharCode(data[at] as number), body: data.subarray(at + 5, at + 1 + length) }
    at += 1 + length
  }
}
