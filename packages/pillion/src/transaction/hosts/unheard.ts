/**
 * The connection of `pg` behind a Kysely, which listens to none that it has taken out of its pool: a session that the server ended while
 * nothing was under way would end the process.
 *
 * @module
 */
import { pgConnectionBehind } from '../../hosts/postgres/behind-kysely.js'
import type { PgConnection } from '../../hosts/postgres/client.js'

/** Whoever lends the connection of one transaction. */
export interface Lender {
  provideConnection(consumer: (lent: object) => Promise<unknown>): Promise<unknown>
}

/** From the begin of a transaction to its end. */
export interface Hearing {
  /** Why the connection is no more, as far as is known. */
  readonly lost: { readonly cause: unknown } | undefined
  /** It goes back, and is nobody's to listen to. */
  stop(): void
}

/** Where there is nothing to listen to. */
export const heedless: Hearing = Object.freeze({ lost: undefined, stop: nothing })

/** Begins to listen as soon as the connection is lent, which is before any statement that is asked for from now on. */
export function hearing(lender: Lender): Hearing {
  let lost: Hearing['lost']
  let heard: Heard | undefined
  let isOver = false
  const lose: Lose = cause => (lost ??= { cause })
  const begin = async (lent: object): Promise<void> => {
    heard = await heardOn(lent)
    if (heard !== undefined && !isOver) heard.lose = lose
  }
  // one that is lost by now is told of by the statement that comes next
  lender.provideConnection(begin).catch(nothing)
  return Object.freeze({
    get lost() {
      return lost
    },
    stop() {
      isOver = true
      // it may be the next one's by now
      if (heard?.lose === lose) heard.lose = undefined
    },
  })
}

type Lose = (cause: unknown) => unknown

/** A connection that is listened to, and whom it is told. */
interface Heard {
  lose: Lose | undefined
}

/** By the object that Kysely makes for each connection of `pg`. */
const connections = new WeakMap<object, Heard | undefined>()

async function heardOn(lent: object): Promise<Heard | undefined> {
  if (!connections.has(lent)) {
    const connection = await pgConnectionBehind(lent)
    connections.set(lent, connection && listened(connection))
  }
  return connections.get(lent)
}

/** By these the connection tells the client, which passes them on, that it is no more: the server's last word, the socket's error, its end. */
const breaks: ReadonlySet<unknown> = new Set(['errorMessage', 'error', 'end'])

/**
 * Listens to a connection by its own `emit`, once for all, for the client, which is to be listened to, is Kysely's secret. What the client
 * throws because nobody listens to it is the last that it does there; it is the pool's to hear while the connection is there.
 */
function listened(connection: PgConnection): Heard {
  const heard: Heard = { lose: undefined }
  const { emit } = connection
  connection.emit = (event, ...told) => {
    const { lose } = heard
    if (lose === undefined || !breaks.has(event)) return emit.call(connection, event, ...told)
    const [cause = new Error('The connection ended.')] = told
    if (event !== 'errorMessage' || isFatal(cause)) lose(cause)
    try {
      return emit.call(connection, event, ...told)
    } catch (error) {
      if (event !== 'end' && error !== cause) throw error
      lose(error)
      return true
    }
  }
  return heard
}

/** A server that speaks another language says it in that: then the end of the socket tells, which comes next. */
function isFatal(error: unknown): boolean {
  return (error as { readonly severity?: unknown }).severity === 'FATAL'
}

function nothing(): void {}
