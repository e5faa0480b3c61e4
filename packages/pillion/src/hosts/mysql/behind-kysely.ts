/**
 * The connections of `mysql2` behind a Kysely.
 *
 * A probe is handed over as the text of a query. By its constructor the driver takes it for a command of its own and
 * calls it when the connection is free: it sees which one that is, and is done, so that nothing is sent.
 *
 * @module
 */
import { type Behind, type Connection, notOfPool, probing } from '../kysely-ride.js'
import { type Client, type Command, type Pool, queryClass } from './mysql2-client.js'
import { checkoutsOf, onBorrowed, transactionSeat } from './mysql2-ride.js'

export function mysql2BehindKysely(pool: Pool): Behind<Client> {
  const checkouts = checkoutsOf(pool)
  return {
    find: connection => probed(pool, connection),
    onLent: onBorrowed,
    inTransaction: client => transactionSeat(checkouts, pool, client),
  }
}

/** @throws PillionError `TRANSACTION_FOREIGN` */
async function probed(pool: Pool, connection: Connection): Promise<Client> {
  const anyOfPool = pool._allConnections.get(0)
  if (anyOfPool === undefined) throw notOfPool()
  const client = await new Promise<Client>((resolve, reject) => {
    const probe = probeOf(queryClass(anyOfPool), resolve, reject)
    // Kysely is not called back about a command of the driver's; about what another copy of it takes for a text it is
    connection.executeQuery(probing(probe)).then(
      () => reject(notOfPool()),
      () => reject(notOfPool()),
    )
  })
  if (client._pool !== pool) throw notOfPool()
  return client
}

/** A command that is told which connection it is on, and sends nothing. */
function probeOf(constructor: unknown, found: (client: Client) => void, failed: (error: unknown) => void): Command {
  return Object.assign(Object.create(null), {
    constructor,
    sql: '',
    namedPlaceholders: false,
    /** Called by the driver, too, when the connection ends. */
    onResult: (error: unknown) => (error ? failed(error) : undefined),
    execute(_packet: unknown, client: Client) {
      found(client)
      this.onResult(undefined)
      return true
    },
    stateName: () => 'pillion',
    /** What a logger of Kysely's prints. */
    toString: () => '-- pillion looks which connection this is',
  })
}
