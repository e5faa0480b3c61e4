/**
 * The clients of `pg` behind a Kysely.
 *
 * A probe is handed over as the text of a query: the driver calls it when the connection is free, it sees which one that
 * is, and refuses itself, so that nothing is sent.
 *
 * @module
 */
import { type Behind, type Connection, notOfPool, probing } from '../kysely-ride.js'
import { isLost } from '../seat.js'
import { checkoutsOf, quietly, transactionSeat } from './checkouts.js'
import type { PgClient, PgConnection, PgPool, Submittable } from './client.js'

export function pgBehindKysely(pool: PgPool): Behind<PgClient> {
  const checkouts = checkoutsOf(pool)
  return {
    find: async connection => ownerOf(pool, await (await probed(connection)).found),
    inTransaction: client => transactionSeat(checkouts, client),
    async onLent(client, job) {
      try {
        return await quietly(client, job)
      } catch (error) {
        // the pool must see by itself that it is lost
        if (isLost(error)) client.end().catch(() => {})
        throw error
      }
    },
  }
}

async function probed(connection: Connection): Promise<Probe> {
  const probe = new Probe()
  await connection.executeQuery(probing(probe))
  return probe
}

/**
 * The connection behind one that Kysely has lent, which must be free; `undefined` where another driver than `pg` is behind it. A driver
 * that is not Kysely's own is not asked: it might send the probe for a text.
 */
export async function pgConnectionBehind(lent: object): Promise<PgConnection | undefined> {
  return isKyselysOwn(lent) ? (await probed(lent as Connection)).connection : undefined
}

/** Its classes in a bundle have other names. What is given back to `pg`, Kysely keeps behind a symbol, and others behind a name. */
function isKyselysOwn(lent: object): boolean {
  return Object.getOwnPropertySymbols(Object.getPrototypeOf(lent)).length > 0 && 'streamQuery' in lent
}

/**
 * Asked when the connection is free, it notes which one that is and sends nothing. A logger of the application's, which Kysely hands
 * it as the text of a query, may take it for text: what such a logger throws would be ours.
 */
class Probe extends String implements Submittable {
  readonly found: Promise<PgConnection>
  callback = (): void => {}
  /** The one that it was asked on. */
  connection: PgConnection | undefined
  #settle: (error: unknown) => void = () => {}

  constructor() {
    super('-- pillion looks which connection this is')
    this.found = new Promise((resolve, reject) => {
      this.#settle = error => (this.connection === undefined ? reject(error) : resolve(this.connection))
    })
  }

  submit(connection: PgConnection): Error {
    this.connection = connection
    return new Error('the probe of pillion, which sends nothing')
  }

  handleError(error: unknown): void {
    this.#settle(error)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
  handleReadyForQuery(): void {}
}

/** @throws PillionError `TRANSACTION_FOREIGN` */
function ownerOf(pool: PgPool, connection: PgConnection): PgClient {
  const client = pool._clients.find(each => (each as PgClient).connection === connection)
  if (client === undefined) throw notOfPool()
  return client as PgClient
}
