/**
 * What really goes over a pool's wires: the frontend messages, read from the bytes that its clients write.
 */
import type { Client } from 'pg'

export interface Wire {
  /** The text of every statement executed, in order, prepared ones by what they were prepared from. */
  readonly texts: readonly string[]
  /** Bytes written so far. */
  readonly bytes: number
  /** Forget what was seen. */
  clear(): void
  /** Listen to one client. */
  tap(client: object): void
}

interface Inside {
  readonly connection: { readonly stream: { write(data: Buffer, ...rest: unknown[]): boolean } }
}

export function wireOf(pool?: { on(event: 'connect', listener: (client: Client) => void): unknown }): Wire {
  const texts: string[] = []
  const tapped = new WeakSet<object>()
  let bytes = 0
  const tap = (client: object): void => {
    if (tapped.has(client)) return
    tapped.add(client)
    const { stream } = (client as Inside).connection
    const prepared = new Map<string, string>()
    const write = stream.write.bind(stream)
    let bound = ''
    stream.write = (data, ...rest) => {
      bytes += data.length
      for (const { type, body } of messages(data)) {
        const [first = '', second = ''] = body.toString().split('\0')
        if (type === 'Q') texts.push(first)
        if (type === 'P') prepared.set(first, second)
        if (type === 'B') bound = prepared.get(second) ?? `(unknown: ${second})`
        if (type === 'E') texts.push(bound)
      }
      return write(data, ...rest)
    }
  }
  pool?.on('connect', tap)
  return {
    texts,
    get bytes() {
      return bytes
    },
    clear() {
      texts.length = 0
    },
    tap,
  }
}

function* messages(data: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = 0; at < data.length; ) {
    const length = data.readInt32BE(at + 1)
    yield { type: String.fromCharCode(data[at] as number), body: data.subarray(at + 5, at + 1 + length) }
    at += 1 + length
  }
}
