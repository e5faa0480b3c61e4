/**
 * The connection of `pg` behind a Kysely, which listens to none that it has taken out of its pool: a session that the server ended while
 * nothing was under way would end the process.
 *
 * @module
 */
import { pgConnectionBehind } from '../../hosts/postgres/behind-kysely.js'
import type { PgConnection } from '../../hosts/postgres/client.js'
import type { Droppable, Taking } from '../transactor.js'
import { drop } from './gone.js'

/** Whoever lends connections. */
export interface Lender {
  /** Calls back with a connection, for as long as the consumer takes. */
  provideConnection(consumer: Consumer, ...rest: never[]): Promise<unknown>
}

type Consumer = (lent: object) => Promise<unknown>

/** From before the begin of a transaction to its end. */
export interface Hearing {
  /** Why the connection is no more, as far as is known. */
  lost(): Lost | undefined
  /** It goes back, and is nobody's to listen to. */
  stop(): void
}

interface Lost {
  readonly cause: unknown
}

/** Where there is nothing to listen to. */
export const heedless: Hearing = Object.freeze({ lost: () => undefined, stop: nothing })

/** Who asks for a connection, for as long as they ask. */
let asking: Ear | undefined

/**
 * Listens to the connection that is asked of a lender.
 *
 * @param ask asks for it before it returns
 * @param taking is told of it before anything is sent on it
 */
export function hearing<T>(
  lender: Lender,
  ask: () => T,
  taking: Taking,
): { readonly heard: Hearing; readonly asked: T } {
  telling(lender)
  const heard = newEar(taking)
  asking = heard
  try {
    return { heard, asked: ask() }
  } finally {
    asking = undefined
  }
}

/** What listens to the one that is lent. */
interface Ear extends Hearing {
  listen(connection: Heard | undefined): void
}

function newEar(taking: Taking): Ear {
  let lost: Lost | undefined
  let connection: Heard | undefined
  const lose: Lose = cause => (lost ??= { cause })
  return Object.freeze({
    lost: () => lost,
    listen(found: Heard | undefined) {
      connection = found
      if (connection === undefined) return
      connection.lose = lose
      taking(connection)
    },
    stop() {
      // it may be the next one's by now
      if (connection?.lose === lose) connection.lose = undefined
    },
  })
}

/** Lenders that tell who asks which connection it is. */
const tellers = new WeakSet<Lender>()

function telling(lender: Lender): void {
  if (tellers.has(lender)) return
  tellers.add(lender)
  const { provideConnection } = lender
  lender.provideConnection = (consumer, ...rest) => {
    const ear = asking
    asking = undefined
    const told: Consumer = ear === undefined ? consumer : lent => lentTo(ear, lent, consumer)
    return provideConnection.call(lender, told, ...rest)
  }
}

/** What is lent for the first time is looked into before it is told to begin. */
function lentTo(ear: Ear, lent: object, consumer: Consumer): Promise<unknown> {
  if (!connections.has(lent)) return look(lent).then(() => lentTo(ear, lent, consumer))
  ear.listen(connections.get(lent))
  return consumer(lent)
}

type Lose = (cause: unknown) => unknown

/** A connection that is listened to, and whom it is told. */
interface Heard extends Droppable {
  lose: Lose | undefined
}

/** By the object that Kysely makes for each connection of `pg`. */
const connections = new WeakMap<object, Heard | undefined>()

async function look(lent: object): Promise<void> {
  // one that is lost by now is told of by BEGIN
  const connection = await pgConnectionBehind(lent).catch(() => undefined)
  connections.set(lent, connection && listened(connection))
}

/** By these the connection tells the client, which passes them on, that it is no more: the server's last word, the socket's error, its end. */
const breaks: ReadonlySet<unknown> = new Set(['errorMessage', 'error', 'end'])

/**
 * Listens to a connection by its own `emit`, once for all, for the client, which is to be listened to, is Kysely's secret. What the client
 * throws because nobody listens to it is the last that it does there; it is the pool's to hear while the connection is there.
 */
function listened(connection: PgConnection): Heard {
  const heard: Heard = { lose: undefined, drop: () => drop(connection) }
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
