/**
 * Whether a transaction is open on a connection of `mysql2`. The server says so at the end of every answer, also of the
 * host's statements; the driver drops it, and so it is listened for here.
 *
 * @module
 */
import { oncePerProcess } from '../../run/once.js'
import { inTransactionFlag } from './line.js'
import type { Client, Command, Packet } from './mysql2-client.js'

/** Of all copies of the package in a process: each would put its own method in the place of the last one's. */
const { heard, listening } = oncePerProcess('mysql2-status.1', () => ({
  /** The server's last word by connection. Absent: not heard yet, or left open by an error. */
  heard: new WeakMap<Client, boolean>(),
  listening: new WeakSet<Client>(),
}))

/** Is a transaction open, by the server's last word? */
export function inTransaction(client: Client): boolean | undefined {
  return heard.get(client)
}

/** Listens from now on, once a connection, however many hosts and copies ask. */
export function listen(client: Client): void {
  if (listening.has(client)) return
  listening.add(client)
  const handle = client.handlePacket
  client.handlePacket = packet => {
    const command = client._command
    handle.call(client, packet)
    if (packet === undefined || command === client._command) return
    // the answer is complete, and this was its last packet
    const status = statusIn(packet, command)
    if (status === undefined) heard.delete(client)
    else heard.set(client, (status & inTransactionFlag) !== 0)
  }
}

/** The status in the last packet of an answer. An error has none, and may have ended the transaction. */
function statusIn({ buffer, start, end }: Packet, command: Command | null | undefined): number | undefined {
  const at = start + 4
  const length = end - at
  if (buffer[at] === 0xfe && length < 9) return word(buffer, at + 3)
  // the answer to a statement's preparation looks the same, and is none
  if (buffer[at] !== 0 || length < 7 || (command && 'parameterCount' in command)) return undefined
  return word(buffer, afterNumber(buffer, afterNumber(buffer, at + 1)))
}

function word(buffer: Uint8Array, at: number): number {
  return (buffer[at] as number) | ((buffer[at + 1] as number) << 8)
}

/** Behind a number of the protocol, which takes as many bytes as its first one says. */
function afterNumber(buffer: Uint8Array, at: number): number {
  const first = buffer[at] as number
  return at + (first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9)
}
