/**
 * Riding on Objection: on the Knex below it.
 *
 * @module
 */
import type { Host } from '../run/host.js'
import { isKnex, type Knex, knexHostOf } from './knex-ride.js'
import type { HostOptions } from './seat.js'
import { isFunction, isHandle, unknownHost } from './shape.js'

export type { HostOptions }

/** A model class of Objection's that is bound to a Knex, as far as users must know it. */
export interface ObjectionModel {
  knex(): unknown
}

/**
 * A host over the Knex that a model class of Objection's is bound to.
 *
 * The root is a connection of that Knex's pool. A transaction is the `trx` that `transaction` hands out, or a model class
 * bound to it.
 *
 * ```ts
 * Model.knex(knex)
 * const db = await pillion<DB>(objectionHost(Model))
 * await Interview.transaction(trx => ranked.on(trx).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is no model class, or is bound to no Knex; `HOST_SHAPE` when the driver is
 * not known here.
 */
export function objectionHost(model: ObjectionModel, options: HostOptions = {}): Host {
  const knex = knexOf(model)
  if (knex === undefined) throw unknownHost('objectionHost takes a model class that is bound: `Model.knex(knex)`.')
  return knexHostOf('objection', knex, options, transactionOf)
}

function transactionOf(target: unknown): Knex {
  const knex = isKnex(target) ? target : knexOf(target)
  if (knex !== undefined) return knex
  throw unknownHost('A transaction of Objection is the trx that `transaction` hands out, or a model class bound to it.')
}

function knexOf(model: unknown): Knex | undefined {
  const knex: unknown = isHandle(model) && isFunction(model.knex) ? Reflect.apply(model.knex, model, []) : undefined
  return isKnex(knex) ? knex : undefined
}
