/**
 * Riding on Knex.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { isKnex, type Knex, knexHostOf } from './knex-ride.js'
import type { HostOptions } from './seat.js'
import { unknownHost } from './shape.js'

export type { HostOptions }

/** A Knex instance, as far as users must know it. */
export interface KnexInstance {
  readonly client: unknown
}

/**
 * A host over a Knex instance.
 *
 * The root is a connection of Knex's pool. A transaction is the `trx` that `transaction` hands out; nested ones are on
 * its connection, each with an end of its own. Made of a `trx`, a host is in that transaction and nowhere else.
 *
 * ```ts
 * const db = await pillion<DB>(knexHost(knex))
 * await knex.transaction(trx => ranked.on(trx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no Knex instance; `HOST_SHAPE` when its driver is not known here.
 */
export function knexHost(knex: KnexInstance, options: HostOptions = {}): Host {
  if (!isKnex(knex)) throw unknownHost('knexHost takes an instance of Knex.')
  return knexHostOf('knex', knex, options, transactionOf)
}

function transactionOf(target: unknown): Knex {
  if (isKnex(target)) return target
  throw unknownHost('A transaction of Knex is the trx that its `transaction` hands out.')
}
